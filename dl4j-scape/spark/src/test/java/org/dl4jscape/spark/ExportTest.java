package org.dl4jscape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** The Export approach: batches as files, written once for an RDD, used by every fit, deleted when asked. */
@Tag("spark")
class ExportTest {
    private static final int EXAMPLES = 52;

    @TempDir
    Path folder;

    private final JavaSparkContext context = LocalSpark.context();

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".bin")).sorted().toList();
        }
    }

    @Test
    void shouldExportOnceTrainOnEveryExampleOnceAFitAndDelete() throws Exception {
        // Thirteen elements of four examples, which make batches of eight and a rest.
        JavaRDD<DataSet> data = context.parallelize(Examples.numbered(EXAMPLES / 4, 4), 3);
        ScapeTrainingMaster master = LocalSpark.builder()
                .rddTrainingApproach(RDDTrainingApproach.Export)
                .exportDirectory(folder.toUri().toString())
                .trainingHooks(List.of(new Examples()))
                .build();
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, LocalSpark.multiLayer(), master);
        List<Integer> each = IntStream.range(0, EXAMPLES).boxed().toList();
        Examples.forget();
        spark.fit(data);
        assertEquals(each, Examples.seen());
        List<Path> exported = files();
        assertTrue(exported.size() >= EXAMPLES / 8, exported::toString);
        Examples.forget();
        spark.fit(data);
        assertEquals(each, Examples.seen());
        assertEquals(exported, files(), "the same RDD is exported once");
        assertTrue(master.deleteTempFiles(context));
        assertEquals(List.of(), files());
        Examples.forget();
        spark.fit(data);
        assertEquals(each, Examples.seen(), "exported anew after it was deleted");
        assertTrue(master.deleteTempFiles(context.sc()));
        assertEquals(List.of(), files());
    }
}
