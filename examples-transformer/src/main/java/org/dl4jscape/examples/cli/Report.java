package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dl4jscape.examples.report.ComparisonReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command {@code scape report}: writes the report of a comparison anew, also of one that is unfinished, or for another link. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes report.html of a comparison anew, from the runs that are finished.",
        footer = {"", "Example:", "  scape report runs/compare --link-gbit 0.1"})
public final class Report implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of the comparison")
    private Path folder = Path.of("");

    @Option(names = "--link-gbit", description = "Speed of the link, in Gbit/s. Default: that of the comparison")
    private @Nullable Double linkGbit;

    /** Called by picocli. */
    public Report() {}

    @Override
    public Integer call() throws IOException {
        ComparisonReport report = ComparisonReport.of(folder);
        Double link = linkGbit;
        Path file = (link == null ? report : report.atLink(link)).write();
        CommandSpec shown = spec;
        if (shown != null) {
            shown.commandLine().getOut().println("report in " + file);
        }
        return 0;
    }
}
