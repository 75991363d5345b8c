package org.dl4jscape.examples.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.dl4j.doctor.Doctor;
import org.dl4jscape.dl4j.doctor.Finding;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Command {@code scape doctor}: says what of this machine would stop or slow a training. Status 1 where something would stop it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Says what of this machine, its JVM and class path would stop or slow a training.",
        footer = {"", "Example:", "  scape doctor --ranks 4"})
public final class Examine implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--ranks", description = "Ranks on this machine. Default: ${DEFAULT-VALUE}")
    private int ranks = 2;

    @Option(names = "--bind-address", description = "Address that the ranks will listen on. Default: ${DEFAULT-VALUE}")
    private String bindAddress = "127.0.0.1";

    /** Called by picocli. */
    public Examine() {}

    @Override
    public Integer call() {
        List<Finding> findings = Doctor.examine(
                ranks, new CollectivesOptions(Duration.ofSeconds(60).toNanos(), bindAddress, Map.of()));
        CommandSpec shown = spec;
        if (shown != null) {
            shown.commandLine().getOut().print(Doctor.describe(findings));
            shown.commandLine().getOut().flush();
        }
        return Doctor.isHealthy(findings) ? 0 : 1;
    }
}
