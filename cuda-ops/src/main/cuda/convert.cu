// Floats to 16 bits and back, in integers: to nearest, ties to even; overflow gives infinity, subnormals are kept.
#include "scape.cuh"

extern "C" __global__ void scape_to_bf16(const float* values, unsigned short* narrow, int n) {
    SCAPE_FOR(i, n) {
        unsigned bits = __float_as_uint(values[i]);
        bool isNan = (bits & 0x7fffffffu) > 0x7f800000u;
        narrow[i] = (unsigned short)(isNan ? bits >> 16 | 0x40u : (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
    }
}

extern "C" __global__ void scape_from_bf16(const unsigned short* narrow, float* values, int n) {
    SCAPE_FOR(i, n) {
        values[i] = __uint_as_float((unsigned)narrow[i] << 16);
    }
}

static __device__ __forceinline__ unsigned scape_half(unsigned magnitude) {
    if (magnitude > 0x7f800000u) {
        return 0x7e00u;
    }
    if (magnitude >= 0x47800000u) {
        return 0x7c00u;
    }
    if (magnitude >= 0x38800000u) {
        unsigned rebased = magnitude - 0x38000000u;
        return (rebased + 0xfffu + (rebased >> 13 & 1u)) >> 13;
    }
    if (magnitude < 0x33000000u) {
        return 0u;
    }
    unsigned shift = 126u - (magnitude >> 23);
    unsigned mantissa = (magnitude & 0x7fffffu) | 0x800000u;
    return (mantissa + (1u << (shift - 1u)) - 1u + (mantissa >> shift & 1u)) >> shift;
}

extern "C" __global__ void scape_to_fp16(const float* values, unsigned short* narrow, int n) {
    SCAPE_FOR(i, n) {
        unsigned bits = __float_as_uint(values[i]);
        narrow[i] = (unsigned short)((bits >> 16 & 0x8000u) | scape_half(bits & 0x7fffffffu));
    }
}

extern "C" __global__ void scape_from_fp16(const unsigned short* narrow, float* values, int n) {
    SCAPE_FOR(i, n) {
        unsigned half = narrow[i];
        unsigned sign = (half & 0x8000u) << 16;
        unsigned exponent = half >> 10 & 0x1fu;
        unsigned mantissa = half & 0x3ffu;
        unsigned bits = exponent == 0x1fu ? 0x7f800000u | mantissa << 13 : (exponent + 112u) << 23 | mantissa << 13;
        if (exponent == 0u) {
            bits = __float_as_uint((float)mantissa * 0x1p-24f);
        }
        values[i] = __uint_as_float(sign | bits);
    }
}
