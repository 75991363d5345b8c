package org.dl4jscape.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.aeron.protocol.DataHeaderFlyweight;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.dl4jscape.aeron.exchange.DropReason;
import org.dl4jscape.aeron.exchange.FrameHandler;
import org.dl4jscape.aeron.exchange.LossListener;
import org.dl4jscape.aeron.exchange.Route;
import org.dl4jscape.core.exchange.CollectiveException;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Aeron to one peer and a stream back, each bound to a session. By UDP the CRC32C or HMAC of a message travels in
 * the reserved value of its frame, so that it costs no byte, and what comes from another address than the peer's is dropped; the
 * shared memory of one machine needs neither. Belongs to the exchange thread.
 */
final class AeronRoute implements Route, ControlledFragmentHandler {
    private static final long NONE = -1;

    private final int rank;
    private final LossListener losses;
    private final BufferClaim claim = new BufferClaim();
    private final FrameTag outgoing;
    private final FrameTag incoming;
    private final AtomicLong refusals = new AtomicLong();
    private int claimed;
    private long claimedPosition;
    private int maxMessageLength;
    private boolean checked;
    private SourceAddress source = SourceAddress.NOBODY;
    private @Nullable Object trusted;
    private @Nullable Subscription in;
    private @Nullable ExclusivePublication out;
    private @Nullable Aeron client;
    private @Nullable FrameHandler handler;
    private @Nullable StreamArrivals arrivals;
    private long adding = NONE;
    private volatile String address = "not known yet";

    AeronRoute(int rank, LossListener losses, FrameTag outgoing, FrameTag incoming) {
        this.rank = rank;
        this.losses = losses;
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    /**
     * Takes the way from the peer by UDP: frames pass devices that may damage them, and anybody may send some.
     *
     * @param subscription to its session
     * @param from where the peer said that it is
     * @param mtuLength of both ways
     */
    void receiveByUdp(Subscription subscription, SourceAddress from, int mtuLength) {
        receiveFrom(subscription, from, mtuLength);
        checked = true;
    }

    /** Takes the way from the peer through shared memory of this machine. */
    void receiveByMemory(Subscription subscription, int mtuLength) {
        receiveFrom(subscription, SourceAddress.ANY, mtuLength);
    }

    private void receiveFrom(Subscription subscription, SourceAddress from, int mtuLength) {
        in = subscription;
        source = from;
        maxMessageLength = mtuLength - DataHeaderFlyweight.HEADER_LENGTH;
    }

    /** Takes what the driver counts of the way from the peer; without it only whole messages are signs of life. */
    void watch(StreamArrivals arrivals) {
        this.arrivals = arrivals;
    }

    /**
     * Begins to open the way to the peer; a driver that others run answers when it can, which {@link #work} notices.
     *
     * @param client of the driver that keeps the log
     * @param channel with the session that the peer expects
     * @param address of the peer, for messages
     */
    void sendThrough(Aeron client, String channel, int streamId, String address) {
        this.client = client;
        this.address = address;
        adding = client.asyncAddExclusivePublication(channel, streamId);
    }

    /** Takes the way to the peer, once it is there; returns 1 then and 0 otherwise. */
    int work() {
        Aeron through = client;
        if (adding == NONE || through == null || through.isClosed()) {
            return 0;
        }
        try {
            out = through.getExclusivePublication(adding);
        } catch (RegistrationException e) {
            throw new CollectiveException("no way to rank " + rank + " at " + address + ": " + e.getMessage(), e);
        }
        if (out == null) {
            return 0;
        }
        adding = NONE;
        return 1;
    }

    @Override
    public boolean isOpen() {
        return out != null && out.isConnected();
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int wireLength(int messageLength) {
        return BitUtil.align(DataHeaderFlyweight.HEADER_LENGTH + messageLength, FrameDescriptor.FRAME_ALIGNMENT);
    }

    @Override
    public boolean claim(int messageLength) {
        if (out == null) {
            return false;
        }
        claimed = messageLength;
        long position = out.tryClaim(messageLength, claim);
        if (position == Publication.CLOSED) {
            losses.onLost(rank, "its stream was closed");
        } else if (position == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("the stream to rank " + rank + " is full: " + out.channel());
        }
        claimedPosition = position;
        if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION) {
            refusals.lazySet(refusals.get() + 1);
        }
        return position > 0;
    }

    @Override
    public long refusals() {
        return refusals.get();
    }

    @Override
    public MutableDirectBuffer buffer() {
        return claim.buffer();
    }

    @Override
    public int offset() {
        return claim.offset();
    }

    @Override
    public void commit() {
        if (checked) {
            claim.reservedValue(outgoing.of(claim.buffer(), claim.offset(), claimed, claimedPosition));
        }
        claim.commit();
    }

    @Override
    public int poll(FrameHandler handler, int limit) {
        if (in == null) {
            return 0;
        }
        this.handler = handler;
        return in.controlledPoll(this, limit);
    }

    @Override
    public Action onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        if (handler == null) {
            return Action.ABORT;
        }
        if (!isTrusted(header.context())) {
            handler.onDropped(DropReason.SOURCE);
            return Action.CONTINUE;
        }
        if (checked && header.reservedValue() != incoming.of(buffer, offset, length, header.position())) {
            handler.onDropped(DropReason.CHECKSUM);
            return Action.CONTINUE;
        }
        return handler.onFrame(buffer, offset, length) ? Action.CONTINUE : Action.ABORT;
    }

    /** By UDP: what the driver has seen of the stream, with or without gaps, and how far the peer lets this rank go on. */
    @Override
    public long arrived() {
        return arrivals == null || out == null ? 0 : arrivals.sum() + out.positionLimit();
    }

    /** Whether an image comes from where the peer said that it is; looked at once for each image that does. */
    @SuppressWarnings("ReferenceEquality") // the same image, which has no other identity
    private boolean isTrusted(Object context) {
        if (context == trusted) {
            return true;
        }
        boolean fits = context instanceof Image image && source.includes(image.sourceIdentity());
        trusted = fits ? context : trusted;
        return fits;
    }

    @Override
    public String address() {
        return address;
    }
}
