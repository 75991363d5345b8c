package org.dl4jscape.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.IoUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of embedded drivers below one folder: {@code dl4jscape-aeron-PID-RANDOM}.
 *
 * <p>A driver deletes its own, unless its process is killed. What such a process left is deleted by the next one: its
 * process is gone, and its driver has shown no sign of life for longer than a living one ever pauses (the processes of
 * another container are not seen, its drivers are).
 */
final class DriverFolders {
    private static final Logger LOG = LoggerFactory.getLogger(DriverFolders.class);
    private static final Pattern NAME = Pattern.compile("dl4jscape-aeron-(\\d{1,10})-[0-9a-f]{12}");
    private static final long ACTIVE_WITHIN_MS = TimeUnit.SECONDS.toMillis(30);

    private final Path parent;

    DriverFolders(Path parent) {
        this.parent = parent;
    }

    /** A name that nobody else has; the folder is not made. */
    Path next() {
        byte[] unique = new byte[6];
        new SecureRandom().nextBytes(unique);
        return parent.resolve("dl4jscape-aeron-" + ProcessHandle.current().pid() + "-"
                + HexFormat.of().formatHex(unique));
    }

    /** Deletes what killed processes left behind. */
    void sweep() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, "dl4jscape-aeron-*")) {
            folders.forEach(DriverFolders::sweep);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("{} could not be searched for left folders: {}", parent, e.toString());
        }
    }

    /** Other ranks sweep at the same time, so anything may vanish while it is looked at. */
    private static void sweep(Path folder) {
        try {
            if (isLeftOver(folder)) {
                LOG.info("deleting {}, which a process that was killed left behind", folder);
                IoUtil.delete(folder.toFile(), true);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} is left alone: {}", folder, e.toString());
        }
    }

    private static boolean isLeftOver(Path folder) throws IOException {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (!name.matches() || !Files.isWritable(folder)) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        return ProcessHandle.of(pid).isEmpty() && !isAlive(folder);
    }

    /** A driver that has just been started has no sign of life yet, but a young folder. */
    private static boolean isAlive(Path folder) throws IOException {
        if (showsSigns(folder.resolve(CncFileDescriptor.CNC_FILE))) {
            return CommonContext.isDriverActive(folder.toFile(), ACTIVE_WITHIN_MS, message -> {});
        }
        return isYoung(folder);
    }

    /** Aeron waits for a version that is not written yet as long as for a sign of life, so look first. */
    private static boolean showsSigns(Path signs) throws IOException {
        if (!Files.exists(signs) || Files.size(signs) < CncFileDescriptor.END_OF_METADATA_OFFSET) {
            return false;
        }
        try (InputStream start = Files.newInputStream(signs)) {
            byte[] version = start.readNBytes(Integer.BYTES);
            return (version[0] | version[1] | version[2] | version[3]) != 0;
        }
    }

    private static boolean isYoung(Path folder) throws IOException {
        return System.currentTimeMillis() - Files.getLastModifiedTime(folder).toMillis() < ACTIVE_WITHIN_MS;
    }
}
