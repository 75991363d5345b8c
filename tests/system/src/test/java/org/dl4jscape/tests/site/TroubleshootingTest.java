package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every message that the page "Troubleshooting" explains is one that the code can say. */
class TroubleshootingTest {
    private static final String PAGE = "site/reference/troubleshooting.md";
    private static final Pattern QUOTED = Pattern.compile("(?m)^> `(.*)`$");

    @Test
    void shouldExplainOnlyMessagesThatTheCodeSays() {
        List<String> said =
                new ArrayList<>(SourceTexts.of(Repository.mainSources()).messages());
        List<String> unknown = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(Repository.text(PAGE));
        int count = 0;
        while (quoted.find()) {
            count++;
            String message = quoted.group(1);
            if (said.stream().noneMatch(text -> text.contains(message))) {
                unknown.add(message);
            }
        }
        assertTrue(count >= 20, PAGE + " quotes " + count + " messages");
        assertEquals(List.of(), unknown, "messages on " + PAGE + " that no code says; … stands for a value");
    }
}
