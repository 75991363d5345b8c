package org.dl4jscape.aeron.tcp;

import java.io.IOException;
import org.agrona.DirectBuffer;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.wire.HelloDecoder;
import org.dl4jscape.aeron.wire.HelloEncoder;
import org.dl4jscape.aeron.wire.MessageHeaderDecoder;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;

/**
 * One connection before it belongs to a peer: each side says hello, the one that connects first, and goes on only if the
 * other knows the token of the group. Where the ranks share a secret each also sends a nonce and answers that of the other, so
 * that a token that was overheard is of no use. Belongs to the exchange thread.
 */
final class Handshake {
    /** No rank in particular. */
    static final int ANYBODY = -1;

    private static final int STRANGER = Integer.MAX_VALUE;
    private static final int HELLO_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + HelloEncoder.BLOCK_LENGTH;

    private final ProcessGroup group;
    private final GroupToken token;
    private final FramedChannel channel;
    private final int expected;
    private final long beganNs;
    private final @Nullable MutualProof proof;
    private boolean helloSent;
    private int peer = -1;

    /**
     * A connection that is being made.
     *
     * @param expected the rank to which this one connects, or {@link #ANYBODY} where it was accepted
     * @param keys of the group, where its ranks share a secret
     */
    Handshake(
            ProcessGroup group,
            GroupToken token,
            FramedChannel channel,
            int expected,
            long beganNs,
            @Nullable DerivedKeys keys) {
        this.group = group;
        this.token = token;
        this.channel = channel;
        this.expected = expected;
        this.beganNs = beganNs;
        proof = keys == null ? null : new MutualProof(keys, channel, expected != ANYBODY);
    }

    /**
     * Goes on as far as it can without waiting.
     *
     * @return whether both sides have said hello, and proved themselves where they must
     * @throws IOException when the connection is gone or the other side is not of this group
     */
    boolean advance() throws IOException {
        if (!channel.finishConnect()) {
            return false;
        }
        if (isInitiator() && !helloSent) {
            sayHello();
        }
        channel.flush();
        if (peer < 0) {
            channel.poll(this::onHello, 1);
            if (peer < 0) {
                return false;
            }
            requireMember();
        }
        if (!helloSent) {
            sayHello();
        }
        if (proof != null) {
            return proof.advance(group.rank(), peer);
        }
        channel.flush();
        return channel.isFlushed();
    }

    private void requireMember() throws IOException {
        if (peer == STRANGER || isInitiator() && peer != expected) {
            throw new IOException("it does not know the token of this group, or is not the rank that it should be");
        }
    }

    boolean isInitiator() {
        return expected != ANYBODY;
    }

    /** The rank to which this one connects. */
    int expected() {
        return expected;
    }

    /** The rank that said hello; -1 before. */
    int peer() {
        return peer;
    }

    boolean isOlderThan(long limitNs, long nowNs) {
        return nowNs - beganNs > limitNs;
    }

    FramedChannel channel() {
        return channel;
    }

    private void sayHello() throws IOException {
        if (!channel.claim(HELLO_LENGTH)) {
            throw new IOException("no room for a hello");
        }
        new HelloEncoder()
                .wrapAndApplyHeader(channel.outgoing(), channel.offset(), new MessageHeaderEncoder())
                .generation(group.generation())
                .rank(group.rank())
                .worldSize(group.worldSize())
                .tokenHigh(token.high())
                .tokenLow(token.low());
        channel.commit();
        helloSent = true;
    }

    private boolean onHello(DirectBuffer buffer, int offset, int length) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        if (length != HELLO_LENGTH
                || header.schemaId() != HelloDecoder.SCHEMA_ID
                || header.version() != HelloDecoder.SCHEMA_VERSION
                || header.templateId() != HelloDecoder.TEMPLATE_ID) {
            peer = STRANGER;
            return true;
        }
        HelloDecoder hello = new HelloDecoder().wrapAndApplyHeader(buffer, offset, header);
        boolean known = token.matches(hello.tokenHigh(), hello.tokenLow())
                && hello.generation() == group.generation()
                && hello.worldSize() == group.worldSize();
        peer = known ? hello.rank() : STRANGER;
        return true;
    }
}
