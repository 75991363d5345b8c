// Dense loops over the gradient: into the residual, into its mean square, and counting what is not finite.
#include "scape.cuh"

static __device__ __forceinline__ unsigned scape_not_finite(float value) {
    return (__float_as_uint(value) & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
}

static __device__ __forceinline__ void scape_add_count(unsigned count, int* total) {
    __shared__ unsigned sums[SCAPE_WARPS];
    unsigned sum = scape_block_sum(count, sums);
    if (threadIdx.x == 0 && sum > 0) {
        atomicAdd(total, (int)sum);
    }
}

// residual[i] += scale * gradient[i]; *notFinite grows by the number of NaN and infinite gradients.
extern "C" __global__ void scape_accumulate(
    float* residual, const float* gradient, int n, float scale, int* notFinite) {
    unsigned count = 0;
    SCAPE_FOR(i, n) {
        float g = gradient[i];
        residual[i] = residual[i] + scale * g;
        count += scape_not_finite(g);
    }
    scape_add_count(count, notFinite);
}

// *notFinite grows by the number of NaN and infinite values.
extern "C" __global__ void scape_count_not_finite(const float* values, int n, int* notFinite) {
    unsigned count = 0;
    SCAPE_FOR(i, n) {
        count += scape_not_finite(values[i]);
    }
    scape_add_count(count, notFinite);
}

// noise[i] = decay * noise[i] + rest * gradient[i]^2
extern "C" __global__ void scape_track_noise(float* noise, const float* gradient, int n, float decay, float rest) {
    SCAPE_FOR(i, n) {
        float g = gradient[i];
        noise[i] = decay * noise[i] + rest * (g * g);
    }
}

// values[i] *= factor
extern "C" __global__ void scape_scale(float* values, int n, float factor) {
    SCAPE_FOR(i, n) {
        values[i] = values[i] * factor;
    }
}

// The root of an age. Below 2^24 a float holds it exactly, and the root in float is the rounded root in double.
static __device__ __forceinline__ float scape_root(int age) {
    return age < (1 << 24) ? sqrtf((float)age) : (float)sqrt((double)age);
}

// statistic[i] = (moment[i] + residual[i]) * w; w = sqrt(step - lastSent[i] + 1), or 1 where weighted is 0.
extern "C" __global__ void scape_statistic(
    const float* residual, const float* moment, const int* lastSent, int n, int step, int weighted, float* statistic) {
    SCAPE_FOR(i, n) {
        float sum = moment[i] + residual[i];
        statistic[i] = weighted ? sum * scape_root(step - lastSent[i] + 1) : sum;
    }
}
