package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.layout.BlockRole;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Running means and variances of batch normalisation are no gradients: ranks average them, plainly and apart. */
class BatchStatisticsTest {
    private static Model network(NetworkType type, boolean logStd) {
        return type.chain(
                Networks.base(new AdamS(5e-3)),
                Networks.dense(Networks.INPUTS),
                Networks.normalization(logStd),
                Networks.output());
    }

    /** Each rank normalises by its own batch, so only equal batches give what one network would compute. */
    @ParameterizedTest
    @CsvSource({"MULTI_LAYER,false", "MULTI_LAYER,true", "GRAPH,false", "GRAPH,true"})
    void shouldEqualPlainFitOnEqualBatches(NetworkType type, boolean logStd) {
        Parity.assertTwinsEqualOne(() -> network(type, logStd), Networks.batches(15, 8, 41), 2);
    }

    @ParameterizedTest
    @CsvSource({"MULTI_LAYER,false,16", "MULTI_LAYER,true,16", "GRAPH,false,4", "GRAPH,true,4"})
    void shouldAverageStatisticsByExamples(NetworkType type, boolean logStd, int secondSize) {
        DataSet first = Networks.batches(1, 16, 42).get(0);
        DataSet second = Networks.batches(1, secondSize, 43).get(0);
        Model ranks = network(type, logStd);
        Parity.parallel(ranks, Parity.DENSE, 2, List.of(first, second), 1);
        Map<String, INDArray> a =
                Parity.plain(network(type, logStd), List.of(first), 1).network().paramTable();
        Map<String, INDArray> b = Parity.plain(network(type, logStd), List.of(second), 1)
                .network()
                .paramTable();
        Map<String, INDArray> start = network(type, logStd).paramTable();
        int found = 0;
        for (Map.Entry<String, INDArray> entry : ranks.paramTable().entrySet()) {
            String name = entry.getKey();
            if (name.endsWith("_mean") || name.endsWith("_var") || name.endsWith("_log10stdev")) {
                double share = 16.0 / (16 + secondSize);
                INDArray expected = a.get(name).mul(share).add(b.get(name).mul(1 - share));
                assertArrayEquals(expected.toFloatVector(), entry.getValue().toFloatVector(), 1e-6f, name);
                assertTrue(
                        entry.getValue().sub(start.get(name)).norm2Number().doubleValue() > 1e-3,
                        name + " has not moved");
                found++;
            }
        }
        assertEquals(2, found);
    }

    /** However sparse the exchange, statistics travel in every step: they follow the batches as in dense training. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldExchangeStatisticsInEverySparseStep(NetworkType type) {
        ScapeConfig sparse = ScapeConfig.builder().density(0.01).warmupSteps(1).build();
        List<DataSet> batches = Networks.batches(40, 16, 44);
        Model sparsely = onFrozenLayer(type);
        Model densely = onFrozenLayer(type);
        assertEquals(
                2,
                ModelBridge.of(sparsely).layout(sparse).parameters().blocks().stream()
                        .filter(block -> block.role() == BlockRole.STATISTIC)
                        .count());
        Parity.parallel(sparsely, sparse, 2, batches, 1);
        Parity.parallel(densely, Parity.DENSE, 2, batches, 1);
        for (String suffix : List.of("_mean", "_var")) {
            assertArrayEquals(statistic(densely, suffix), statistic(sparsely, suffix), suffix);
        }
    }

    /** The layer below is frozen, so statistics depend on the batches alone. */
    private static Model onFrozenLayer(NetworkType type) {
        return type.chain(
                Networks.base(new AdamS(5e-3)),
                new FrozenLayer(Networks.dense(Networks.INPUTS)),
                Networks.normalization(false),
                Networks.output());
    }

    private static float[] statistic(Model network, String suffix) {
        return network.paramTable().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(suffix))
                .findFirst()
                .orElseThrow()
                .getValue()
                .toFloatVector();
    }
}
