package org.dl4jscape.dl4j.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every rank runs: a program and its arguments. */
final class RankProgram {
    private final List<String> command;
    private final List<String> started;

    /**
     * Checks that it can be run.
     *
     * @param command program, then its arguments
     * @throws IllegalArgumentException when there is no such program
     */
    RankProgram(List<String> command) {
        this.command = List.copyOf(command);
        requireExecutable();
        started = endingWithTheLauncher();
    }

    /**
     * The command as it is started: with util-linux's {@code setpriv}, where that is there, the kernel kills the rank when the
     * thread that has started it is gone, even if the launcher had no time to end its ranks.
     */
    List<String> command() {
        return started;
    }

    private List<String> endingWithTheLauncher() {
        Path setpriv = onPath("setpriv");
        if (setpriv == null) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"));
        wrapped.addAll(command);
        return List.copyOf(wrapped);
    }

    private void requireExecutable() {
        String program = command.get(0);
        boolean isPath = program.indexOf('/') >= 0;
        Path found = isPath ? Path.of(program) : onPath(program);
        if (found == null || !isExecutable(found)) {
            String why = found == null
                    ? "there is no such program on the PATH"
                    : Files.exists(found) ? "it is no executable file" : "there is no such file";
            throw new IllegalArgumentException("COMMAND " + program + " cannot be run (" + why
                    + "); give a program, then its arguments, as in: scape-launch --nproc-per-node 2 -- java -cp"
                    + " app.jar Main");
        }
    }

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static @Nullable Path onPath(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
