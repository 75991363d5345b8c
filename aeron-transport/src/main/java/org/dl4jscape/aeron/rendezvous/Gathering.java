package org.dl4jscape.aeron.rendezvous;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;

/**
 * Who sits where, what was announced, and who wants to go on: all decisions of a {@link RendezvousHost}, without sockets
 * and without a clock. Belongs to the thread of the host.
 *
 * <p>Life of a generation: seats are taken until all are; then it is formed, and ranks meet; then some ask for the next, or
 * all leave. Whatever goes wrong before it is formed ends the attempt for all who sit; later it ends for one.
 */
final class Gathering {
    private static final int REMEMBERED_MAX = 4;

    private final RendezvousHost.Context context;
    private final List<String> turnedAway = new ArrayList<>();
    private int generation;
    private @Nullable Guest[] seats;
    private @Nullable String[] lines;
    private boolean[] wantsNext;
    private String fingerprint = "";
    private boolean formed;
    private int meeting;
    private Message.@Nullable Refusal spoiled;
    private boolean waiting;
    private long waitingSinceNs;
    private boolean regrouping;
    private long regroupingSinceNs;
    private Message.@Nullable Refusal failed;
    private boolean[] unaware = new boolean[0];
    private long failedAtNs;

    Gathering(RendezvousHost.Context context) {
        this.context = context;
        generation = context.generation();
        seats = new @Nullable Guest[context.worldSize()];
        lines = new @Nullable String[context.worldSize()];
        wantsNext = new boolean[context.worldSize()];
    }

    int generation() {
        return generation;
    }

    int worldSize() {
        return seats.length;
    }

    /** Somebody came who gets no seat; said to those who wait in vain. */
    void turnedAway(String why) {
        if (turnedAway.size() < REMEMBERED_MAX) {
            turnedAway.add(why);
        }
    }

    /** A rank asks for its seat; true when it has it. */
    boolean join(Guest guest, Message.Join join, long nowNs) {
        if (join.generation() != generation) {
            return refuse(
                    guest,
                    Reason.GENERATION,
                    join.rank(),
                    "rank " + join.rank() + " at " + guest.address() + " joins generation " + join.generation()
                            + " (expected: " + generation + "); start it with the group that runs now, or end what is"
                            + " left of an older one");
        }
        if (join.worldSize() != seats.length || join.rank() < 0 || join.rank() >= seats.length) {
            return refuseOrFail(
                    guest,
                    nowNs,
                    Reason.WORLD_SIZE,
                    join.rank(),
                    "rank " + join.rank() + " of " + join.worldSize() + " at " + guest.address()
                            + " joins a group of worldSize=" + seats.length
                            + "; start all ranks and the host with the same worldSize");
        }
        Message.Refusal missed = missed(join.rank(), nowNs);
        if (missed != null) {
            end(guest, missed);
            return false;
        }
        Guest other = seats[join.rank()];
        if (other != null || formed) {
            return refuseOrFail(
                    guest,
                    nowNs,
                    Reason.DUPLICATE_RANK,
                    join.rank(),
                    "rank " + join.rank() + " joins from " + guest.address()
                            + (other == null
                                    ? " a generation that is formed already"
                                    : ", and from " + other.address() + " before")
                            + "; every process needs a rank of its own");
        }
        if (isEmpty()) {
            fingerprint = join.fingerprint();
        } else if (!fingerprint.equals(join.fingerprint())) {
            return refuseOrFail(
                    guest,
                    nowNs,
                    Reason.FINGERPRINT,
                    join.rank(),
                    "rank " + join.rank() + " has fingerprint " + join.fingerprint() + " (expected: " + fingerprint
                            + ", as the first rank that came); run the same network and configuration on all ranks");
        }
        seats[join.rank()] = guest;
        guest.tell(new Message.Place(new ProcessGroup(join.rank(), seats.length, generation)));
        await(nowNs);
        formIfFull();
        return true;
    }

    private void formIfFull() {
        for (Guest seat : seats) {
            if (seat == null) {
                return;
            }
        }
        formed = true;
        failed = null;
        waiting = hasLines();
        turnedAway.clear();
    }

    /** A rank announces its line; when all have, all get all. */
    void line(Guest guest, Message.Line line, long nowNs) {
        int rank = rankOf(guest);
        if (line.rank() != rank || line.meeting() != meeting || lines[rank] != null) {
            end(
                    guest,
                    new Message.Refusal(
                            Reason.PROTOCOL,
                            true,
                            rank,
                            "rank " + rank + " announced a line as rank " + line.rank() + " for meeting "
                                    + line.meeting() + " (expected: meeting " + meeting
                                    + ", once); all ranks must meet equally often"));
            gone(guest, nowNs);
            return;
        }
        if (spoiled != null) {
            guest.tell(spoiled);
            return;
        }
        lines[rank] = line.text();
        await(nowNs);
        int absent = firstGone();
        if (formed && absent >= 0) {
            spoil(Reason.RANK_LOST, absent, "rank " + absent + " of " + seats.length + " is gone");
            return;
        }
        completeMeeting();
    }

    private void completeMeeting() {
        for (String there : lines) {
            if (there == null) {
                return;
            }
        }
        for (Guest seat : seats) {
            for (int rank = 0; rank < lines.length && seat != null; rank++) {
                seat.tell(new Message.Line(meeting, rank, String.valueOf(lines[rank])));
            }
        }
        Arrays.fill(lines, null);
        meeting++;
        waiting = false;
    }

    /** A rank asks for the next generation. */
    void next(Guest guest, Message.Next next, long nowNs) {
        int rank = rankOf(guest);
        if (!formed || next.generation() != generation) {
            end(
                    guest,
                    new Message.Refusal(
                            Reason.GENERATION,
                            true,
                            rank,
                            "rank " + rank + " asks for what follows generation " + next.generation()
                                    + (formed ? " (expected: " + generation + ")" : ", which is not formed yet")));
            gone(guest, nowNs);
            return;
        }
        wantsNext[rank] = true;
        if (!regrouping) {
            regrouping = true;
            regroupingSinceNs = nowNs;
            spoil(Reason.RANK_LOST, rank, "rank " + rank + " of " + seats.length + " asks for the next generation");
        }
        regroupIfComplete();
    }

    /** A connection has ended, or its rank has left. */
    void gone(Guest guest, long nowNs) {
        int rank = rankOf(guest);
        if (rank < 0) {
            return;
        }
        seats[rank] = null;
        wantsNext[rank] = false;
        lines[rank] = null;
        if (isEmpty()) {
            open(new @Nullable Guest[seats.length]);
            return;
        }
        if (formed && hasLines()) {
            spoil(
                    Reason.RANK_LOST,
                    rank,
                    "rank " + rank + " of " + seats.length + " (" + guest.address() + ") has gone");
        }
        regroupIfComplete();
    }

    /** Ends what takes too long. */
    void tick(long nowNs) {
        if (waiting && nowNs - waitingSinceNs > context.timeoutNs()) {
            String late = "within " + TimeUnit.NANOSECONDS.toMillis(context.timeoutNs()) + " ms";
            if (formed) {
                int missing = firstWithoutLine();
                spoil(
                        Reason.TIMEOUT,
                        missing,
                        "rank " + missing + " of " + seats.length + " did not come to meeting " + meeting + " " + late);
            } else {
                fail(
                        Reason.TIMEOUT,
                        firstGone(),
                        "rank " + firstGone() + " of " + seats.length + " did not join generation " + generation + " "
                                + late + " (here: " + here() + ")"
                                + (turnedAway.isEmpty()
                                        ? "; was it started?"
                                        : "; turned away meanwhile: " + String.join("; ", turnedAway)));
            }
        }
        if (regrouping && nowNs - regroupingSinceNs > context.regroupTimeoutNs()) {
            regroup();
        }
    }

    private void regroupIfComplete() {
        if (!regrouping) {
            return;
        }
        for (int rank = 0; rank < seats.length; rank++) {
            if (seats[rank] != null && !wantsNext[rank]) {
                return;
            }
        }
        regroup();
    }

    /** Seats those who want to go on in the order of their ranks; the others are left out. */
    private void regroup() {
        List<Guest> going = new ArrayList<>();
        for (int rank = 0; rank < seats.length; rank++) {
            Guest guest = seats[rank];
            if (guest != null && wantsNext[rank]) {
                going.add(guest);
            } else if (guest != null) {
                end(
                        guest,
                        new Message.Refusal(
                                Reason.LEFT_OUT,
                                true,
                                rank,
                                "generation " + (generation + 1) + " was formed without rank " + rank + " of "
                                        + seats.length + ", which did not ask for it within "
                                        + TimeUnit.NANOSECONDS.toMillis(context.regroupTimeoutNs())
                                        + " ms; what it does now is not used"));
            }
        }
        if (going.size() < context.minWorldSize()) {
            String sentence = going.size() + " of " + seats.length + " ranks are left (expected: >= minWorldSize="
                    + context.minWorldSize() + "); start the missing ranks and the group anew";
            going.forEach(guest -> end(guest, new Message.Refusal(Reason.TOO_FEW, true, -1, sentence)));
            going.clear();
        }
        if (going.isEmpty()) {
            open(new @Nullable Guest[seats.length]);
            return;
        }
        generation++;
        open(going.toArray(new @Nullable Guest[0]));
        formed = true;
        for (int rank = 0; rank < seats.length; rank++) {
            going.get(rank).tell(new Message.Place(new ProcessGroup(rank, seats.length, generation)));
        }
    }

    private void open(@Nullable Guest[] taken) {
        seats = taken;
        lines = new @Nullable String[taken.length];
        wantsNext = new boolean[taken.length];
        formed = false;
        meeting = 0;
        spoiled = null;
        waiting = false;
        regrouping = false;
    }

    /** Ends the attempt for all who sit. */
    void fail(Reason reason, int rank, String sentence) {
        Message.Refusal refusal = new Message.Refusal(reason, true, rank, sentence);
        for (Guest seat : seats) {
            if (seat != null) {
                end(seat, refusal);
            }
        }
        open(new @Nullable Guest[seats.length]);
    }

    /** Nobody meets any more in this generation; those who wait are told, and may ask for the next. */
    private void spoil(Reason reason, int rank, String sentence) {
        spoiled = new Message.Refusal(
                reason, false, rank, sentence + ", so generation " + generation + " does not meet any more");
        for (int i = 0; i < seats.length; i++) {
            Guest seat = seats[i];
            if (seat != null && lines[i] != null) {
                seat.tell(spoiled);
            }
        }
        Arrays.fill(lines, null);
        waiting = false;
    }

    /** Ranks that come to the attempt later must hear too why it has failed, instead of waiting for it. */
    private boolean refuseOrFail(Guest guest, long nowNs, Reason reason, int rank, String sentence) {
        if (!formed) {
            unaware = new boolean[seats.length];
            for (int i = 0; i < seats.length; i++) {
                unaware[i] = seats[i] == null && i != rank;
            }
            failed = new Message.Refusal(reason, true, rank, sentence);
            failedAtNs = nowNs;
            fail(reason, rank, sentence);
        }
        return refuse(guest, reason, rank, sentence);
    }

    /** Why the attempt failed that this rank comes to late; null where it missed none. Told once. */
    private Message.@Nullable Refusal missed(int rank, long nowNs) {
        boolean late = failed != null && nowNs - failedAtNs <= context.timeoutNs() && unaware[rank];
        if (!late) {
            return null;
        }
        unaware[rank] = false;
        return failed;
    }

    private boolean refuse(Guest guest, Reason reason, int rank, String sentence) {
        turnedAway(sentence);
        end(guest, new Message.Refusal(reason, true, rank, sentence));
        return false;
    }

    private static void end(Guest guest, Message.Refusal refusal) {
        guest.tell(refusal);
        guest.end();
    }

    private void await(long nowNs) {
        if (!waiting) {
            waiting = true;
            waitingSinceNs = nowNs;
        }
    }

    /** The rank that sits there, -1 where it has no seat (any more). */
    private int rankOf(Guest guest) {
        for (int rank = 0; rank < seats.length; rank++) {
            if (guest.equals(seats[rank])) {
                return rank;
            }
        }
        return -1;
    }

    private boolean isEmpty() {
        for (Guest seat : seats) {
            if (seat != null) {
                return false;
            }
        }
        return true;
    }

    private boolean hasLines() {
        for (String line : lines) {
            if (line != null) {
                return true;
            }
        }
        return false;
    }

    private int firstGone() {
        return Arrays.asList(seats).indexOf(null);
    }

    private int firstWithoutLine() {
        return Arrays.asList(lines).indexOf(null);
    }

    private String here() {
        List<String> ranks = new ArrayList<>();
        for (int rank = 0; rank < seats.length; rank++) {
            if (seats[rank] != null) {
                ranks.add(Integer.toString(rank));
            }
        }
        return ranks.isEmpty() ? "none" : String.join(", ", ranks);
    }
}
