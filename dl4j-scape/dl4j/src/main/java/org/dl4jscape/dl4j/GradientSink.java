package org.dl4jscape.dl4j;

/** Takes the prepared gradient, which lies in the network's flat gradient view. */
@FunctionalInterface
interface GradientSink {
    void accept(int iteration, int epoch, int batchSize);
}
