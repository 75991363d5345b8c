package org.dl4jscape.examples.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second run out of the folder of one that is under way. The system takes the lock back when the process ends, however it ends. */
final class RunLock implements AutoCloseable {
    /** Name of the file that is locked; it stays when the run ends. */
    static final String FILE = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param what how the user named the folder
     * @param folder an existing one
     * @throws IllegalArgumentException when another run has it
     */
    static RunLock take(String what, Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new IllegalArgumentException(
                    what + " is in use by a run that is under way (expected: a folder that no run writes to);"
                            + " wait until it has ended, or give another folder");
        }
        return new RunLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // a run of this JVM has it
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
