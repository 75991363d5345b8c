package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code scape resume}: goes on with a run that was stopped, with the options it began with, bit for bit. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description =
                "Goes on with a run that was stopped, with the options it began with; ends with the same bits as one that"
                        + " was not.",
        footer = {"", "Example:", "  scape resume runs/20260101-120000"})
public final class Resume implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Folder of the run")
    private Path folder = Path.of("");

    @Option(names = "--quiet", description = "Only warnings and the result")
    private boolean quiet;

    /** Called by picocli. */
    public Resume() {}

    @Override
    public Integer call() throws IOException {
        return new Launch(folder.toString(), StoppedRun.options(folder.toString(), folder, quiet)).run();
    }
}
