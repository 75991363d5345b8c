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
import org.junit.jupiter.params.provider.ValueSource;

class RankEndpointTest {
    private static final String SHAPE = "aeron:mtuLength=1408";
    private static final RankEndpoint ENDPOINT = new RankEndpoint(
            new ProcessGroup(1, 2, 3),
            SHAPE,
            77,
            "10.0.0.3",
            "c0ffee",
            "/dev/shm/a folder",
            List.of(new RankEndpoint.Door(40124, -5), new RankEndpoint.Door(0, 0)));

    @Test
    void shouldReadWhatItWrote() {
        assertEquals(ENDPOINT, RankEndpoint.parse(ENDPOINT.toLine(), 1, new ProcessGroup(0, 2, 3), SHAPE));
    }

    @ParameterizedTest
    @CsvSource({
        "0,2,3,aeron:mtuLength=1408,rank 0 announced rank=1 (expected: 0",
        "1,4,3,aeron:mtuLength=1408,rank 1 announced worldSize=2 (expected: 4",
        "1,2,4,aeron:mtuLength=1408,rank 1 announced generation=3 (expected: 4",
        "1,2,3,aeron:mtuLength=8192,rank 1 announced transport=aeron:mtuLength=1408 (expected: aeron:mtuLength=8192"
    })
    void shouldRefuseALineOfAnotherGroup(int rank, int worldSize, int generation, String shape, String expected) {
        ProcessGroup own = new ProcessGroup(0, worldSize, generation);
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> RankEndpoint.parse(ENDPOINT.toLine(), rank, own, shape));
        assertTrue(String.valueOf(refusal.getMessage()).contains(expected), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mpi 7",
                "scape-aeron/1 1 2 3 1408 77 10.0.0.3 1/2,0/0",
                "scape-aeron/2 1 2 3 aeron:mtuLength=1408 77 10.0.0.3 c0ffee folder 1-2,0/0",
                "scape-aeron/2 1 2 3 aeron:mtuLength=1408 x 10.0.0.3 c0ffee folder 1/2,0/0"
            })
    void shouldRefuseALineThatIsNotOne(String line) {
        CollectiveException refusal = assertThrows(
                CollectiveException.class, () -> RankEndpoint.parse(line, 1, new ProcessGroup(0, 2, 3), SHAPE));
        assertTrue(
                String.valueOf(refusal.getMessage()).startsWith("rank 1 announced '" + line + "'"),
                refusal.getMessage());
    }

    @Test
    void shouldFitTheRendezvousWith200Ranks() {
        List<RankEndpoint.Door> doors = new ArrayList<>();
        for (int rank = 0; rank < 200; rank++) {
            doors.add(new RankEndpoint.Door(65535, Integer.MIN_VALUE));
        }
        RankEndpoint endpoint = new RankEndpoint(
                ProcessGroup.of(0, 200),
                SHAPE,
                Integer.MAX_VALUE,
                "10.200.200.200",
                "01234567-01234567",
                "/dev/shm/dl4jscape-aeron-4194304-0123456789ab",
                doors);
        assertTrue(
                endpoint.toLine().length() <= 4096,
                "length " + endpoint.toLine().length());
    }
}
