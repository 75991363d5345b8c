package org.dl4jscape.core.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a user can choose about the algorithm. Immutable, valid by construction; build it with {@link #builder()}.
 *
 * <p>All ranks must use an equal configuration: {@link #digest()} is compared before the first step.
 */
public final class ScapeConfig {
    private final AdamSConfig optimizer;
    private final DensitySchedule density;
    private final int maskRefreshInterval;
    private final CatchUp catchUp;
    private final boolean lookAhead;
    private final ShardingMode sharding;
    private final WirePrecision gradientPrecision;
    private final WirePrecision parameterPrecision;
    private final WirePrecision noisePrecision;
    private final double globalClipNorm;
    private final NonFinitePolicy nonFinite;
    private final int denseBelow;
    private final int statisticsInterval;

    private ScapeConfig(Builder builder) {
        optimizer = Objects.requireNonNull(builder.optimizer, "optimizer");
        density = builder.schedule();
        maskRefreshInterval = builder.maskRefreshInterval;
        catchUp = Objects.requireNonNull(builder.catchUp, "catchUp");
        lookAhead = builder.lookAhead;
        sharding = Objects.requireNonNull(builder.sharding, "sharding");
        gradientPrecision = Objects.requireNonNull(builder.gradientPrecision, "gradientPrecision");
        parameterPrecision = Objects.requireNonNull(builder.parameterPrecision, "parameterPrecision");
        noisePrecision = Objects.requireNonNull(builder.noisePrecision, "noisePrecision");
        globalClipNorm = builder.globalClipNorm;
        nonFinite = Objects.requireNonNull(builder.nonFinite, "nonFinite");
        denseBelow = builder.denseBelow;
        statisticsInterval = builder.statisticsInterval;
        checkRanges();
        checkTogether();
    }

    private void checkRanges() {
        Ranges.checkAtLeast("maskRefreshInterval", maskRefreshInterval, 1);
        Ranges.checkAtLeast("denseBelow", denseBelow, 0);
        Ranges.checkAtLeast("statisticsInterval", statisticsInterval, 0);
        if (!(globalClipNorm > 0)) {
            throw new IllegalArgumentException(
                    "globalClipNorm=" + globalClipNorm + " (expected: > 0, or infinity for no clipping)");
        }
    }

    private void checkTogether() {
        boolean closedForm = catchUp.kind() == CatchUp.Kind.CLOSED_FORM;
        if (closedForm && maskRefreshInterval != 1) {
            throw new IllegalArgumentException("maskRefreshInterval=" + maskRefreshInterval
                    + " with catch-up closed-form (expected: 1), since the noise estimate travels with each mask; use capped("
                    + CatchUp.CAP_DEFAULT + ") or interval 1");
        }
        if (noisePrecision == WirePrecision.FP16) {
            throw new IllegalArgumentException("noisePrecision=FP16 (expected: FP32 or BF16), since mean squares of"
                    + " gradients lie below the range of fp16");
        }
        if (noisePrecision != WirePrecision.FP32 && !closedForm) {
            throw new IllegalArgumentException("noisePrecision=" + noisePrecision + " with catch-up " + catchUp
                    + " (expected: closed-form), since no other rule sends a noise estimate");
        }
        if (lookAhead && !closedForm) {
            throw new IllegalArgumentException("lookAhead=true with catch-up " + catchUp
                    + " (expected: closed-form), since it evaluates the closed form's pending update");
        }
        if (sharding == ShardingMode.REPLICATED && parameterPrecision != WirePrecision.FP32) {
            throw new IllegalArgumentException("parameterPrecision=" + parameterPrecision
                    + " with sharding REPLICATED (expected: FP32), since no parameters travel there; use SHARDED");
        }
    }

    /** A builder with every default. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.optimizer = optimizer;
        builder.schedule = density;
        builder.maskRefreshInterval = maskRefreshInterval;
        builder.catchUp = catchUp;
        builder.lookAhead = lookAhead;
        builder.sharding = sharding;
        builder.gradientPrecision = gradientPrecision;
        builder.parameterPrecision = parameterPrecision;
        builder.noisePrecision = noisePrecision;
        builder.globalClipNorm = globalClipNorm;
        builder.nonFinite = nonFinite;
        builder.denseBelow = denseBelow;
        builder.statisticsInterval = statisticsInterval;
        return builder;
    }

    /** Hyper-parameters of AdamS for blocks that set none of their own. */
    public AdamSConfig optimizer() {
        return optimizer;
    }

    /** The fraction of coordinates that travel, by step. */
    public DensitySchedule density() {
        return density;
    }

    /** Steps from one mask to the next, at least 1. */
    public int maskRefreshInterval() {
        return maskRefreshInterval;
    }

    /** What a coordinate is given for updates that it missed. */
    public CatchUp catchUp() {
        return catchUp;
    }

    /** Whether gradients are evaluated where the pending updates will lead. */
    public boolean lookAhead() {
        return lookAhead;
    }

    /** Who keeps the optimizer's state. */
    public ShardingMode sharding() {
        return sharding;
    }

    /** Wire format of the reduce-scatter. */
    public WirePrecision gradientPrecision() {
        return gradientPrecision;
    }

    /** Wire format of the parameter all-gather; below fp32 the owner keeps an fp32 master. */
    public WirePrecision parameterPrecision() {
        return parameterPrecision;
    }

    /** Format of the noise estimate that the replicated layout sends with each mask; rounded alike in both layouts. */
    public WirePrecision noisePrecision() {
        return noisePrecision;
    }

    /** Bound of the L2 norm of the reconstructed gradient, infinity: no clipping. */
    public double globalClipNorm() {
        return globalClipNorm;
    }

    /** Whether global clipping is on. */
    public boolean clipsGlobally() {
        return globalClipNorm != Double.POSITIVE_INFINITY;
    }

    /** What happens when a gradient contains NaN or infinity. */
    public NonFinitePolicy nonFinite() {
        return nonFinite;
    }

    /** Parameter tensors with fewer values than this always travel whole; 0: none. */
    public int denseBelow() {
        return denseBelow;
    }

    /** Steps between two computations of the costly statistics (norms), 0: never. */
    public int statisticsInterval() {
        return statisticsInterval;
    }

    /**
     * One line a setting: name, value, and nothing else; the same text for configurations that train alike.
     *
     * <p>{@link #statisticsInterval} is left out, because it changes what is measured and no bit of the training: ranks may
     * differ in it, and a checkpoint is resumed with another one.
     */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "optimizer            %s%ndensity              %s%nmaskRefreshInterval  %d%ncatchUp              %s%n"
                        + "lookAhead            %s%nsharding             %s%ngradientPrecision    %s%n"
                        + "parameterPrecision   %s%nnoisePrecision       %s%nglobalClipNorm       %s%nnonFinite            %s%n"
                        + "denseBelow           %d%n",
                optimizer,
                density,
                maskRefreshInterval,
                catchUp,
                lookAhead,
                sharding,
                gradientPrecision,
                parameterPrecision,
                noisePrecision,
                clipsGlobally() ? Double.toString(globalClipNorm) : "off",
                nonFinite,
                denseBelow);
    }

    /** A number that differs, but for a chance of 2^-64, where {@link #describe()} differs. */
    public long digest() {
        return Digests.of(describe());
    }

    @Override
    public String toString() {
        return describe();
    }

    /** Collects the choices; {@link #build()} checks them, alone and together. Not thread-safe. */
    public static final class Builder {
        private AdamSConfig optimizer = AdamSConfig.defaults();
        private double density = 0.01;
        private int warmupSteps = 100;
        private @Nullable DensitySchedule schedule;
        private int maskRefreshInterval = 1;
        private CatchUp catchUp = CatchUp.closedForm();
        private boolean lookAhead;
        private ShardingMode sharding = ShardingMode.SHARDED;
        private WirePrecision gradientPrecision = WirePrecision.FP32;
        private WirePrecision parameterPrecision = WirePrecision.FP32;
        private WirePrecision noisePrecision = WirePrecision.FP32;
        private double globalClipNorm = Double.POSITIVE_INFINITY;
        private NonFinitePolicy nonFinite = NonFinitePolicy.FAIL;
        private int denseBelow;
        private int statisticsInterval;

        private Builder() {}

        /** Hyper-parameters of AdamS; default {@link AdamSConfig#defaults()}. */
        public Builder optimizer(AdamSConfig value) {
            optimizer = value;
            return this;
        }

        /** Fraction of coordinates that travel after the warm-up, in (0, 1]; default 0.01. */
        public Builder density(double value) {
            density = value;
            schedule = null;
            return this;
        }

        /** The other way to say it: {@code sparsity(0.99)} is {@code density(0.01)}; in [0, 1). */
        public Builder sparsity(double value) {
            if (!(value >= 0 && value < 1)) {
                throw new IllegalArgumentException(
                        "sparsity=" + value + " (expected: 0 <= sparsity < 1); for 99 % sparsity use sparsity(0.99)");
            }
            return density(BigDecimal.ONE.subtract(BigDecimal.valueOf(value)).doubleValue());
        }

        /** Dense steps at the start, at least 1; default 100, about the length of the learning-rate warm-up. */
        public Builder warmupSteps(int value) {
            warmupSteps = value;
            schedule = null;
            return this;
        }

        /** A whole schedule instead of one density and a warm-up. */
        public Builder densitySchedule(DensitySchedule value) {
            schedule = value;
            return this;
        }

        /** Steps from one mask to the next, at least 1; default 1, and 1 is needed by the closed form. */
        public Builder maskRefreshInterval(int value) {
            maskRefreshInterval = value;
            return this;
        }

        /** What a coordinate is given for missed updates; default the closed form. */
        public Builder catchUp(CatchUp value) {
            catchUp = value;
            return this;
        }

        /** Whether gradients are evaluated where the pending updates will lead; default off. */
        public Builder lookAhead(boolean value) {
            lookAhead = value;
            return this;
        }

        /** Who keeps the optimizer's state; default sharded. */
        public Builder sharding(ShardingMode value) {
            sharding = value;
            return this;
        }

        /** Wire format of the reduce-scatter; default fp32. The rounding error stays in the residual. */
        public Builder gradientPrecision(WirePrecision value) {
            gradientPrecision = value;
            return this;
        }

        /** Wire format of the parameter all-gather; default fp32. */
        public Builder parameterPrecision(WirePrecision value) {
            parameterPrecision = value;
            return this;
        }

        /** Format of the noise estimate that goes with the masks of the closed form, fp32 or bf16; default fp32. */
        public Builder noisePrecision(WirePrecision value) {
            noisePrecision = value;
            return this;
        }

        /** Bound of the L2 norm of the reconstructed gradient over all ranks; default infinity: no clipping. */
        public Builder globalClipNorm(double value) {
            globalClipNorm = value;
            return this;
        }

        /** What happens on NaN or infinity; default fail. */
        public Builder nonFinite(NonFinitePolicy value) {
            nonFinite = value;
            return this;
        }

        /** Tensors with fewer values always travel whole (biases, norms); default 0: none. */
        public Builder denseBelow(int value) {
            denseBelow = value;
            return this;
        }

        /** Steps between two computations of norms for {@code StepStats}; default 0: never. */
        public Builder statisticsInterval(int value) {
            statisticsInterval = value;
            return this;
        }

        private DensitySchedule schedule() {
            return schedule != null ? schedule : DensitySchedule.constant(density, warmupSteps);
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException when a value is out of its range or contradicts another
         */
        public ScapeConfig build() {
            return new ScapeConfig(this);
        }
    }
}
