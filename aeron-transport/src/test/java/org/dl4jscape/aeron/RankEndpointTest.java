package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankEndpointTest {
    private static final RankEndpoint ENDPOINT = new RankEndpoint(
            new ProcessGroup(1, 2, 3),
            1408,
            77,
            "10.0.0.3",
            List.of(new RankEndpoint.Door(40124, -5), new RankEndpoint.Door(0, 0)));

    @Test
    void shouldReadWhatItWrote() {
        assertEquals(ENDPOINT, RankEndpoint.parse(ENDPOINT.toLine(), 1, new ProcessGroup(0, 2, 3), 1408));
    }

    @ParameterizedTest
    @CsvSource({
        "0,2,3,1408,rank 0 announced rank=1 (expected: 0",
        "1,4,3,1408,rank 1 announced worldSize=2 (expected: 4",
        "1,2,4,1408,rank 1 announced generation=3 (expected: 4",
        "1,2,3,8192,rank 1 announced mtuLength=1408 (expected: 8192"
    })
    void shouldRefuseALineOfAnotherGroup(int rank, int worldSize, int generation, int mtuLength, String expected) {
        ProcessGroup own = new ProcessGroup(0, worldSize, generation);
        CollectiveException refusal = assertThrows(
                CollectiveException.class, () -> RankEndpoint.parse(ENDPOINT.toLine(), rank, own, mtuLength));
        assertTrue(String.valueOf(refusal.getMessage()).contains(expected), refusal.getMessage());
    }

    @Test
    void shouldRefuseALineOfAnotherTransport() {
        CollectiveException refusal = assertThrows(
                CollectiveException.class, () -> RankEndpoint.parse("mpi 7", 1, ProcessGroup.of(0, 2), 1408));
        assertTrue(String.valueOf(refusal.getMessage()).contains("'mpi 7'"), refusal.getMessage());
    }

    @Test
    void shouldFitTheRendezvousWith200Ranks() {
        List<RankEndpoint.Door> doors = new ArrayList<>();
        for (int rank = 0; rank < 200; rank++) {
            doors.add(new RankEndpoint.Door(65535, Integer.MIN_VALUE));
        }
        RankEndpoint endpoint =
                new RankEndpoint(ProcessGroup.of(0, 200), 1408, Integer.MAX_VALUE, "10.200.200.200", doors);
        assertTrue(
                endpoint.toLine().length() <= 4096,
                "length " + endpoint.toLine().length());
    }
}
