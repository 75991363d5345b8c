package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.WirePrecision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Constraints act on the network after each step, also where the owner of a shard keeps master copies. */
class ConstraintsTest {
    private static final double MAX_NORM = 0.6;

    private static Model network(NetworkType type) {
        return type.chain(
                Networks.base(new AdamS(1e-2)).constrainWeights(new MaxNormConstraint(MAX_NORM, 1)),
                Networks.dense(Networks.INPUTS),
                Networks.output());
    }

    @ParameterizedTest
    @CsvSource({
        "MULTI_LAYER,FP32,0.1", "MULTI_LAYER,BF16,0.1", "MULTI_LAYER,BF16,1", "MULTI_LAYER,FP16,0.3",
        "GRAPH,FP32,0.1", "GRAPH,BF16,0.1", "GRAPH,BF16,1", "GRAPH,FP16,0.3"
    })
    void shouldHoldNormsOnAllRanksWhateverTravels(NetworkType type, WirePrecision precision, double density) {
        ScapeConfig config = ScapeConfig.builder()
                .density(density)
                .warmupSteps(5)
                .parameterPrecision(precision)
                .build();
        List<DataSet> batches = Networks.batches(90, 16, 51);
        Model network = network(type);
        DataSet all = DataSet.merge(batches);
        double before = NetworkType.score(network, all);
        Parity.parallel(network, config, 3, batches, 4);
        int atTheBound = 0;
        for (Map.Entry<String, INDArray> entry : network.paramTable().entrySet()) {
            if (entry.getKey().endsWith("_W")) {
                INDArray norms = entry.getValue().norm2(1);
                assertTrue(norms.maxNumber().doubleValue() <= MAX_NORM * (1 + 1e-5), entry.getKey() + " " + norms);
                atTheBound += norms.gt(MAX_NORM * 0.99)
                        .castTo(norms.dataType())
                        .sumNumber()
                        .intValue();
            }
        }
        assertTrue(atTheBound > 4, "the constraint is not felt: " + atTheBound + " norms at the bound");
        double after = NetworkType.score(network, all);
        assertTrue(after < 0.95 * before, "loss " + before + " -> " + after);
    }

    /** Dense, in bf16: masters that ignored the constraint would walk away from the rounded parameters. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldStayCloseToFp32InBf16(NetworkType type) {
        List<DataSet> batches = Networks.batches(60, 16, 52);
        ScapeConfig rounded =
                Parity.DENSE.toBuilder().parameterPrecision(WirePrecision.BF16).build();
        Parity.Run exact = Parity.parallel(network(type), Parity.DENSE, 2, batches, 2);
        Parity.Run bf16 = Parity.parallel(network(type), rounded, 2, batches, 2);
        int last = exact.losses().size() - 1;
        assertEquals(exact.losses().size(), bf16.losses().size());
        assertEquals(exact.losses().get(last), bf16.losses().get(last), 0.02);
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldRefuseConstraintsWithLookAhead(NetworkType type) {
        ScapeConfig config = ScapeConfig.builder().lookAhead(true).build();
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> Parity.parallel(network(type), config, 2, Networks.batches(2, 4, 53), 1));
        assertTrue(
                failure.getMessage().startsWith("constraints on the layer of layer0_W with lookAhead=true (expected:"),
                failure.getMessage());
    }
}
