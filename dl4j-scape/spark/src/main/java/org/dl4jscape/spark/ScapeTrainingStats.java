package org.dl4jscape.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.stats.BaseEventStats;
import org.deeplearning4j.spark.stats.EventStats;
import org.deeplearning4j.spark.stats.StatsUtils;
import org.dl4jscape.core.step.StepPhase;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of the fits went, as Deeplearning4j's pages and exports show it: one event a fit on the driver, and on every
 * rank one a fit for each part.
 *
 * <p>The keys: {@code ScapeFit} (driver: the barrier stage with restarts), {@code ScapeRankConnect} (rendezvous and
 * transport), {@code ScapeRankTrain} (the epoch), {@code ScapeRankFinish} (checkpoint and results), and {@code
 * ScapeRankStepX} for every phase X of a step: the sum over the epoch's steps, which begins when the epoch does. Times are the
 * machines' own clocks. Not thread-safe.
 */
public final class ScapeTrainingStats implements SparkTrainingStats {
    private static final long serialVersionUID = 1L;

    static final String FIT = "ScapeFit";
    static final String CONNECT = "ScapeRankConnect";
    static final String TRAIN = "ScapeRankTrain";
    static final String FINISH = "ScapeRankFinish";
    private static final String STEP = "ScapeRankStep";

    private final LinkedHashMap<String, List<EventStats>> events = new LinkedHashMap<>();

    ScapeTrainingStats() {
        for (String key : List.of(FIT, CONNECT, TRAIN, FINISH)) {
            events.put(key, new ArrayList<>());
        }
        for (StepPhase phase : StepPhase.values()) {
            events.put(key(phase), new ArrayList<>());
        }
    }

    /** The key of a phase of the step, such as {@code ScapeRankStepReduceScatter}. */
    static String key(StepPhase phase) {
        StringBuilder key = new StringBuilder(STEP);
        for (String word : phase.name().split("_", -1)) {
            key.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return key.toString();
    }

    /** Books something of this JVM and thread that has just ended. */
    void ended(String key, long startMs) {
        add(key, startMs, System.currentTimeMillis() - startMs);
    }

    void add(String key, long startMs, long durationMs) {
        of(key).add(new BaseEventStats(startMs, Math.max(0, durationMs)));
    }

    private List<EventStats> of(String key) {
        List<EventStats> found = events.get(key);
        if (found == null) {
            throw new IllegalArgumentException("key=" + key + " (expected: one of " + events.keySet() + ")");
        }
        return found;
    }

    @Override
    public Set<String> getKeySet() {
        return events.keySet();
    }

    @Override
    public List<EventStats> getValue(String key) {
        return of(key);
    }

    @Override
    public String getShortNameForKey(String key) {
        of(key);
        return key.replace("ScapeRankStep", "").replace("ScapeRank", "").replace("Scape", "");
    }

    @Override
    public boolean defaultIncludeInPlots(String key) {
        of(key);
        return !key.startsWith(STEP);
    }

    /** Adds the events of other statistics of SCAPE. */
    @Override
    public void addOtherTrainingStats(SparkTrainingStats other) {
        if (!(other instanceof ScapeTrainingStats)) {
            throw new IllegalArgumentException("training stats of type "
                    + other.getClass().getName() + " (expected: " + ScapeTrainingStats.class.getName() + ")");
        }
        for (String key : other.getKeySet()) {
            of(key).addAll(other.getValue(key));
        }
    }

    /** Always null: ranks and driver are in one set of keys. */
    @Override
    public @Nullable SparkTrainingStats getNestedTrainingStats() {
        return null;
    }

    @Override
    public String statsAsString() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, List<EventStats>> entry : events.entrySet()) {
            text.append(String.format(DEFAULT_PRINT_FORMAT, entry.getKey()))
                    .append(StatsUtils.getDurationAsString(entry.getValue(), ","))
                    .append('\n');
        }
        return text.toString();
    }

    /** One file a key that has events, {@code folder/Scape_KEY.txt}. */
    @Override
    public void exportStatFiles(String folder, SparkContext context) throws IOException {
        String parent = folder.endsWith("/") ? folder : folder + "/";
        for (Map.Entry<String, List<EventStats>> entry : events.entrySet()) {
            if (!entry.getValue().isEmpty()) {
                StatsUtils.exportStats(entry.getValue(), parent + "Scape_" + entry.getKey() + ".txt", ",", context);
            }
        }
    }
}
