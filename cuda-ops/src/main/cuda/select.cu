// The k largest magnitudes, exactly, ties to the lowest index, ascending: without a sort, and without the host's knowing
// anything in between. Three rounds of histogram and choice find the cut, 11, 11 and 9 bits of the key a round; then tiles
// are counted, their counts scanned, and every tile writes where its turn is.
//
// state[0]: the cut as far as it is known. state[1]: how many are still wanted of those that agree with it.
#include "scape.cuh"

#define SCAPE_BUCKETS 2048

static __device__ __forceinline__ int scape_shift(int level) {
    return level == 0 ? 20 : level == 1 ? 9 : 0;
}

static __device__ __forceinline__ int scape_width(int level) {
    return level == 2 ? 9 : 11;
}

// Counts, by the digits of one level, the keys that agree with the cut above that level. histogram must be zero before.
extern "C" __global__ void scape_histogram(const float* values, int n, int level, const int* state, int* histogram) {
    __shared__ int counts[SCAPE_BUCKETS];
    for (int b = threadIdx.x; b < SCAPE_BUCKETS; b += SCAPE_THREADS) {
        counts[b] = 0;
    }
    __syncthreads();
    int shift = scape_shift(level);
    int width = scape_width(level);
    unsigned prefix = (unsigned)state[0] >> shift >> width;
    SCAPE_FOR(i, n) {
        unsigned digits = scape_key(values[i]) >> shift;
        if (digits >> width == prefix) {
            atomicAdd(&counts[digits & ((1u << width) - 1u)], 1);
        }
    }
    __syncthreads();
    for (int b = threadIdx.x; b < SCAPE_BUCKETS; b += SCAPE_THREADS) {
        if (counts[b] != 0) {
            atomicAdd(&histogram[b], counts[b]);
        }
    }
}

// One block: finds the bucket that holds the last wanted key, counting from the largest, and clears the histogram.
extern "C" __global__ void scape_choose_bucket(int level, int* histogram, int* state) {
    __shared__ int sums[SCAPE_THREADS];
    const int each = SCAPE_BUCKETS / SCAPE_THREADS;
    int first = SCAPE_BUCKETS - 1 - threadIdx.x * each;
    int mine[each];
    int sum = 0;
    for (int j = 0; j < each; j++) {
        mine[j] = histogram[first - j];
        histogram[first - j] = 0;
        sum += mine[j];
    }
    sums[threadIdx.x] = sum;
    int wanted = state[1];
    __syncthreads();
    int before = 0;
    for (int t = 0; t < (int)threadIdx.x; t++) {
        before += sums[t];
    }
    if (before < wanted && wanted <= before + sum) {
        int j = 0;
        while (before + mine[j] < wanted) {
            before += mine[j];
            j++;
        }
        state[0] = state[0] | (first - j) << scape_shift(level);
        state[1] = wanted - before;
    }
}

// above[b], equal[b]: how many keys of tile b are larger than the cut, or the cut itself. A block a tile.
extern "C" __global__ void scape_count_tiles(const float* values, int n, const int* state, int* above, int* equal) {
    __shared__ unsigned sums[SCAPE_WARPS];
    unsigned cut = (unsigned)state[0];
    unsigned larger = 0;
    unsigned same = 0;
    for (int chunk = 0; chunk < SCAPE_TILE; chunk += SCAPE_THREADS) {
        long long i = blockIdx.x * (long long)SCAPE_TILE + chunk + threadIdx.x;
        if (i < n) {
            unsigned key = scape_key(values[i]);
            larger += key > cut ? 1u : 0u;
            same += key == cut ? 1u : 0u;
        }
    }
    larger = scape_block_sum(larger, sums);
    same = scape_block_sum(same, sums);
    if (threadIdx.x == 0) {
        above[blockIdx.x] = (int)larger;
        equal[blockIdx.x] = (int)same;
    }
}

static __device__ __forceinline__ void scape_scan(int* values, int n, int* buffer) {
    int carry = 0;
    for (int base = 0; base < n; base += SCAPE_THREADS) {
        int i = base + threadIdx.x;
        int value = i < n ? values[i] : 0;
        buffer[threadIdx.x] = value;
        __syncthreads();
        for (int distance = 1; distance < SCAPE_THREADS; distance *= 2) {
            int left = (int)threadIdx.x >= distance ? buffer[threadIdx.x - distance] : 0;
            __syncthreads();
            buffer[threadIdx.x] += left;
            __syncthreads();
        }
        if (i < n) {
            values[i] = carry + buffer[threadIdx.x] - value;
        }
        carry += buffer[SCAPE_THREADS - 1];
        __syncthreads();
    }
}

// One block: every count becomes the sum of the counts before it.
extern "C" __global__ void scape_scan_tiles(int* above, int* equal, int tiles) {
    __shared__ int buffer[SCAPE_THREADS];
    scape_scan(above, tiles, buffer);
    scape_scan(equal, tiles, buffer);
}

// Writes the selected indices of tile b where the tiles before it end. A block a tile.
extern "C" __global__ void scape_emit(
    const float* values, int n, const int* state, const int* above, const int* equal, int* selected) {
    __shared__ unsigned counts[SCAPE_WARPS];
    unsigned cut = (unsigned)state[0];
    unsigned wanted = (unsigned)state[1];
    unsigned larger = (unsigned)above[blockIdx.x];
    unsigned same = (unsigned)equal[blockIdx.x];
    for (int chunk = 0; chunk < SCAPE_TILE; chunk += SCAPE_THREADS) {
        long long i = blockIdx.x * (long long)SCAPE_TILE + chunk + threadIdx.x;
        unsigned key = i < n ? scape_key(values[i]) : 0u;
        bool isAbove = i < n && key > cut;
        bool isEqual = i < n && key == cut;
        unsigned allAbove;
        unsigned allEqual;
        unsigned rankAbove = larger + scape_block_rank(isAbove, counts, &allAbove);
        unsigned rankEqual = same + scape_block_rank(isEqual, counts, &allEqual);
        if (isAbove || (isEqual && rankEqual < wanted)) {
            selected[rankAbove + (rankEqual < wanted ? rankEqual : wanted)] = (int)i;
        }
        larger += allAbove;
        same += allEqual;
    }
}
