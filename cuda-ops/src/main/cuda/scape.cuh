// What the kernel families share: sizes, keys of magnitudes, and counting within a block.
//
// Rules of all kernels: blocks of SCAPE_THREADS threads; no thread leaves early, so that every warp and block operation
// is reached by all; integer atomics only, whose order does not matter; floats in the order that Kernels' Javadoc writes,
// compiled without fused multiply-add. Sums of floats across threads do not occur. Indices are 64 bits wide: i + stride
// must not overflow near 2^31 elements.
#pragma once

#define SCAPE_THREADS 256
#define SCAPE_WARP 32
#define SCAPE_WARPS (SCAPE_THREADS / SCAPE_WARP)
#define SCAPE_TILE 4096
#define SCAPE_ALL_LANES 0xffffffffu

// A grid-stride loop over [0, n).
#define SCAPE_FOR(i, n)                                                                     \
    for (long long i = blockIdx.x * (long long)SCAPE_THREADS + threadIdx.x; i < (n);        \
         i += gridDim.x * (long long)SCAPE_THREADS)

// The integer that orders like the magnitude of a value: its bits without sign; every NaN has the largest.
static __device__ __forceinline__ unsigned scape_key(float value) {
    const unsigned nan = 0x7f800001u;
    unsigned bits = __float_as_uint(value) & 0x7fffffffu;
    return bits < nan ? bits : nan;
}

// Sum over the block of one small count per thread; the same in every thread. sums: shared, SCAPE_WARPS.
static __device__ __forceinline__ unsigned scape_block_sum(unsigned count, unsigned* sums) {
    for (int distance = SCAPE_WARP / 2; distance > 0; distance /= 2) {
        count += __shfl_xor_sync(SCAPE_ALL_LANES, count, distance);
    }
    if (threadIdx.x % SCAPE_WARP == 0) {
        sums[threadIdx.x / SCAPE_WARP] = count;
    }
    __syncthreads();
    unsigned total = 0;
    for (int w = 0; w < SCAPE_WARPS; w++) {
        total += sums[w];
    }
    __syncthreads();
    return total;
}

// How many threads before this one, in the block, have the flag; *total: how many in all. counts: shared, SCAPE_WARPS.
static __device__ __forceinline__ unsigned scape_block_rank(bool flag, unsigned* counts, unsigned* total) {
    unsigned lane = threadIdx.x % SCAPE_WARP;
    unsigned warp = threadIdx.x / SCAPE_WARP;
    unsigned flags = __ballot_sync(SCAPE_ALL_LANES, flag);
    if (lane == 0) {
        counts[warp] = __popc(flags);
    }
    __syncthreads();
    unsigned before = __popc(flags & ((1u << lane) - 1u));
    unsigned sum = 0;
    for (unsigned w = 0; w < SCAPE_WARPS; w++) {
        before += w < warp ? counts[w] : 0u;
        sum += counts[w];
    }
    __syncthreads();
    *total = sum;
    return before;
}
