// As much of a CUDA device as the kernels of this project need, on a CPU, for tests: blocks run one after the other, the
// threads of a block as fibers that change at barriers, warps as groups of 32 with values that are exchanged in a barrier.
//
// What it finds: wrong results, accesses just outside of an allocation (the driver's guards), barriers that not all threads
// reach. What it cannot find: races between blocks, and anything about speed.
#pragma once

#include <csetjmp>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <tuple>
#include <ucontext.h>
#include <utility>
#include <vector>

// After the C++ library's own headers, which use some of these names.
#include <cmath>

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static

struct EmulatedIndex {
    unsigned x;
};

inline EmulatedIndex threadIdx, blockIdx, gridDim;

namespace emulation {

constexpr unsigned LANES = 32;
constexpr size_t STACK = 64 * 1024;

struct Barrier {
    unsigned arrived = 0;
    unsigned generation = 0;
};

struct Warp {
    Barrier barrier;
    unsigned values[2][LANES];
};

// One launch at a time; the driver holds a lock.
class Device {
public:
    // Runs the body once for every thread of every block. False: a barrier was not reached by all threads.
    bool launch(unsigned blocks, unsigned threads, const std::function<void()>& body) {
        kernel = &body;
        gridDim.x = blocks;
        for (unsigned b = 0; b < blocks; b++) {
            blockIdx.x = b;
            if (!block(threads)) {
                fibers.clear();
                return false;
            }
        }
        return true;
    }

    void syncBlock() {
        wait(all, size);
    }

    // Every lane gives a value and gets those of its warp.
    const unsigned* exchange(unsigned mask, unsigned value) {
        if (mask != 0xffffffffu) {
            diverged = true;
        }
        Warp& warp = warps[threadIdx.x / LANES];
        unsigned* values = warp.values[warp.barrier.generation % 2];
        values[threadIdx.x % LANES] = value;
        wait(warp.barrier, LANES);
        return values;
    }

private:
    struct Fiber {
        std::vector<char> stack = std::vector<char>(STACK);
        ucontext_t context;
        jmp_buf place;
        bool started = false;
        bool done = false;
    };

    std::vector<Fiber> fibers;
    std::vector<Warp> warps;
    Barrier all;
    unsigned size = 0;
    unsigned current = 0;
    unsigned passed = 0;
    bool diverged = false;
    jmp_buf scheduler;
    const std::function<void()>* kernel = nullptr;

    static void run(unsigned high, unsigned low) {
        reinterpret_cast<Device*>(uint64_t(high) << 32 | low)->forever();
    }

    // A fiber outlives its block: to make one costs more than to run it.
    void forever() {
        while (true) {
            (*kernel)();
            fibers[current].done = true;
            yield();
        }
    }

    void prepare(unsigned threads) {
        size = threads;
        if (fibers.size() != threads) {
            fibers = std::vector<Fiber>(threads);
        }
        warps.assign((threads + LANES - 1) / LANES, Warp());
        all = Barrier();
        diverged = false;
        for (Fiber& fiber : fibers) {
            fiber.done = false;
        }
    }

    bool block(unsigned threads) {
        prepare(threads);
        for (unsigned left = threads; left > 0;) {
            unsigned before = passed;
            unsigned leftBefore = left;
            for (unsigned t = 0; t < threads; t++) {
                if (!fibers[t].done) {
                    enter(t);
                    left -= fibers[t].done ? 1 : 0;
                }
            }
            if (diverged || (passed == before && left == leftBefore)) {
                return false;
            }
        }
        return true;
    }

    void enter(unsigned t) {
        current = t;
        threadIdx.x = t;
        if (_setjmp(scheduler) == 0) {
            Fiber& fiber = fibers[t];
            if (fiber.started) {
                _longjmp(fiber.place, 1);
            }
            fiber.started = true;
            getcontext(&fiber.context);
            fiber.context.uc_stack.ss_sp = fiber.stack.data();
            fiber.context.uc_stack.ss_size = STACK;
            uint64_t self = reinterpret_cast<uint64_t>(this);
            makecontext(&fiber.context, reinterpret_cast<void (*)()>(run), 2, unsigned(self >> 32), unsigned(self));
            setcontext(&fiber.context);
        }
    }

    void yield() {
        if (_setjmp(fibers[current].place) == 0) {
            _longjmp(scheduler, 1);
        }
    }

    void wait(Barrier& barrier, unsigned expected) {
        unsigned generation = barrier.generation;
        if (++barrier.arrived == expected) {
            barrier.arrived = 0;
            barrier.generation++;
            passed++;
            return;
        }
        while (barrier.generation == generation) {
            yield();
        }
    }
};

inline Device device;

// A kernel by name, called with the array of pointers to its arguments that a launch has.
using Entry = std::function<void(void**)>;

inline std::vector<std::pair<std::string, Entry>>& entries() {
    static std::vector<std::pair<std::string, Entry>> all;
    return all;
}

template <class... A, size_t... I>
Entry entry(void (*kernel)(A...), std::index_sequence<I...>) {
    return [kernel](void** arguments) { kernel(*static_cast<A*>(arguments[I])...); };
}

struct Registration {
    template <class... A>
    Registration(const char* name, void (*kernel)(A...)) {
        entries().emplace_back(name, entry(kernel, std::index_sequence_for<A...>()));
    }
};

}  // namespace emulation

#define EMULATE(kernel) static emulation::Registration registration_##kernel(#kernel, kernel)

inline void __syncthreads() {
    emulation::device.syncBlock();
}

inline unsigned __shfl_xor_sync(unsigned mask, unsigned value, int distance) {
    return emulation::device.exchange(mask, value)[(threadIdx.x % emulation::LANES) ^ unsigned(distance)];
}

inline unsigned __ballot_sync(unsigned mask, bool flag) {
    const unsigned* flags = emulation::device.exchange(mask, flag ? 1 : 0);
    unsigned bits = 0;
    for (unsigned lane = 0; lane < emulation::LANES; lane++) {
        bits |= flags[lane] << lane;
    }
    return bits;
}

inline int __popc(unsigned bits) {
    return __builtin_popcount(bits);
}

inline unsigned __float_as_uint(float value) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

inline float __uint_as_float(unsigned bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

inline int atomicAdd(int* target, int value) {
    int before = *target;
    *target += value;
    return before;
}
