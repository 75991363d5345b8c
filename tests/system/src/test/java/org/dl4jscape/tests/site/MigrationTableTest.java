package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.dl4jscape.spark.ScapeTrainingMaster;
import org.junit.jupiter.api.Test;

/** The tables on the page "Coming from SharedTrainingMaster" name every option of both peers, and only options of ours. */
class MigrationTableTest {
    private static final String PAGE = "site/guide/swap-in.md";

    /** The public methods of the builder in 1.0.0-M2; its jar brings libraries that must not be on this class path. */
    private static final List<String> SHARED = List.of(
            "batchSizePerWorker",
            "collectTrainingStats",
            "debugLongerIterations",
            "encodingDebugMode",
            "exportDirectory",
            "rddTrainingApproach",
            "repartitionData",
            "repartitionStrategy",
            "repartitioner",
            "residualPostProcessor",
            "rngSeed",
            "storageLevel",
            "thresholdAlgorithm",
            "transport",
            "updatesThreshold",
            "workerPeriodicGCFrequency",
            "workerPrefetchNumBatches",
            "workerTogglePeriodicGC",
            "workersPerNode");

    private static Set<String> options(Class<?> builder) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(method -> method.getName())
                .filter(name -> !name.equals("build"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rows of the table below a heading, without its two first lines. */
    private static List<String> rows(String heading) {
        String page = Repository.text(PAGE);
        int start = page.indexOf("\n" + heading + "\n");
        assertTrue(start >= 0, PAGE + " has no heading " + heading);
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end)
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static void assertComplete(String heading, Iterable<String> options) {
        List<String> rows = rows(heading);
        for (String option : options) {
            assertEquals(
                    1,
                    rows.stream()
                            .map(row -> row.split("\\|", -1)[1])
                            .filter(first -> first.contains("`" + option + "(..)`"))
                            .count(),
                    option + " in the first column below " + heading);
        }
        Set<String> ours = options(ScapeTrainingMaster.Builder.class);
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            assertEquals(5, cells.length, row);
            assertTrue(!cells[3].isBlank(), "no reason: " + row);
            Matcher name = Pattern.compile("`(\\w+)\\(").matcher(cells[2]);
            while (name.find()) {
                assertTrue(ours.contains(name.group(1)), name.group(1) + " is no option of ours: " + row);
            }
        }
    }

    @Test
    void shouldNameEveryOptionOfSharedTrainingMaster() {
        assertComplete("## From SharedTrainingMaster, option by option", SHARED);
    }

    @Test
    void shouldNameEveryOptionOfParameterAveragingTrainingMaster() {
        Set<String> options = options(ParameterAveragingTrainingMaster.Builder.class);
        assertTrue(options.size() > 10, options::toString);
        assertComplete("## From ParameterAveragingTrainingMaster, option by option", options);
    }
}
