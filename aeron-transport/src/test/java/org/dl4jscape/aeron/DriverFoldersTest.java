package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverFoldersTest {
    /** Above the largest process number of Linux, 4194304. */
    private static final String NO_PROCESS = "1999999999";

    @TempDir
    Path parent;

    @Test
    void shouldDeleteWhatAProcessThatIsGoneLeftAndNothingElse() throws Exception {
        DriverFolders folders = new DriverFolders(parent);
        Path left = Files.createDirectory(parent.resolve("dl4jscape-aeron-" + NO_PROCESS + "-0123456789ab"));
        Files.writeString(left.resolve("loss-report.dat"), "x");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(60)));
        Path mine = Files.createDirectory(folders.next());
        Path foreign = Files.createDirectory(parent.resolve("dl4jscape-aeron-notes"));
        folders.sweep();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(mine));
        assertTrue(Files.exists(foreign));
    }

    @Test
    void shouldSpareAFolderThatHasJustBeenMadeWhereItsProcessCannotBeSeen() throws Exception {
        Path starting = Files.createDirectory(parent.resolve("dl4jscape-aeron-" + NO_PROCESS + "-0123456789ab"));
        Files.createFile(starting.resolve("cnc.dat"));
        new DriverFolders(parent).sweep();
        assertTrue(Files.exists(starting));
    }

    @Test
    void shouldSpareWhatCannotBeRead() throws Exception {
        Path odd = Files.writeString(parent.resolve("dl4jscape-aeron-" + NO_PROCESS + "-0123456789ab"), "a file");
        Path left = Files.createDirectory(parent.resolve("dl4jscape-aeron-" + NO_PROCESS + "-ba9876543210"));
        Files.write(left.resolve("cnc.dat"), new byte[512]);
        new DriverFolders(parent).sweep();
        assertTrue(Files.exists(odd));
    }

    @Test
    void shouldNeverNameAFolderTwice() {
        DriverFolders folders = new DriverFolders(parent);
        assertNotEquals(folders.next(), folders.next());
    }
}
