package org.dl4jscape.dl4j;

import org.deeplearning4j.nn.api.Model;

/**
 * Hears of every batch of one rank, on its training thread: before the network sees it, and after the step that it gave. What
 * it throws ends the training. It must leave the network's parameters alone: replicas would differ.
 */
public interface BatchListener {
    /** A {@code DataSet} or {@code MultiDataSet} is about to be trained on. */
    void before(Object batch, Model network);

    /** It was trained on: the network has the next step's parameters. */
    void after(Object batch, Model network);
}
