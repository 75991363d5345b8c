// AdamS on masked coordinates, with every catch-up rule. Formulas, in this order of operations: UpdateCall.
#include "scape.cuh"

#define SCAPE_NONE 0
#define SCAPE_CAPPED 1
#define SCAPE_CLOSED_FORM 2
#define SCAPE_SUBTRACT 3

// Fields as in UpdateCall; passed by value.
struct scape_settings {
    int rule;
    int step;
    int cap;
    int powers;
    float learningRate;
    float decay;
    float beta1;
    float oneMinusBeta1;
    float beta2;
    float oneMinusBeta2;
    float epsilon;
    float correction;
    float noiseFactor;
    float clipScale;
};

static __device__ __forceinline__ float scape_apply(
    const scape_settings& c, float theta, float m, float mn, float gh, float rate) {
    float mc = m / c.correction;
    float v = c.beta2 * (mc * mc) + c.oneMinusBeta2 * (gh * gh);
    return c.decay * theta - rate * (mn / c.correction) / (sqrtf(v) + c.epsilon);
}

// betaPowers[age] = beta1^age for age < powers, and the last of them beyond: it is 0, or no age reaches it.
extern "C" __global__ void scape_update(
    const int* indices, int base, int count, const float* packed, float* parameters, const float* noise, float* moment,
    int* lastSent, const float* betaPowers, scape_settings c) {
    SCAPE_FOR(j, count) {
        float theta = parameters[j];
        if (c.rule == SCAPE_SUBTRACT) {
            parameters[j] = theta - packed[j];
            continue;
        }
        int local = indices[j] - base;
        int age = c.step - lastSent[local];
        float s = packed[j] * c.clipScale;
        float m = moment[local];
        float mn;
        if (age == 1 || c.rule == SCAPE_NONE) {
            mn = c.beta1 * m + s;
            theta = scape_apply(c, theta, m, mn, s / c.oneMinusBeta1, c.learningRate);
        } else {
            float a = betaPowers[age < c.powers ? age : c.powers - 1];
            float gb = s / c.oneMinusBeta1 / (float)age;
            mn = a * m + (1.0f - a) * gb;
            if (c.rule == SCAPE_CAPPED) {
                float gh = (mn - c.beta1 * m) / c.oneMinusBeta1;
                theta = scape_apply(c, theta, m, mn, gh, c.learningRate * (float)(age < c.cap ? age : c.cap));
            } else {
                float sum = (float)age * gb + c.beta1 * (1.0f - a) / c.oneMinusBeta1 * (m - gb);
                float q = sum / (float)age;
                float v = c.beta2 * (q * q) + c.noiseFactor * noise[j];
                theta = c.decay * theta - c.learningRate * sum / (sqrtf(v) + c.epsilon);
            }
        }
        parameters[j] = theta;
        moment[local] = mn;
        lastSent[local] = c.step;
    }
}

// gradients[j]: what the global norm adds up, squared; the sum is the host's, in index order.
extern "C" __global__ void scape_reconstruct(
    const int* indices, int base, int count, const float* packed, const int* lastSent, int step, int rule,
    float oneMinusBeta1, float* gradients) {
    SCAPE_FOR(j, count) {
        float g = packed[j] / oneMinusBeta1;
        int age = step - lastSent[indices[j] - base];
        gradients[j] = rule != SCAPE_NONE && age > 1 ? g / (float)age : g;
    }
}
