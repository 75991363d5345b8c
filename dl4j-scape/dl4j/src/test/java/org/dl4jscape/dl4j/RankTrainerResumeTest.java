package org.dl4jscape.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.checkpoint.Checkpoint;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Stopped after two epochs and resumed in new trainers on new networks, a training ends with the same bits. */
class RankTrainerResumeTest {
    private static final ScapeConfig SPARSE =
            ScapeConfig.builder().density(0.1).warmupSteps(4).build();
    private static final List<DataSet> DATA = Networks.batches(18, 8, 81);

    private static Model plainNetwork(NetworkType type) {
        return network(type, new AdamS(new StepSchedule(ScheduleType.ITERATION, 0.01, 0.7, 5)), 1);
    }

    private static Model network(NetworkType type, AdamS updater, double retain) {
        return type.chain(
                Networks.base(updater).dropOut(retain == 1 ? 0 : retain),
                Networks.dense(Networks.INPUTS),
                Networks.normalization(false),
                Networks.output());
    }

    private record Variant(String name, UnaryOperator<ScapeConfig.Builder> setting, Supplier<Model> networks) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Arguments> variants() {
        Supplier<Model> multiLayer = () -> plainNetwork(NetworkType.MULTI_LAYER);
        Supplier<Model> byEpoch = () -> network(
                NetworkType.GRAPH,
                new AdamS(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.01, 1, 0.003, 2, 0.02, 3, 0.001))),
                1);
        Supplier<Model> dropout = () -> network(NetworkType.MULTI_LAYER, new AdamS(0.01), 0.6);
        List<Variant> variants = List.of(
                new Variant("closed form", config -> config, multiLayer),
                new Variant("graph, schedule by epoch", config -> config, byEpoch),
                new Variant("look-ahead", config -> config.lookAhead(true), multiLayer),
                new Variant("look-ahead, schedule by epoch", config -> config.lookAhead(true), byEpoch),
                new Variant("dropout", config -> config, dropout),
                new Variant("capped", config -> config.catchUp(CatchUp.capped(8)), multiLayer),
                new Variant("replicated", config -> config.sharding(ShardingMode.REPLICATED), multiLayer),
                new Variant(
                        "bf16",
                        config -> config.parameterPrecision(WirePrecision.BF16).gradientPrecision(WirePrecision.BF16),
                        multiLayer));
        return variants.stream()
                .map(variant -> Arguments.of(variant, variant.name().startsWith("look") ? 3 : 2))
                .toList();
    }

    @ParameterizedTest(name = "{0}, {1} ranks")
    @MethodSource("variants")
    void shouldEndWithTheSameBitsAsTheUninterruptedTraining(Variant variant, int ranks) {
        ScapeConfig config = variant.setting().apply(SPARSE.toBuilder()).build();
        Checkpoints.Left whole = Checkpoints.train(variant.networks(), config, ranks, List.of(), DATA, 4);
        Checkpoints.Left half = Checkpoints.train(variant.networks(), config, ranks, List.of(), DATA, 2);
        assertNotEquals(whole.sha256(), half.sha256(), "the second half changes nothing");
        Checkpoints.Left resumed = Checkpoints.train(variant.networks(), config, ranks, half.checkpoints(), DATA, 4);
        assertEquals(whole.sha256(), resumed.sha256());
        assertEquals(
                whole.checkpoints().get(0).snapshot().step(),
                resumed.checkpoints().get(0).snapshot().step());
    }

    private static String refusal(ScapeConfig config, int ranks, Supplier<Model> networks, List<Checkpoint> start) {
        float[] before = networks.get().params().toFloatVector();
        Model[] touched = new Model[1];
        Supplier<Model> remembering = () -> touched[0] = networks.get();
        var failure = assertThrows(
                IllegalArgumentException.class, () -> Checkpoints.train(remembering, config, ranks, start, DATA, 4));
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                before, touched[0].params().toFloatVector());
        return failure.getMessage();
    }

    @Test
    void shouldRefuseTheCheckpointOfAnotherRankWorldNetworkOrConfiguration() {
        Supplier<Model> networks = () -> plainNetwork(NetworkType.MULTI_LAYER);
        List<Checkpoint> two =
                Checkpoints.train(networks, SPARSE, 2, List.of(), DATA, 1).checkpoints();
        String swapped = refusal(SPARSE, 2, networks, List.of(two.get(1), two.get(0)));
        assertTrue(swapped.startsWith("the checkpoint is of rank 1 of 2 (expected: rank 0 of 2); "), swapped);
        String alone = refusal(SPARSE, 1, networks, two);
        assertEquals(
                "the checkpoint is of rank 0 of 2 (expected: rank 0 of 1); give each rank its own, or reshard them first",
                alone);
        String network = refusal(SPARSE, 2, () -> Networks.multiLayer(new AdamS(0.01)), two);
        assertTrue(network.startsWith("the checkpoint has network layout "), network);
        assertTrue(network.endsWith("; resume with the network that was trained"), network);
        String config = refusal(SPARSE.toBuilder().density(0.2).build(), 2, networks, two);
        assertTrue(config.startsWith("the checkpoint has configuration "), config);
    }

    @Test
    void shouldSayWhetherACheckpointContinuesTheNetworkAsItIs() {
        Supplier<Model> networks = () -> plainNetwork(NetworkType.GRAPH);
        Checkpoint checkpoint = Checkpoints.train(networks, SPARSE, 1, List.of(), DATA, 1)
                .checkpoints()
                .get(0);
        Model same = networks.get();
        same.params().data().asNioFloat().slice().put(0, checkpoint.parameters());
        Model touched = networks.get();
        touched.params().assign(same.params());
        touched.params().putScalar(7, touched.params().getFloat(7) + 1e-6f);
        assertTrue(continues(same, SPARSE, checkpoint));
        assertEquals(false, continues(touched, SPARSE, checkpoint));
        assertEquals(false, continues(same, SPARSE.toBuilder().warmupSteps(5).build(), checkpoint));
    }

    private static boolean continues(Model network, ScapeConfig config, Checkpoint checkpoint) {
        try (RankTrainer trainer = RankTrainer.join(
                network,
                config,
                new org.dl4jscape.core.exchange.InProcessGroup(1, 1_000_000_000L).collectives(0),
                org.dl4jscape.core.compute.KernelsSelection.byName("vector"),
                List.of())) {
            return trainer.continues(checkpoint);
        }
    }
}
