package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.dl4jscape.core.config.ScapeConfig;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
    @Test
    void shouldCommitThePageThatTheCodeSays() throws IOException {
        String page = new ConfigurationReference().write();
        if (Boolean.getBoolean("site.write")) {
            Files.createDirectories(Repository.file(ConfigurationReference.PAGE).getParent());
            Files.writeString(Repository.file(ConfigurationReference.PAGE), page);
        }
        assertEquals(page, Repository.text(ConfigurationReference.PAGE), ConfigurationReference.remedy());
    }

    @Test
    void shouldReadDefaultsAndRangesFromTheCode() {
        String page = new ConfigurationReference().write();
        for (String section : ConfigurationReference.sections()) {
            assertTrue(page.contains("`" + section + "`"), section);
        }
        double density = ScapeConfig.builder().build().density().finalDensity();
        assertTrue(page.contains("| `density` | `" + density + "` |  | `0 < density <= 1` |"), page);
        assertTrue(page.contains("| `warmupSteps` | `100` | steps | `>= 1` |"), page);
    }
}
