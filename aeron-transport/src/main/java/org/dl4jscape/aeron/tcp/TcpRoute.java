package org.dl4jscape.aeron.tcp;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.CloseHelper;
import org.agrona.MutableDirectBuffer;
import org.dl4jscape.aeron.exchange.FrameHandler;
import org.dl4jscape.aeron.exchange.LossListener;
import org.dl4jscape.aeron.exchange.Route;
import org.jspecify.annotations.Nullable;

/** The connection to one peer, once both sides have said hello. Belongs to the exchange thread. */
final class TcpRoute implements Route {
    private final int rank;
    private final int maxMessageLength;
    private final LossListener losses;
    private final AtomicLong refusals = new AtomicLong();
    private @Nullable FramedChannel channel;
    private volatile String address = "not known yet";

    TcpRoute(int rank, int maxMessageLength, LossListener losses) {
        this.rank = rank;
        this.maxMessageLength = maxMessageLength;
        this.losses = losses;
    }

    void address(String address) {
        this.address = address;
    }

    void connected(FramedChannel channel) {
        this.channel = channel;
    }

    boolean isConnected() {
        return channel != null;
    }

    /** Gives the system what is waiting; returns 1 where anything was. */
    int flush() {
        if (channel == null) {
            return 0;
        }
        try {
            return channel.flush() > 0 ? 1 : 0;
        } catch (IOException e) {
            lose(e);
            return 0;
        }
    }

    @Override
    public boolean isOpen() {
        return channel != null;
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int wireLength(int messageLength) {
        return (channel == null ? FramedChannel.FRAME_HEADER_LENGTH : channel.headerLength()) + messageLength;
    }

    @Override
    public boolean claim(int messageLength) {
        try {
            boolean claimed = channel != null && channel.claim(messageLength);
            if (!claimed) {
                refusals.lazySet(refusals.get() + 1);
            }
            return claimed;
        } catch (IOException e) {
            lose(e);
            return false;
        }
    }

    @Override
    public long refusals() {
        return refusals.get();
    }

    @Override
    public MutableDirectBuffer buffer() {
        return Objects.requireNonNull(channel).outgoing();
    }

    @Override
    public int offset() {
        return Objects.requireNonNull(channel).offset();
    }

    @Override
    public void commit() {
        try {
            Objects.requireNonNull(channel).commit();
        } catch (IOException e) {
            lose(e);
        }
    }

    @Override
    public int poll(FrameHandler handler, int limit) {
        if (channel == null) {
            return 0;
        }
        try {
            return channel.poll(handler, limit);
        } catch (IOException e) {
            lose(e);
            return 0;
        }
    }

    @Override
    public long arrived() {
        return channel == null ? 0 : channel.received();
    }

    @Override
    public String address() {
        return address;
    }

    private void lose(IOException reason) {
        close();
        losses.onLost(rank, "its connection failed: " + reason.getMessage());
    }

    void close() {
        CloseHelper.quietClose(channel);
        channel = null;
    }
}
