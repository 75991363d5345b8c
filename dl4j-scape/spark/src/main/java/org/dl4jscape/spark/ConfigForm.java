package org.dl4jscape.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;

/** A {@link ScapeConfig} as plain fields: what JSON and Java serialisation carry. */
final class ConfigForm implements Serializable {
    private static final long serialVersionUID = 1L;

    private double beta1;
    private double beta2;
    private double epsilon;
    private double weightDecay;
    private boolean biasCorrection;
    private int warmupSteps;
    private List<Integer> densityFromSteps = new ArrayList<>();
    private List<Double> densities = new ArrayList<>();
    private int maskRefreshInterval;
    private CatchUp.Kind catchUp = CatchUp.Kind.NONE;
    private int catchUpCap;
    private boolean lookAhead;
    private ShardingMode sharding = ShardingMode.SHARDED;
    private WirePrecision gradientPrecision = WirePrecision.FP32;
    private WirePrecision parameterPrecision = WirePrecision.FP32;
    private WirePrecision noisePrecision = WirePrecision.FP32;
    private double globalClipNorm;
    private NonFinitePolicy nonFinite = NonFinitePolicy.FAIL;
    private int denseBelow;
    private int statisticsInterval;

    /** For JSON. */
    ConfigForm() {}

    static ConfigForm of(ScapeConfig config) {
        ConfigForm form = new ConfigForm();
        AdamSConfig optimizer = config.optimizer();
        form.beta1 = optimizer.beta1();
        form.beta2 = optimizer.beta2();
        form.epsilon = optimizer.epsilon();
        form.weightDecay = optimizer.weightDecay();
        form.biasCorrection = optimizer.biasCorrection();
        form.warmupSteps = config.density().warmupSteps();
        for (DensitySchedule.Phase phase : config.density().phases()) {
            form.densityFromSteps.add(phase.fromStep());
            form.densities.add(phase.density());
        }
        form.maskRefreshInterval = config.maskRefreshInterval();
        form.catchUp = config.catchUp().kind();
        form.catchUpCap = config.catchUp().cap();
        form.lookAhead = config.lookAhead();
        form.sharding = config.sharding();
        form.gradientPrecision = config.gradientPrecision();
        form.parameterPrecision = config.parameterPrecision();
        form.noisePrecision = config.noisePrecision();
        form.globalClipNorm = config.globalClipNorm();
        form.nonFinite = config.nonFinite();
        form.denseBelow = config.denseBelow();
        form.statisticsInterval = config.statisticsInterval();
        return form;
    }

    ScapeConfig toConfig() {
        if (densities.isEmpty() || densities.size() != densityFromSteps.size()) {
            throw new IllegalArgumentException("densities has " + densities.size() + " values and densityFromSteps "
                    + densityFromSteps.size() + " (expected: equally many, at least 1)");
        }
        DensitySchedule schedule = DensitySchedule.constant(densities.get(0), warmupSteps);
        for (int i = 1; i < densities.size(); i++) {
            schedule = schedule.then(densityFromSteps.get(i), densities.get(i));
        }
        return ScapeConfig.builder()
                .optimizer(new AdamSConfig(beta1, beta2, epsilon, weightDecay, biasCorrection))
                .densitySchedule(schedule)
                .maskRefreshInterval(maskRefreshInterval)
                .catchUp(new CatchUp(catchUp, catchUpCap))
                .lookAhead(lookAhead)
                .sharding(sharding)
                .gradientPrecision(gradientPrecision)
                .parameterPrecision(parameterPrecision)
                .noisePrecision(noisePrecision)
                .globalClipNorm(globalClipNorm)
                .nonFinite(nonFinite)
                .denseBelow(denseBelow)
                .statisticsInterval(statisticsInterval)
                .build();
    }
}
