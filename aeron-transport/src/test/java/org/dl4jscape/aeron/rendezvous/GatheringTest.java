package org.dl4jscape.aeron.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final long TIMEOUT_NS = 1000;
    private static final long REGROUP_NS = 500;

    private final Gathering gathering = new Gathering(new RendezvousHost.Context()
            .worldSize(3)
            .minWorldSize(2)
            .generation(5)
            .timeoutNs(TIMEOUT_NS)
            .regroupTimeoutNs(REGROUP_NS)
            .conclude());
    private final Rank zero = new Rank("zero");
    private final Rank one = new Rank("one");
    private final Rank two = new Rank("two");

    /** A rank that keeps what it is told. */
    private record Rank(String address, List<Message> told, List<String> ends) implements Guest {
        Rank(String address) {
            this(address, new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public void tell(Message message) {
            told.add(message);
        }

        @Override
        public void end() {
            ends.add("ended");
        }

        Message last() {
            return told.get(told.size() - 1);
        }

        Reason refusal() {
            return ((Message.Refusal) last()).reason();
        }

        String sentence() {
            return ((Message.Refusal) last()).sentence();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private boolean join(Rank rank, int number) {
        return gathering.join(rank, new Message.Join(number, 3, 5, "f"), 0);
    }

    private void form() {
        assertTrue(join(two, 2));
        assertTrue(join(zero, 0));
        assertTrue(join(one, 1));
    }

    private void announce(Rank rank, int number, int meeting) {
        gathering.line(rank, new Message.Line(meeting, number, "line of " + number), 0);
    }

    private static Message place(int rank, int worldSize, int generation) {
        return new Message.Place(new ProcessGroup(rank, worldSize, generation));
    }

    @Test
    void shouldGiveAllLinesToAllInRankOrderAsOftenAsAllMeet() {
        form();
        for (int meeting = 0; meeting < 2; meeting++) {
            announce(one, 1, meeting);
            announce(zero, 0, meeting);
            assertEquals(1 + 3 * meeting, two.told().size());
            announce(two, 2, meeting);
            for (Rank rank : List.of(zero, one, two)) {
                List<Message> lines = rank.told().subList(1 + 3 * meeting, 4 + 3 * meeting);
                for (int i = 0; i < 3; i++) {
                    assertEquals(new Message.Line(meeting, i, "line of " + i), lines.get(i));
                }
            }
        }
    }

    @Test
    void shouldFailForAllWhenTwoAreTheSameRank() {
        join(zero, 0);
        join(one, 1);
        assertFalse(join(two, 1));
        for (Rank rank : List.of(zero, one, two)) {
            assertEquals(Reason.DUPLICATE_RANK, rank.refusal());
            assertTrue(rank.sentence().contains("rank 1 joins from two, and from one before"), rank.sentence());
            assertEquals(1, rank.ends().size());
        }
    }

    @Test
    void shouldTellARankThatComesToAFailedAttemptOnceAndThenBeginAnew() {
        join(one, 1);
        assertFalse(join(two, 1));
        assertFalse(join(zero, 0));
        assertEquals(Reason.DUPLICATE_RANK, zero.refusal());
        assertTrue(join(new Rank("zero again"), 0));
        assertTrue(join(new Rank("one again"), 1));
        assertFalse(join(new Rank("two"), 2), "rank 2 has not heard of it yet");
        assertTrue(join(new Rank("two again"), 2));
    }

    @Test
    void shouldForgetAFailedAttemptAfterTheTimeout() {
        join(one, 1);
        assertFalse(join(two, 1));
        assertTrue(gathering.join(zero, new Message.Join(0, 3, 5, "f"), TIMEOUT_NS + 1));
    }

    @Test
    void shouldFailForAllWhenSizesOrFingerprintsDiffer() {
        join(zero, 0);
        assertFalse(gathering.join(one, new Message.Join(1, 4, 5, "f"), 0));
        assertEquals(Reason.WORLD_SIZE, zero.refusal());
        assertEquals(Reason.WORLD_SIZE, one.refusal());
        Rank again = new Rank("again");
        join(again, 0);
        assertFalse(gathering.join(two, new Message.Join(1, 3, 5, "g"), 0));
        assertEquals(Reason.FINGERPRINT, again.refusal());
        assertEquals(Reason.FINGERPRINT, two.refusal());
        assertTrue(two.sentence().contains("has fingerprint g (expected: f"), two.sentence());
    }

    @Test
    void shouldTurnAwayAnOldGenerationWithoutHarmToTheNewOne() {
        join(zero, 0);
        assertFalse(gathering.join(two, new Message.Join(2, 3, 4, "f"), 0));
        assertEquals(Reason.GENERATION, two.refusal());
        assertEquals(place(0, 3, 5), zero.last());
        gathering.tick(TIMEOUT_NS + 1);
        assertEquals(Reason.TIMEOUT, zero.refusal());
        assertTrue(
                zero.sentence().contains("turned away meanwhile: rank 2 at two joins generation 4"), zero.sentence());
    }

    @Test
    void shouldNameTheRankThatDoesNotJoinAndTakeTheGroupThatComesLater() {
        join(zero, 0);
        join(two, 2);
        gathering.tick(TIMEOUT_NS);
        assertEquals(place(0, 3, 5), zero.last());
        gathering.tick(TIMEOUT_NS + 1);
        assertEquals(1, ((Message.Refusal) zero.last()).rank());
        assertTrue(two.sentence().contains("rank 1 of 3 did not join generation 5 within"), two.sentence());
        assertTrue(two.sentence().contains("here: 0, 2"), two.sentence());
        form();
    }

    @Test
    void shouldLetARankComeAgainBeforeTheGenerationIsFormed() {
        join(zero, 0);
        join(one, 1);
        gathering.gone(one, 0);
        assertTrue(join(new Rank("one again"), 1));
        assertTrue(join(two, 2));
    }

    @Test
    void shouldTellThoseWhoMeetThatARankIsGone() {
        form();
        announce(zero, 0, 0);
        gathering.gone(two, 0);
        assertEquals(Reason.RANK_LOST, zero.refusal());
        assertEquals(2, ((Message.Refusal) zero.last()).rank());
        assertFalse(((Message.Refusal) zero.last()).isFinal());
        announce(one, 1, 0);
        assertEquals(Reason.RANK_LOST, one.refusal());
        assertFalse(join(new Rank("late"), 2), "a formed generation takes nobody in");
        assertTrue(zero.ends().isEmpty());
    }

    @Test
    void shouldSeatSurvivorsInOrderOnceAllHaveAskedOrAreGone() {
        form();
        gathering.next(two, new Message.Next(5), 0);
        gathering.next(zero, new Message.Next(5), 0);
        assertEquals(place(2, 3, 5), two.last());
        gathering.gone(one, 0);
        assertEquals(place(0, 2, 6), zero.last());
        assertEquals(place(1, 2, 6), two.last());
        announce(two, 1, 0);
        announce(zero, 0, 0);
        assertEquals(new Message.Line(0, 1, "line of 1"), zero.last());
    }

    @Test
    void shouldLeaveOutWhoDoesNotAskInTime() {
        form();
        gathering.next(one, new Message.Next(5), 0);
        gathering.next(two, new Message.Next(5), 0);
        gathering.tick(REGROUP_NS);
        assertEquals(place(1, 3, 5), one.last());
        gathering.tick(REGROUP_NS + 1);
        assertEquals(place(0, 2, 6), one.last());
        assertEquals(place(1, 2, 6), two.last());
        assertEquals(Reason.LEFT_OUT, zero.refusal());
        assertEquals(1, zero.ends().size());
        gathering.gone(zero, 0);
        announce(one, 0, 0);
        announce(two, 1, 0);
        assertEquals(new Message.Line(0, 1, "line of 1"), one.last());
    }

    @Test
    void shouldFormNoGenerationOfTooFew() {
        form();
        gathering.gone(zero, 0);
        gathering.gone(one, 0);
        gathering.next(two, new Message.Next(5), 0);
        assertEquals(Reason.TOO_FEW, two.refusal());
        assertTrue(two.sentence().contains("1 of 3 ranks are left (expected: >= minWorldSize=2)"), two.sentence());
    }

    @Test
    void shouldRefuseALineOutOfTurn() {
        form();
        announce(one, 1, 1);
        assertEquals(Reason.PROTOCOL, one.refusal());
        announce(zero, 0, 0);
        assertEquals(Reason.RANK_LOST, zero.refusal());
    }
}
