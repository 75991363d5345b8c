package org.dl4jscape.examples.cli;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.core.step.StepListener;
import org.dl4jscape.dl4j.CheckpointPolicy;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.dl4jscape.spark.ScapeTrainingResult;
import org.nd4j.linalg.dataset.DataSet;

/** Engine {@code spark}: ranks are tasks of a barrier stage, here in {@code local[ranks]}; one stage a stretch. */
record SparkEngine(PretrainOptions options) implements Engine {
    @Override
    public FitResult train(
            ComputationGraph network,
            BatchPlan batches,
            CheckpointPolicy checkpoints,
            StepListener onStep,
            IntConsumer afterStretch) {
        SparkConf conf = new SparkConf()
                .setMaster("local[" + options.ranks + "]")
                .setAppName("scape-pretrain")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.barrier.sync.timeout", "60s");
        String relay = StepRelay.register(onStep);
        try (JavaSparkContext spark = new JavaSparkContext(conf);
                RunningTasks tasks = new RunningTasks(spark)) {
            ScapeTrainingMaster.Builder builder = new ScapeTrainingMaster.Builder(options.batch)
                    .ranks(options.ranks)
                    .config(options.config())
                    .transport(options.transport)
                    .kernels(options.kernels)
                    .timeout(Duration.ofSeconds(60))
                    .bindAddress("127.0.0.1")
                    .repartitionData(Repartition.Never)
                    .checkpoints(checkpoints)
                    .stepListener(new StepRelay(relay));
            options.transportProperties.forEach(builder::transportProperty);
            ScapeTrainingMaster master = builder.build();
            SparkComputationGraph sparkNetwork = new SparkComputationGraph(spark, network, master);
            Broadcast<BatchPlan> plan = spark.broadcast(batches);
            Map<PayloadKind, Long> sent = new EnumMap<>(PayloadKind.class);
            int steps = 0;
            for (int stretch = 0; stretch < batches.stretches(); stretch++) {
                List<ScapeTrainingResult> before = master.lastResults();
                sparkNetwork.fit(data(spark, plan, stretch));
                if (master.lastResults() == before) {
                    continue; // the checkpoint has this stretch behind it
                }
                ScapeTrainingResult first = master.lastResults().get(0);
                first.bytesSent().forEach((kind, bytes) -> sent.merge(kind, bytes, Long::sum));
                steps += first.steps();
                network.params().assign(sparkNetwork.getNetwork().params());
                afterStretch.accept(stretch);
            }
            List<String> digests = master.lastResults().stream()
                    .map(ScapeTrainingResult::parametersSha256)
                    .toList();
            return new FitResult(steps, digests, sent);
        } finally {
            StepRelay.forget(relay);
        }
    }

    /** One partition a rank, made where the rank runs. */
    private JavaRDD<DataSet> data(JavaSparkContext spark, Broadcast<BatchPlan> plan, int stretch) {
        return spark.parallelize(Collections.nCopies(options.ranks, stretch), options.ranks)
                .mapPartitionsWithIndex((rank, numbers) -> plan.value().of(rank, stretch), false);
    }
}
