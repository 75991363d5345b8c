// The part of the CUDA driver API that the launcher calls, over the emulated device. Memory is poisoned when it is
// allocated and has guards on both sides; a kernel that writes into a guard makes the launch fail as on a card.
//
// A stream does its work as late as a card may: copies and fills are kept, and done when a launch, an event or a release of
// memory waits for them. So whoever touches host memory too early finds what was there before.
#include "emulation.h"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace {

constexpr int INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_IMAGE = 200, INVALID_CONTEXT = 201;
constexpr int NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719;
constexpr size_t GUARD = 256;
constexpr unsigned char GUARD_BYTE = 0xa5, POISON = 0xff;

struct Stream {
    std::deque<std::function<void()>> work;
    unsigned long issued = 0, done = 0;

    void add(std::function<void()> one) {
        work.push_back(std::move(one));
        issued++;
    }

    void finish(unsigned long until) {
        for (; done < until; done++) {
            work.front()();
            work.pop_front();
        }
    }
};

struct Event {
    Stream* stream = nullptr;
    unsigned long at = 0;
};

std::mutex lock;
std::set<Stream*> streams;
std::map<char*, size_t> allocated;
std::vector<std::string*> images;
int version = 13000, devices = 1, capability = 90, sticky = 0;
size_t capacity = size_t(4) << 30, used = 0;
bool current = false;

bool guardsHold() {
    for (auto& [memory, bytes] : allocated) {
        for (size_t i = 0; i < GUARD; i++) {
            if ((unsigned char)memory[-1 - (long)i] != GUARD_BYTE || (unsigned char)memory[bytes + i] != GUARD_BYTE) {
                return false;
            }
        }
    }
    return true;
}

bool isDeviceRange(char* first, size_t bytes) {
    auto after = allocated.upper_bound(first);
    if (after == allocated.begin()) {
        return false;
    }
    auto& [memory, length] = *--after;
    return first + bytes <= memory + length;
}

void finishAll() {
    for (Stream* stream : streams) {
        stream->finish(stream->issued);
    }
}

int ready() {
    return !current ? INVALID_CONTEXT : sticky;
}

}  // namespace

extern "C" {

// For tests: what the emulated machine has. Clears errors.
int scape_emulate(int driverVersion, int deviceCount, int computeCapability, size_t memoryBytes) {
    version = driverVersion;
    devices = deviceCount;
    capability = computeCapability;
    capacity = memoryBytes;
    sticky = 0;
    return 0;
}

// For tests: bytes that are allocated now.
size_t scape_emulated_bytes() {
    return used;
}

int cuInit(unsigned) {
    return devices == 0 ? NO_DEVICE : 0;
}

int cuDriverGetVersion(int* result) {
    *result = version;
    return 0;
}

int cuDeviceGetCount(int* count) {
    *count = devices;
    return 0;
}

int cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return ordinal < devices ? 0 : INVALID_VALUE;
}

int cuDeviceGetName(char* name, int length, int) {
    strncpy(name, "emulated on the CPU", length);
    return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int) {
    // 75, 76: compute capability, major and minor; 16: multiprocessors. Few, so that loops over a grid go around.
    *value = attribute == 75 ? capability / 10 : attribute == 76 ? capability % 10 : attribute == 16 ? 2 : 0;
    return 0;
}

int cuDevicePrimaryCtxRetain(void** context, int) {
    *context = &current;
    return 0;
}

int cuDevicePrimaryCtxRelease_v2(int) {
    return 0;
}

int cuCtxSetCurrent(void* context) {
    current = context == &current;
    return 0;
}

int cuStreamCreate(Stream** stream, unsigned) {
    std::lock_guard<std::mutex> hold(lock);
    *stream = new Stream;
    streams.insert(*stream);
    return ready();
}

int cuStreamDestroy_v2(Stream* stream) {
    std::lock_guard<std::mutex> hold(lock);
    stream->finish(stream->issued);
    streams.erase(stream);
    delete stream;
    return 0;
}

int cuEventCreate(Event** event, unsigned) {
    *event = new Event;
    return ready();
}

int cuEventRecord(Event* event, Stream* stream) {
    std::lock_guard<std::mutex> hold(lock);
    event->stream = stream;
    event->at = stream->issued;
    return ready();
}

int cuEventSynchronize(Event* event) {
    std::lock_guard<std::mutex> hold(lock);
    if (event->stream != nullptr) {
        event->stream->finish(event->at);
    }
    return ready();
}

int cuEventDestroy_v2(Event* event) {
    delete event;
    return 0;
}

int cuModuleLoadData(void** module, const char* image) {
    if (strstr(image, ".visible .entry") == nullptr) {
        return INVALID_IMAGE;
    }
    images.push_back(new std::string(image));
    *module = images.back();
    return ready();
}

int cuModuleGetFunction(void** function, void* module, const char* name) {
    if (static_cast<std::string*>(module)->find(std::string(".entry ") + name + "(") == std::string::npos) {
        return NOT_FOUND;
    }
    for (auto& [known, entry] : emulation::entries()) {
        if (known == name) {
            *function = &entry;
            return ready();
        }
    }
    return NOT_FOUND;
}

int cuMemAlloc_v2(char** memory, size_t bytes) {
    std::lock_guard<std::mutex> hold(lock);
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    if (used + bytes > capacity) {
        return OUT_OF_MEMORY;
    }
    char* all = static_cast<char*>(malloc(bytes + 2 * GUARD));
    memset(all, GUARD_BYTE, bytes + 2 * GUARD);
    *memory = all + GUARD;
    memset(*memory, POISON, bytes);
    allocated[*memory] = bytes;
    used += bytes;
    return ready();
}

int cuMemFree_v2(char* memory) {
    std::lock_guard<std::mutex> hold(lock);
    auto found = allocated.find(memory);
    if (found == allocated.end()) {
        return INVALID_VALUE;
    }
    finishAll();
    used -= found->second;
    allocated.erase(found);
    free(memory - GUARD);
    return 0;
}

int cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
    *memory = malloc(bytes);
    return ready();
}

int cuMemFreeHost(void* memory) {
    free(memory);
    return 0;
}

int cuMemcpyHtoDAsync_v2(char* target, const void* source, size_t bytes, Stream* stream) {
    std::lock_guard<std::mutex> hold(lock);
    if (!isDeviceRange(target, bytes)) {
        return INVALID_VALUE;
    }
    stream->add([=] { memcpy(target, source, bytes); });
    return ready();
}

int cuMemcpyDtoHAsync_v2(void* target, char* source, size_t bytes, Stream* stream) {
    std::lock_guard<std::mutex> hold(lock);
    if (!isDeviceRange(source, bytes)) {
        return INVALID_VALUE;
    }
    stream->add([=] { memcpy(target, source, bytes); });
    return ready();
}

int cuMemsetD32Async(char* target, unsigned value, size_t count, Stream* stream) {
    std::lock_guard<std::mutex> hold(lock);
    if (!isDeviceRange(target, 4 * count)) {
        return INVALID_VALUE;
    }
    stream->add([=] {
        for (size_t i = 0; i < count; i++) {
            memcpy(target + 4 * i, &value, 4);
        }
    });
    return ready();
}

int cuLaunchKernel(void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, Stream* stream, void** arguments, void** extra) {
    std::lock_guard<std::mutex> hold(lock);
    bool plain = gridX > 0 && gridY == 1 && gridZ == 1 && blockY == 1 && blockZ == 1 && blockX % 32 == 0;
    if (!plain || sharedBytes != 0 || extra != nullptr || function == nullptr) {
        return INVALID_VALUE;
    }
    if (ready() != 0) {
        return ready();
    }
    stream->finish(stream->issued);
    auto& entry = *static_cast<emulation::Entry*>(function);
    bool converged = emulation::device.launch(gridX, blockX, [&] { entry(arguments); });
    sticky = !converged ? LAUNCH_FAILED : guardsHold() ? 0 : ILLEGAL_ADDRESS;
    return sticky;
}

int cuGetErrorName(int error, const char** name) {
    *name = error == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY"
        : error == NO_DEVICE ? "CUDA_ERROR_NO_DEVICE"
        : error == ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS"
        : error == LAUNCH_FAILED ? "CUDA_ERROR_LAUNCH_FAILED"
                                 : "CUDA_ERROR_OTHER";
    return 0;
}

}  // extern "C"
