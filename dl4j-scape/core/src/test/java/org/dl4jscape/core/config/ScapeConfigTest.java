package org.dl4jscape.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScapeConfigTest {
    private static final AdamSConfig DEFAULTS = AdamSConfig.defaults();

    /** One allowed change of every option, by the name of its setter. */
    private static Map<String, UnaryOperator<ScapeConfig.Builder>> changes() {
        Map<String, UnaryOperator<ScapeConfig.Builder>> all = new TreeMap<>();
        all.put("optimizer", b -> b.optimizer(DEFAULTS.withWeightDecay(0.2)));
        all.put("density", b -> b.density(0.02));
        all.put("sparsity", b -> b.sparsity(0.98));
        all.put("warmupSteps", b -> b.warmupSteps(99));
        all.put("densitySchedule", b -> b.densitySchedule(DensitySchedule.constant(0.1, 5)));
        all.put("maskRefreshInterval", b -> b.catchUp(CatchUp.none()).maskRefreshInterval(2));
        all.put("catchUp", b -> b.catchUp(CatchUp.capped(8)));
        all.put("lookAhead", b -> b.lookAhead(true));
        all.put("sharding", b -> b.sharding(ShardingMode.REPLICATED));
        all.put("gradientPrecision", b -> b.gradientPrecision(WirePrecision.BF16));
        all.put("parameterPrecision", b -> b.parameterPrecision(WirePrecision.FP16));
        all.put("noisePrecision", b -> b.noisePrecision(WirePrecision.BF16));
        all.put("globalClipNorm", b -> b.globalClipNorm(1));
        all.put("nonFinite", b -> b.nonFinite(NonFinitePolicy.SKIP_STEP));
        all.put("denseBelow", b -> b.denseBelow(64));
        all.put("statisticsInterval", b -> b.statisticsInterval(10));
        return all;
    }

    @Test
    void shouldTestEveryOption() {
        for (Method method : ScapeConfig.Builder.class.getDeclaredMethods()) {
            boolean setter = method.getReturnType() == ScapeConfig.Builder.class && !method.isSynthetic();
            assertTrue(!setter || changes().containsKey(method.getName()), method.getName() + " has no test");
        }
    }

    @Test
    void shouldDescribeTheDefaults() {
        List<String> lines = ScapeConfig.builder()
                .build()
                .describe()
                .lines()
                .map(String::strip)
                .toList();
        assertEquals(
                List.of(
                        "optimizer            AdamSConfig[beta1=0.9, beta2=0.95, epsilon=1.0E-8, weightDecay=0.1,"
                                + " biasCorrection=true]",
                        "density              dense to step 100, 0.01 from step 101",
                        "maskRefreshInterval  1",
                        "catchUp              closed-form",
                        "lookAhead            false",
                        "sharding             SHARDED",
                        "gradientPrecision    FP32",
                        "parameterPrecision   FP32",
                        "noisePrecision       FP32",
                        "globalClipNorm       off",
                        "nonFinite            FAIL",
                        "denseBelow           0"),
                lines);
    }

    static List<String> options() {
        return List.copyOf(changes().keySet());
    }

    private static ScapeConfig changed(String option) {
        UnaryOperator<ScapeConfig.Builder> change = changes().get(option);
        if (change == null) {
            throw new AssertionError(option);
        }
        return change.apply(ScapeConfig.builder()).build();
    }

    @ParameterizedTest
    @MethodSource("options")
    void shouldChangeTheDigestWithEveryOptionButTheStatistics(String option) {
        ScapeConfig config = changed(option);
        long digest = ScapeConfig.builder().build().digest();
        if (option.equals("statisticsInterval")) {
            assertEquals(10, config.statisticsInterval());
            assertEquals(digest, config.digest(), "statistics change no bit of a training");
        } else {
            assertNotEquals(digest, config.digest(), option);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void shouldKeepEveryOptionThroughABuilder(String option) {
        ScapeConfig config = changed(option);
        ScapeConfig copy = config.toBuilder().build();
        assertEquals(config.describe(), copy.describe());
        assertEquals(config.statisticsInterval(), copy.statisticsInterval());
        assertEquals(config.digest(), copy.digest());
    }

    @ParameterizedTest
    @CsvSource({"0.99, 0.01", "0.9, 0.1", "0, 1", "0.999, 0.001", "0.75, 0.25"})
    void shouldMeanTheSameBySparsityAndDensity(double sparsity, double density) {
        ScapeConfig bySparsity = ScapeConfig.builder().sparsity(sparsity).build();
        ScapeConfig byDensity = ScapeConfig.builder().density(density).build();
        assertEquals(byDensity.density(), bySparsity.density());
        assertEquals(byDensity.digest(), bySparsity.digest());
    }

    @Test
    void shouldLetTheLastOfScheduleAndDensityCount() {
        DensitySchedule schedule = DensitySchedule.constant(0.5, 7).then(20, 0.1);
        assertEquals(
                schedule,
                ScapeConfig.builder()
                        .density(0.3)
                        .densitySchedule(schedule)
                        .build()
                        .density());
        assertEquals(
                DensitySchedule.constant(0.3, 100),
                ScapeConfig.builder()
                        .densitySchedule(schedule)
                        .density(0.3)
                        .build()
                        .density());
    }

    @Test
    void shouldClipOnlyWhenTold() {
        assertFalse(ScapeConfig.builder().build().clipsGlobally());
        assertTrue(ScapeConfig.builder().globalClipNorm(1).build().clipsGlobally());
        assertFalse(ScapeConfig.builder()
                .globalClipNorm(Double.POSITIVE_INFINITY)
                .build()
                .clipsGlobally());
    }

    private static Arguments refused(String message, UnaryOperator<ScapeConfig.Builder> change) {
        return Arguments.of(message, change);
    }

    static List<Arguments> refusals() {
        return List.of(
                refused(
                        "density=0.0 (expected: 0 < density <= 1); for 99 % sparsity use density(0.01)",
                        b -> b.density(0)),
                refused(
                        "density=1.5 (expected: 0 < density <= 1); for 99 % sparsity use density(0.01)",
                        b -> b.density(1.5)),
                refused("density=NaN (expected: 0 < density <= 1)", b -> b.density(Double.NaN)),
                refused("density=-0.1 (expected: 0 < density <= 1)", b -> b.density(-0.1)),
                refused(
                        "sparsity=1.0 (expected: 0 <= sparsity < 1); for 99 % sparsity use sparsity(0.99)",
                        b -> b.sparsity(1)),
                refused("sparsity=-0.5 (expected: 0 <= sparsity < 1)", b -> b.sparsity(-0.5)),
                refused("sparsity=NaN (expected: 0 <= sparsity < 1)", b -> b.sparsity(Double.NaN)),
                refused("warmupSteps=0 (expected: >= 1)", b -> b.warmupSteps(0)),
                refused("warmupSteps=-3 (expected: >= 1)", b -> b.warmupSteps(-3)),
                refused("maskRefreshInterval=0 (expected: >= 1)", b -> b.catchUp(CatchUp.none())
                        .maskRefreshInterval(0)),
                refused(
                        "maskRefreshInterval=2 with catch-up closed-form (expected: 1), since the noise estimate travels"
                                + " with each mask; use capped(32) or interval 1",
                        b -> b.maskRefreshInterval(2)),
                refused(
                        "lookAhead=true with catch-up none (expected: closed-form), since it evaluates the closed form's"
                                + " pending update",
                        b -> b.catchUp(CatchUp.none()).lookAhead(true)),
                refused(
                        "lookAhead=true with catch-up capped(8) (expected: closed-form)",
                        b -> b.catchUp(CatchUp.capped(8)).lookAhead(true)),
                refused(
                        "parameterPrecision=BF16 with sharding REPLICATED (expected: FP32), since no parameters travel"
                                + " there; use SHARDED",
                        b -> b.sharding(ShardingMode.REPLICATED).parameterPrecision(WirePrecision.BF16)),
                refused(
                        "noisePrecision=FP16 (expected: FP32 or BF16), since mean squares of gradients lie below the"
                                + " range of fp16",
                        b -> b.noisePrecision(WirePrecision.FP16)),
                refused(
                        "noisePrecision=BF16 with catch-up none (expected: closed-form), since no other rule sends a"
                                + " noise estimate",
                        b -> b.catchUp(CatchUp.none()).noisePrecision(WirePrecision.BF16)),
                refused("globalClipNorm=0.0 (expected: > 0, or infinity for no clipping)", b -> b.globalClipNorm(0)),
                refused("globalClipNorm=-1.0 (expected: > 0, or infinity for no clipping)", b -> b.globalClipNorm(-1)),
                refused("globalClipNorm=NaN (expected: > 0", b -> b.globalClipNorm(Double.NaN)),
                refused("denseBelow=-1 (expected: >= 0)", b -> b.denseBelow(-1)),
                refused("statisticsInterval=-1 (expected: >= 0)", b -> b.statisticsInterval(-1)),
                refused(
                        "catchUpCap=0 (expected: >= 1); 1 is the same as catch-up none",
                        b -> b.catchUp(CatchUp.capped(0))),
                refused(
                        "catchUpCap=5 with catch-up CLOSED_FORM (expected: no cap); use capped(5)",
                        b -> b.catchUp(new CatchUp(CatchUp.Kind.CLOSED_FORM, 5))),
                refused(
                        "catchUpCap=5 with catch-up NONE (expected: no cap); use capped(5)",
                        b -> b.catchUp(new CatchUp(CatchUp.Kind.NONE, 5))),
                refused(
                        "beta1=1.0 (expected: 0 <= beta1 < 1)",
                        b -> b.optimizer(new AdamSConfig(1, 0.95, 1e-8, 0, true))),
                refused(
                        "beta1=-0.1 (expected: 0 <= beta1 < 1)",
                        b -> b.optimizer(new AdamSConfig(-0.1, 0.95, 1e-8, 0, true))),
                refused(
                        "beta2=1.5 (expected: 0 <= beta2 < 1)",
                        b -> b.optimizer(new AdamSConfig(0.9, 1.5, 1e-8, 0, true))),
                refused(
                        "beta2=NaN (expected: 0 <= beta2 < 1)",
                        b -> b.optimizer(new AdamSConfig(0.9, Double.NaN, 1e-8, 0, true))),
                refused(
                        "epsilon=0.0 (expected: finite and > 0)",
                        b -> b.optimizer(new AdamSConfig(0.9, 0.95, 0, 0, true))),
                refused(
                        "epsilon=Infinity (expected: finite and > 0)",
                        b -> b.optimizer(new AdamSConfig(0.9, 0.95, Double.POSITIVE_INFINITY, 0, true))),
                refused(
                        "weightDecay=-0.1 (expected: finite and >= 0)",
                        b -> b.optimizer(new AdamSConfig(0.9, 0.95, 1e-8, -0.1, true))),
                refused(
                        "weightDecay=NaN (expected: finite and >= 0)",
                        b -> b.optimizer(DEFAULTS.withWeightDecay(Double.NaN))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void shouldSayNameValueExpectationAndRemedy(String message, UnaryOperator<ScapeConfig.Builder> change) {
        var refused = assertThrows(IllegalArgumentException.class, () -> change.apply(ScapeConfig.builder())
                .build());
        String actual = String.valueOf(refused.getMessage());
        assertTrue(actual.startsWith(message), actual);
    }

    static List<UnaryOperator<ScapeConfig.Builder>> nulls() {
        return List.of(
                b -> b.optimizer(absent()),
                b -> b.catchUp(absent()),
                b -> b.sharding(absent()),
                b -> b.gradientPrecision(absent()),
                b -> b.parameterPrecision(absent()),
                b -> b.noisePrecision(absent()),
                b -> b.nonFinite(absent()));
    }

    /** What a caller without a null check may pass. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T absent() {
        return null;
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void shouldRefuseNothing(UnaryOperator<ScapeConfig.Builder> change) {
        assertThrows(NullPointerException.class, () -> change.apply(ScapeConfig.builder())
                .build());
    }

    @Test
    void shouldNameTheRulesAsUsersWriteThem() {
        assertEquals("none", CatchUp.none().toString());
        assertEquals("capped(32)", CatchUp.capped(CatchUp.CAP_DEFAULT).toString());
        assertEquals("closed-form", CatchUp.closedForm().toString());
    }
}
