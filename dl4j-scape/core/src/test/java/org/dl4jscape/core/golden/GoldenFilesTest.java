package org.dl4jscape.core.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoldenFilesTest {
    @Test
    void shouldGiveEveryFileToExactlyOneTest() {
        List<Path> read = new ArrayList<>();
        for (GoldenFiles files : GoldenFiles.values()) {
            read.addAll(files.paths());
        }
        read.sort(null);
        assertEquals(GoldenFiles.all(), read, "golden files that no test reads, or that two kinds claim");
        assertEquals(53, read.size(), "golden files");
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindTheKindThatTheFilesName(GoldenFiles files) {
        for (Path file : files.paths()) {
            assertEquals(files.kind(), GoldenFiles.read(file).get("kind").asText(), file.toString());
        }
    }
}
