package org.dl4jscape.spark;

import java.io.Serializable;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;

/**
 * Where the ranks of one run of a stage begin.
 *
 * @param fit number of the fit, 0 the first of the training
 * @param generation how often this fit was begun before; another one for every group of ranks
 * @param network configuration and parameters
 * @param iterationCount of the network
 * @param epochCount of the network
 * @param complete whether the fit had ended already when an executor was lost, so that only results are wanted
 * @param carried a checkpoint of every rank, format 1, in rank order; empty where the training begins
 */
record FitStart(
        int fit,
        int generation,
        NetBroadcastTuple network,
        int iterationCount,
        int epochCount,
        boolean complete,
        byte[][] carried)
        implements Serializable {}
