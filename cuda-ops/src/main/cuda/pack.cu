// Masked values out of a flat vector and into it. indices[j] - base is a position in the vector that is given.
#include "scape.cuh"

// packed[j] = values[indices[j] - base], then zero there.
extern "C" __global__ void scape_pack(float* values, const int* indices, int base, int count, float* packed) {
    SCAPE_FOR(j, count) {
        int i = indices[j] - base;
        packed[j] = values[i];
        values[i] = 0.0f;
    }
}

// packed[j] = source[indices[j] - base]
extern "C" __global__ void scape_gather(const float* source, const int* indices, int base, int count, float* packed) {
    SCAPE_FOR(j, count) {
        packed[j] = source[indices[j] - base];
    }
}

// target[indices[j] - base] = packed[j]
extern "C" __global__ void scape_scatter(const float* packed, const int* indices, int base, int count, float* target) {
    SCAPE_FOR(j, count) {
        target[indices[j] - base] = packed[j];
    }
}
