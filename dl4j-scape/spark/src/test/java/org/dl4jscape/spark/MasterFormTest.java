package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.junit.jupiter.api.Test;

/** A master as JSON and YAML: every option comes back. */
class MasterFormTest {
    private static <E> E any(Random random, E[] values) {
        return values[random.nextInt(values.length)];
    }

    private static ScapeConfig config(Random random) {
        DensitySchedule schedule = DensitySchedule.constant(1 - random.nextDouble(), 1 + random.nextInt(500));
        int step = schedule.warmupSteps() + 1;
        for (int phases = random.nextInt(4); phases > 0; phases--) {
            step += 1 + random.nextInt(1000);
            schedule = schedule.then(step, 1 - random.nextDouble());
        }
        CatchUp catchUp = any(
                random, new CatchUp[] {CatchUp.none(), CatchUp.capped(1 + random.nextInt(64)), CatchUp.closedForm()});
        boolean closedForm = catchUp.kind() == CatchUp.Kind.CLOSED_FORM;
        ShardingMode sharding = any(random, ShardingMode.values());
        return ScapeConfig.builder()
                .optimizer(new AdamSConfig(
                        random.nextDouble(),
                        random.nextDouble(),
                        Math.pow(10, -1 - random.nextInt(10)),
                        random.nextDouble(),
                        random.nextBoolean()))
                .densitySchedule(schedule)
                .maskRefreshInterval(closedForm ? 1 : 1 + random.nextInt(20))
                .catchUp(catchUp)
                .lookAhead(closedForm && random.nextBoolean())
                .sharding(sharding)
                .gradientPrecision(any(random, WirePrecision.values()))
                .parameterPrecision(
                        sharding == ShardingMode.REPLICATED ? WirePrecision.FP32 : any(random, WirePrecision.values()))
                .globalClipNorm(random.nextBoolean() ? Double.POSITIVE_INFINITY : 0.1 + random.nextDouble())
                .nonFinite(any(random, NonFinitePolicy.values()))
                .denseBelow(random.nextInt(100))
                .statisticsInterval(random.nextInt(10))
                .build();
    }

    private static ScapeTrainingMaster master(Random random) {
        ScapeTrainingMaster.Builder builder = new ScapeTrainingMaster.Builder(1 + random.nextInt(512))
                .config(config(random))
                .transport(any(random, new String[] {"aeron", "inprocess", "of \"my: own\" make"}))
                .transportProperty("termBufferLength", random.nextInt(1, 9) + "m")
                .kernels(any(random, new String[] {"auto", "vector", "reference"}))
                .timeout(Duration.ofNanos(1 + (random.nextLong() >>> 2)))
                .bindAddress(any(random, new String[] {"", "127.0.0.1", "10.0.0.3", "::1"}))
                .rddTrainingApproach(any(random, RDDTrainingApproach.values()))
                .collectTrainingStats(random.nextBoolean())
                .restartTimeout(Duration.ofNanos(1 + (random.nextLong() >>> 2)))
                .repartitionData(any(random, Repartition.values()));
        if (random.nextBoolean()) {
            builder.maxRestarts(random.nextInt(9)).exportDirectory("hdfs://192.0.2.7/\u00e4 b: c" + random.nextInt());
        }
        if (random.nextBoolean()) {
            builder.ranks(1 + random.nextInt(64));
        }
        return builder.build();
    }

    private static void assertSame(ScapeTrainingMaster expected, ScapeTrainingMaster actual, String seed) {
        assertEquals(expected.config().describe(), actual.config().describe(), seed);
        assertEquals(expected.config().statisticsInterval(), actual.config().statisticsInterval(), seed);
        assertEquals(expected.config().digest(), actual.config().digest(), seed);
        assertEquals(expected.toJson(), actual.toJson(), seed);
    }

    @Test
    void shouldReadBackWhatItWroteForAThousandMasters() {
        for (long seed = 0; seed < 1000; seed++) {
            ScapeTrainingMaster master = master(new Random(seed));
            String name = "seed " + seed;
            assertSame(master, ScapeTrainingMaster.fromJson(master.toJson()), name);
            assertSame(master, ScapeTrainingMaster.fromYaml(master.toYaml()), name);
        }
    }

    /** What {@link #assertSame} compares as text must be in the text. */
    @Test
    void shouldWriteEveryOption() {
        String json = new ScapeTrainingMaster.Builder(37)
                .ranks(5)
                .density(0.125)
                .transport("inprocess")
                .kernels("reference")
                .timeout(Duration.ofNanos(4321))
                .bindAddress("10.1.2.3")
                .repartitionData(Repartition.Never)
                .rddTrainingApproach(RDDTrainingApproach.Export)
                .exportDirectory("file:/export")
                .collectTrainingStats(true)
                .maxRestarts(7)
                .restartTimeout(Duration.ofNanos(8765))
                .build()
                .toJson();
        for (String part : new String[] {
            "\"batchSizePerWorker\" : 37",
            "\"ranks\" : 5",
            "0.125",
            "\"transport\" : \"inprocess\"",
            "\"kernels\" : \"reference\"",
            "\"timeoutNs\" : 4321",
            "\"bindAddress\" : \"10.1.2.3\"",
            "\"repartition\" : \"Never\"",
            "\"rddTrainingApproach\" : \"Export\"",
            "\"exportDirectory\" : \"file:/export\"",
            "\"timed\" : true",
            "\"maxRestarts\" : 7",
            "\"restartTimeoutNs\" : 8765"
        }) {
            assertTrue(json.contains(part), part + " is not in " + json);
        }
    }

    @Test
    void shouldRefuseTextThatIsNoMasterOrHasValuesOutOfRange() {
        String json = LocalSpark.builder().build().toJson();
        assertTrue(assertThrows(UncheckedIOException.class, () -> ScapeTrainingMaster.fromJson("{ranks"))
                .getMessage()
                .startsWith("not a ScapeTrainingMaster: "));
        assertEquals(
                "ranks=-2 (expected: >= 0)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ScapeTrainingMaster.fromJson(json.replace("\"ranks\" : 2", "\"ranks\" : -2")))
                        .getMessage());
        String density = assertThrows(
                        IllegalArgumentException.class, () -> ScapeTrainingMaster.fromJson(json.replace("0.2", "20.0")))
                .getMessage();
        assertTrue(density.startsWith("density=20.0 (expected: 0 < density <= 1)"), density);
    }

    private static String unknown(String json) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> ScapeTrainingMaster.fromJson(json))
                .getMessage());
    }

    @Test
    void shouldRefuseUnknownFieldsWithTheNearestOne() {
        String json = LocalSpark.builder().build().toJson();
        String outer = unknown(json.replace("\"timeoutNs\"", "\"timeoutMs\""));
        assertTrue(outer.startsWith("unknown field timeoutMs of a ScapeTrainingMaster (expected: one of ["), outer);
        assertTrue(outer.endsWith("did you mean timeoutNs?"), outer);
        String inner = unknown(json.replace("\"warmupSteps\"", "\"warmUpStep\""));
        assertTrue(inner.startsWith("unknown field config.warmUpStep of a ScapeTrainingMaster"), inner);
        assertTrue(inner.endsWith("did you mean warmupSteps?"), inner);
        String yaml = LocalSpark.builder().build().toYaml();
        String message = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> ScapeTrainingMaster.fromYaml(yaml.replace("transport:", "transprot:")))
                .getMessage());
        assertTrue(message.endsWith("did you mean transport?"), message);
    }

    @Test
    void shouldRefuseAScheduleWhoseStepsAndDensitiesDoNotMatch() {
        String json = LocalSpark.builder().build().toJson();
        assertEquals(
                "densities has 0 values and densityFromSteps 1 (expected: equally many, at least 1)",
                unknown(json.replaceAll("\"densities\" : \\[[^\\]]*\\]", "\"densities\" : []")));
    }

    @Test
    void shouldRefuseOptionsOutOfRange() {
        assertEquals(
                "batchSizePerWorker=0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> new ScapeTrainingMaster.Builder(0))
                        .getMessage());
        ScapeTrainingMaster.Builder builder = new ScapeTrainingMaster.Builder(1);
        assertEquals(
                "ranks=0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> builder.ranks(0))
                        .getMessage());
        assertEquals(
                "timeout=PT-1S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ofSeconds(-1)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.density(1.5).build());
        assertThrows(IllegalArgumentException.class, () -> builder.sparsity(1));
    }
}
