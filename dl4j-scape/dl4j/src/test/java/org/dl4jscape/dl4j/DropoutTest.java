package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;

/** Dropout follows the network's seed, however many threads there are and whenever they start. */
class DropoutTest {
    private static final ScapeConfig SPARSE =
            ScapeConfig.builder().density(0.2).warmupSteps(3).build();

    private static Model network(NetworkType type, long seed, double retain) {
        return type.chain(
                Networks.base(new AdamS(5e-3)).seed(seed).dropOut(retain),
                Networks.dense(Networks.INPUTS),
                Networks.output());
    }

    private static List<Float> train(Model network, List<DataSet> batches) {
        float[] parameters = Parity.parallel(network, SPARSE, 3, batches, 1).parameters();
        List<Float> list = new java.util.ArrayList<>();
        for (float value : parameters) {
            list.add(value);
        }
        return list;
    }

    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldGiveTheSameParametersTwice(NetworkType type) {
        List<DataSet> batches = Networks.batches(24, 8, 91);
        List<Float> first = train(network(type, 7, 0.5), batches);
        assertEquals(first, train(network(type, 7, 0.5), batches));
        Model otherSeed = network(type, 8, 0.5);
        otherSeed.params().assign(network(type, 7, 0.5).params());
        assertNotEquals(first, train(otherSeed, batches), "the seed decides nothing");
        assertNotEquals(first, train(network(type, 7, 1), batches), "dropout is not felt");
    }

    /** Equal batches on all ranks give equal gradients, unless each rank drops other units. */
    @ParameterizedTest
    @EnumSource(NetworkType.class)
    void shouldDropOtherUnitsOnEachRank(NetworkType type) {
        List<DataSet> batches = Networks.batches(6, 8, 92);
        Parity.Run one = Parity.parallel(network(type, 7, 0.5), Parity.DENSE, 1, batches, 1);
        Parity.Run twins = Parity.parallel(network(type, 7, 0.5), Parity.DENSE, 2, Parity.twins(batches), 1);
        assertNotEquals(0, Parity.distance(one, twins));
    }
}
