package org.dl4jscape.aeron.rendezvous;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.exchange.CollectiveTimeoutException;
import org.dl4jscape.core.exchange.PeerLostException;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.jspecify.annotations.Nullable;

/**
 * One rank's seat at a {@link RendezvousHost}: meets the others, and after a loss takes a seat in the next generation.
 *
 * <p>The connection stays open as long as the rank takes part: its end is how the host knows that a process is gone.
 * Belongs to one thread; {@link #close} may be called by any.
 */
public final class TcpRendezvous implements Rendezvous, AutoCloseable {
    /** How much longer a rank waits than the host, so that it hears from the host who is missing. */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(5);

    private final HostConnection connection;
    private final Context context;
    private ProcessGroup group;
    private int meeting;

    private TcpRendezvous(HostConnection connection, Context context, ProcessGroup group) {
        this.connection = connection;
        this.context = context;
        this.group = group;
    }

    /**
     * Takes this rank's seat, and returns when it has it; the others may come later.
     *
     * @throws RendezvousException when the host does not resolve, cannot be reached or refuses this rank, saying why
     * @throws IllegalArgumentException when a setting is out of its range
     */
    public static TcpRendezvous join(Context context) {
        context.conclude();
        long deadlineNs = System.nanoTime() + context.timeoutNs();
        ProcessGroup wanted = context.group();
        HostConnection connection = HostConnection.open(context, deadlineNs);
        try {
            connection.send(
                    new Message.Join(wanted.rank(), wanted.worldSize(), wanted.generation(), context.fingerprint()));
            Message answer = connection.await("a seat", deadlineNs);
            if (answer instanceof Message.Place place && place.group().equals(wanted)) {
                connection.seated();
                return new TcpRendezvous(connection, context, wanted);
            }
            throw answer instanceof Message.Refusal refusal
                    ? refused(refusal)
                    : connection.outOfTurn(answer, "a seat for " + wanted);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** This rank's place in the generation that runs. */
    public ProcessGroup group() {
        return group;
    }

    /**
     * {@inheritDoc}
     *
     * @throws CollectiveTimeoutException naming the rank that did not come
     * @throws PeerLostException naming a rank that has gone; {@link #next} leads on
     * @throws RendezvousException when the host refuses this rank or cannot be reached any more
     */
    @Override
    public String[] allGather(String line) {
        if (line.length() > MessageCodec.LINE_CHARS_MAX || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line of " + line.length() + " characters (expected: <= "
                    + MessageCodec.LINE_CHARS_MAX + ", without line breaks)");
        }
        long deadlineNs = System.nanoTime() + context.timeoutNs() + GRACE_NS;
        connection.send(new Message.Line(meeting, group.rank(), line));
        String[] lines = new String[group.worldSize()];
        for (int rank = 0; rank < lines.length; rank++) {
            Message answer = connection.await("the line of rank " + rank, deadlineNs);
            if (answer instanceof Message.Refusal refusal) {
                throw refused(refusal);
            }
            if (!(answer instanceof Message.Line there) || there.meeting() != meeting || there.rank() != rank) {
                throw connection.outOfTurn(answer, "the line of rank " + rank + " for meeting " + meeting);
            }
            lines[rank] = there.text();
        }
        meeting++;
        return lines;
    }

    /**
     * Takes a seat in the next generation, together with all others that ask for it; ranks keep their order. Called when an
     * operation has failed and the collectives are closed. Returns when every member of this generation has asked too, has
     * gone, or was too late.
     *
     * @return this rank's new place, with a higher generation
     * @throws RendezvousException when this rank was too late, too few are left, or the host cannot be reached any more
     */
    public ProcessGroup next() {
        long deadlineNs = System.nanoTime() + context.regroupTimeoutNs() + GRACE_NS;
        connection.send(new Message.Next(group.generation()));
        while (true) {
            Message answer = connection.await("a seat in generation " + (group.generation() + 1), deadlineNs);
            if (answer instanceof Message.Place place && place.group().generation() > group.generation()) {
                group = place.group();
                meeting = 0;
                return group;
            }
            if (answer instanceof Message.Refusal refusal && refusal.isFinal()) {
                throw refused(refusal);
            }
            // anything else belongs to a meeting of the old generation that this rank no longer waits for
        }
    }

    private static RuntimeException refused(Message.Refusal refusal) {
        return switch (refusal.reason()) {
            case TIMEOUT -> new CollectiveTimeoutException(refusal.rank(), refusal.sentence());
            case RANK_LOST -> new PeerLostException(refusal.rank(), "rendezvous", refusal.sentence());
            default -> new RendezvousException(refusal.reason(), refusal.sentence());
        };
    }

    /** Gives the seat back; idempotent. */
    @Override
    public void close() {
        connection.leave(new Message.Leave(group.generation()));
    }

    @Override
    public String toString() {
        return "TcpRendezvous{" + group + " at " + context.address() + '}';
    }

    /** All settings of a rank. Set, then {@link #conclude()}, which checks and freezes them. */
    public static final class Context {
        private boolean concluded;
        private String address = "";
        private ProcessGroup group = ProcessGroup.of(0, 1);
        private String fingerprint = "none";
        private long timeoutNs = RendezvousHost.Context.TIMEOUT_NS_DEFAULT;
        private long regroupTimeoutNs = RendezvousHost.Context.REGROUP_TIMEOUT_NS_DEFAULT;
        private @Nullable SharedSecret secret;

        /** All defaults. */
        public Context() {}

        /**
         * Checks every setting and freezes all; idempotent.
         *
         * @throws IllegalArgumentException naming the setting, its value and what is expected
         */
        public Context conclude() {
            if (timeoutNs <= 0 || regroupTimeoutNs <= 0) {
                throw new IllegalArgumentException(
                        "timeoutNs=" + timeoutNs + ", regroupTimeoutNs=" + regroupTimeoutNs + " (expected: both > 0)");
            }
            int length = fingerprint.getBytes(StandardCharsets.UTF_8).length;
            if (length > MessageCodec.FINGERPRINT_BYTES_MAX) {
                throw new IllegalArgumentException("fingerprint has " + length + " bytes (expected: <= "
                        + MessageCodec.FINGERPRINT_BYTES_MAX + "); use a digest");
            }
            concluded = true;
            return this;
        }

        private <T> T set(T value) {
            if (concluded) {
                throw new IllegalStateException("this context is concluded; settings can no longer change");
            }
            return value;
        }

        /** Where the host listens: {@code host:port}. */
        public Context address(String address) {
            this.address = set(address);
            return this;
        }

        public String address() {
            return address;
        }

        /** This rank's place in the generation that it joins. */
        public Context group(ProcessGroup group) {
            this.group = set(group);
            return this;
        }

        public ProcessGroup group() {
            return group;
        }

        /** Digest of what all ranks must have alike, such as layout and configuration; at most 256 bytes. */
        public Context fingerprint(String fingerprint) {
            this.fingerprint = set(fingerprint);
            return this;
        }

        public String fingerprint() {
            return fingerprint;
        }

        /** How long the host is sought, and a meeting may take; as the host has it. */
        public Context timeoutNs(long timeoutNs) {
            this.timeoutNs = set(timeoutNs);
            return this;
        }

        public long timeoutNs() {
            return timeoutNs;
        }

        /** How long the next generation may take to form; as the host has it. */
        public Context regroupTimeoutNs(long regroupTimeoutNs) {
            this.regroupTimeoutNs = set(regroupTimeoutNs);
            return this;
        }

        public long regroupTimeoutNs() {
            return regroupTimeoutNs;
        }

        /** What this rank and the host prove to know; null: nothing. */
        public Context secret(@Nullable SharedSecret secret) {
            set(concluded);
            this.secret = secret;
            return this;
        }

        public @Nullable SharedSecret secret() {
            return secret;
        }

        @Override
        public String toString() {
            return "TcpRendezvous.Context{address=" + address
                    + ", group=" + group
                    + ", fingerprint=" + fingerprint
                    + ", timeoutNs=" + timeoutNs
                    + ", regroupTimeoutNs=" + regroupTimeoutNs
                    + ", secret=" + (secret == null ? "none" : "set")
                    + '}';
        }
    }
}
