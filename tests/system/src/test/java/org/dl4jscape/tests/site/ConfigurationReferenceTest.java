package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
    private static final String WRITTEN = new ConfigurationReference().write();

    @Test
    void shouldCommitThePageThatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("site.write")) {
            Files.createDirectories(Repository.file(ConfigurationReference.PAGE).getParent());
            Files.writeString(Repository.file(ConfigurationReference.PAGE), WRITTEN);
        }
        assertEquals(WRITTEN, Repository.text(ConfigurationReference.PAGE), ConfigurationReference.remedy());
    }

    @Test
    void shouldReadDefaultsAndRangesFromTheCode() {
        for (String section : ConfigurationReference.sections()) {
            assertTrue(WRITTEN.contains("`" + section + "`"), section);
        }
        double density = ScapeConfig.builder().build().density().finalDensity();
        assertTrue(WRITTEN.contains("| `density` | `" + density + "` |  | `0 < density <= 1` |"), WRITTEN);
        assertTrue(WRITTEN.contains("| `warmupSteps` | `100` | steps | `>= 1` |"), WRITTEN);
    }
}
