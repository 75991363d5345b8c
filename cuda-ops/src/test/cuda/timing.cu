// Times the send side of a step on a card: accumulate, statistic, select 1 %, pack; median of events, beside a copy of as
// many floats on the device. Run by cuda-ops/gpu-verify; under compute-sanitizer with a small length.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <accumulate.cu>
#include <pack.cu>
#include <select.cu>

static void require(cudaError_t error, const char* what) {
    if (error != cudaSuccess) {
        fprintf(stderr, "%s failed: %s\n", what, cudaGetErrorString(error));
        exit(1);
    }
}

template <class T>
static T* allocate(size_t count) {
    T* memory;
    require(cudaMalloc(&memory, count * sizeof(T)), "cudaMalloc");
    require(cudaMemset(memory, 0, count * sizeof(T)), "cudaMemset");
    return memory;
}

// The operands of one rank.
struct Rank {
    int n, k, tiles, blocks;
    float *residual, *gradient, *moment, *statistic, *packed;
    int *lastSent, *state, *histogram, *above, *equal, *selected, *count;

    Rank(int length, int grid) : n(length), k(length / 100 + 1), blocks(grid) {
        tiles = (int)((n + (long long)SCAPE_TILE - 1) / SCAPE_TILE);
        residual = allocate<float>(n);
        gradient = allocate<float>(n);
        moment = allocate<float>(n);
        statistic = allocate<float>(n);
        packed = allocate<float>(k);
        lastSent = allocate<int>(n);
        state = allocate<int>(2);
        histogram = allocate<int>(SCAPE_BUCKETS);
        above = allocate<int>(tiles);
        equal = allocate<int>(tiles);
        selected = allocate<int>(k);
        count = allocate<int>(1);
        std::vector<float> values(n);
        unsigned bits = 12345;
        for (float& value : values) {
            bits = bits * 1664525u + 1013904223u;
            value = (int)bits * 0x1p-31f;
        }
        require(cudaMemcpy(gradient, values.data(), n * sizeof(float), cudaMemcpyHostToDevice), "cudaMemcpy");
    }

    void send() {
        int start[] = {0, k};
        require(cudaMemcpyAsync(state, start, sizeof start, cudaMemcpyHostToDevice), "cudaMemcpyAsync");
        scape_accumulate<<<blocks, SCAPE_THREADS>>>(residual, gradient, n, 0.1f, count);
        scape_statistic<<<blocks, SCAPE_THREADS>>>(residual, moment, lastSent, n, 1000, 1, statistic);
        for (int level = 0; level < 3; level++) {
            scape_histogram<<<blocks, SCAPE_THREADS>>>(statistic, n, level, state, histogram);
            scape_choose_bucket<<<1, SCAPE_THREADS>>>(level, histogram, state);
        }
        scape_count_tiles<<<tiles, SCAPE_THREADS>>>(statistic, n, state, above, equal);
        scape_scan_tiles<<<1, SCAPE_THREADS>>>(above, equal, tiles);
        scape_emit<<<tiles, SCAPE_THREADS>>>(statistic, n, state, above, equal, selected);
        scape_pack<<<blocks, SCAPE_THREADS>>>(residual, selected, 0, k, packed);
        require(cudaGetLastError(), "launch");
    }

    void copy() {
        require(cudaMemcpyAsync(statistic, gradient, n * sizeof(float), cudaMemcpyDeviceToDevice), "copy");
    }
};

template <class F>
static float medianMs(F action) {
    std::vector<float> times;
    for (int round = 0; round < 12; round++) {
        cudaEvent_t begin, end;
        require(cudaEventCreate(&begin), "cudaEventCreate");
        require(cudaEventCreate(&end), "cudaEventCreate");
        require(cudaEventRecord(begin), "cudaEventRecord");
        action();
        require(cudaEventRecord(end), "cudaEventRecord");
        require(cudaEventSynchronize(end), "cudaEventSynchronize");
        float ms;
        require(cudaEventElapsedTime(&ms, begin, end), "cudaEventElapsedTime");
        if (round >= 3) {
            times.push_back(ms);
        }
    }
    std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
    return times[times.size() / 2];
}

int main(int argc, char** argv) {
    int n = argc > 1 ? atoi(argv[1]) : 0;
    if (n < 1) {
        fprintf(stderr, "usage: timing LENGTH\n");
        return 2;
    }
    cudaDeviceProp properties;
    require(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
    Rank rank(n, 8 * properties.multiProcessorCount);
    float copy = medianMs([&] { rank.copy(); });
    float send = medianMs([&] { rank.send(); });
    // The copy moves 8 bytes an element; the send side must move 13.5 at least.
    printf("%s, n=%d: send side %.3f ms, copy %.3f ms, %.2f of its memory floor\n", properties.name, n, send, copy,
        send / (copy * 13.5f / 8));
    return 0;
}
