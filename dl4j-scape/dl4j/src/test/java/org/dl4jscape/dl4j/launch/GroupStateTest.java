package org.dl4jscape.dl4j.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When ranks start, stop and end. */
class GroupStateTest {
    private static final String WHY = "rank 1 on node 0 ended with status 7";

    /** A launcher that remembers what it was told. */
    private static final class Told implements GroupState.Node {
        private final List<String> messages = new ArrayList<>();

        @Override
        public void tell(String message) {
            messages.add(message);
        }

        @Override
        public String address() {
            return "10.0.0.7:4000";
        }

        String last() {
            return messages.get(messages.size() - 1);
        }
    }

    private final Told first = new Told();
    private final Told second = new Told();

    private GroupState joined(int maxRestarts) {
        GroupState state = new GroupState(2, 3, maxRestarts);
        assertEquals("", state.join(1, 2, 3, second));
        assertEquals(List.of(), second.messages, "nobody starts before all are there");
        assertEquals("", state.join(0, 2, 3, first));
        return state;
    }

    private void assertBoth(String message) {
        assertEquals(message, first.last());
        assertEquals(message, second.last());
    }

    @Test
    void shouldStartWhenAllNodesAreThere() {
        assertEquals(6, joined(0).worldSize());
        assertBoth("start 0");
    }

    @Test
    void shouldEndWhenAllNodesAreDone() {
        GroupState state = joined(0);
        state.done(0, 0);
        assertBoth("start 0");
        state.done(1, 0);
        assertBoth("end 0 ");
    }

    @Test
    void shouldStartAgainOnlyWhenAllHaveStopped() {
        GroupState state = joined(1);
        state.failed(0, WHY);
        assertBoth("stop " + WHY + "; all ranks start again (restart 1 of 1)");
        state.stopped(1);
        assertEquals(0, state.generation());
        state.stopped(0);
        assertBoth("start 1");
        assertEquals(1, state.generation());
    }

    @Test
    void shouldEndWhenNoRestartIsLeft() {
        GroupState state = joined(0);
        state.failed(0, WHY);
        assertBoth("stop " + WHY);
        state.stopped(0);
        state.stopped(1);
        assertBoth("end 1 " + WHY);
    }

    @Test
    void shouldIgnoreWhatComesLate() {
        GroupState state = joined(2);
        state.failed(0, WHY);
        state.failed(0, "rank 2 on node 0 ended with status 137");
        state.done(1, 0);
        state.stopped(0);
        state.stopped(1);
        state.failed(0, "rank 2 of the generation before");
        state.done(0, 0);
        state.done(1, 0);
        assertBoth("start 1");
    }

    @Test
    void shouldEndWithTheNodeThatIsGoneAlthoughRestartsAreLeft() {
        GroupState state = joined(5);
        state.gone(1);
        assertTrue(first.last().startsWith("stop the launcher of node 1 (10.0.0.7:4000) is gone"), first.last());
        state.stopped(0);
        assertTrue(first.last().startsWith("end 1 the launcher of node 1 (10.0.0.7:4000) is gone"), first.last());
    }

    @Test
    void shouldEndWhenANodeIsGoneWhileOthersStop() {
        GroupState state = joined(5);
        state.failed(0, WHY);
        state.stopped(0);
        state.gone(1);
        assertTrue(first.last().startsWith("end 1 the launcher of node 1"), first.last());
    }

    @Test
    void shouldLetANodeComeAgainBeforeTheStart() {
        GroupState state = new GroupState(2, 3, 0);
        assertEquals("", state.join(1, 2, 3, second));
        state.gone(1);
        assertEquals("", state.join(1, 2, 3, second));
        assertEquals("", state.join(0, 2, 3, first));
        assertBoth("start 0");
    }

    @Test
    void shouldSayWhyANodeMayNotJoin() {
        GroupState state = new GroupState(2, 3, 0);
        assertEquals("", state.join(1, 2, 3, second));
        assertEquals(
                "--node-rank 1 is taken by 10.0.0.7:4000; give every launcher a node rank of its own, and start all"
                        + " anew",
                state.join(1, 2, 3, first));
        assertEquals("--node-rank 2 (expected: 0 to 1)", state.join(2, 2, 3, first));
        assertTrue(
                state.join(0, 2, 4, first).contains("(expected: --nnodes 2 --nproc-per-node 3, as node 0 has them)"));
    }
}
