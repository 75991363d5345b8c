package org.dl4jscape.dl4j.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a launched process reads from its environment. */
class ProcessRankTest {
    private static final ProcessRank PLACE =
            new ProcessRank(new ProcessGroup(3, 4, 2), 1, 2, "10.0.0.1", 29400, "10.0.0.2");

    @Test
    void shouldReadWhatTheLauncherWrites() {
        assertEquals(PLACE, ProcessRank.from(PLACE.environment()));
    }

    @Test
    void shouldReadAnAddressOfIpv6() {
        ProcessRank place = new ProcessRank(ProcessGroup.of(0, 1), 0, 1, "::1", 29400, "::1");
        assertEquals("[::1]:29400", place.environment().get(ProcessRank.RENDEZVOUS));
        assertEquals(place, ProcessRank.from(place.environment()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        SCAPE_RANK | 4 | rank=4 (expected: 0 <= rank < worldSize=4)
        SCAPE_RANK | first | SCAPE_RANK=first (expected: a whole number)
        SCAPE_WORLD_SIZE | 0 | worldSize=0 (expected: >= 1)
        SCAPE_GENERATION | -1 | generation=-1 (expected: >= 0)
        SCAPE_LOCAL_RANK | 2 | SCAPE_LOCAL_RANK=2, SCAPE_LOCAL_WORLD_SIZE=2 (expected: 0 <= local rank
        SCAPE_LOCAL_WORLD_SIZE | 5 | SCAPE_LOCAL_WORLD_SIZE=5 (expected: 0 <= local rank < local world size <= SCAPE_WORLD_SIZE=4)
        SCAPE_RENDEZVOUS | 10.0.0.1 | SCAPE_RENDEZVOUS=10.0.0.1 (expected: HOST:PORT
        """)
    void shouldRefuseWhatCannotBe(String name, String value, String sentence) {
        Map<String, String> environment = new HashMap<>(PLACE.environment());
        environment.put(name, value);
        var refused = assertThrows(IllegalArgumentException.class, () -> ProcessRank.from(environment));
        assertTrue(String.valueOf(refused.getMessage()).contains(sentence), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "SCAPE_RANK",
        "SCAPE_WORLD_SIZE",
        "SCAPE_GENERATION",
        "SCAPE_LOCAL_RANK",
        "SCAPE_RENDEZVOUS",
        "SCAPE_ADDRESS"
    })
    void shouldNameWhatIsMissing(String name) {
        Map<String, String> environment = new HashMap<>(PLACE.environment());
        environment.remove(name);
        var missing = assertThrows(IllegalStateException.class, () -> ProcessRank.from(environment));
        assertTrue(
                String.valueOf(missing.getMessage()).startsWith(name + " is not set (expected: by scape-launch)"),
                missing.getMessage());
    }

    @Test
    void shouldRefuseOtherRanksThanTheGroupHas() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> ScapeTrainer.builder().group(PLACE).ranks(2).build());
        assertEquals(
                "ranks=2 (expected: 4, the processes of the group); leave ranks(..) out, scape-launch says how many"
                        + " there are",
                refused.getMessage());
    }

    @Test
    void shouldRefuseATransportThatStaysInOneJvm() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> ScapeTrainer.builder().group(PLACE).transport("inprocess").build());
        assertEquals(
                "transport=inprocess joins the threads of one JVM (expected in a process group: aeron, or tcp)",
                refused.getMessage());
    }
}
