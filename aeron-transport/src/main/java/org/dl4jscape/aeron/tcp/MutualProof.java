package org.dl4jscape.aeron.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.wire.ChallengeDecoder;
import org.dl4jscape.aeron.wire.ChallengeEncoder;
import org.dl4jscape.aeron.wire.MessageHeaderDecoder;
import org.dl4jscape.aeron.wire.MessageHeaderEncoder;
import org.dl4jscape.aeron.wire.ProofDecoder;
import org.dl4jscape.aeron.wire.ProofEncoder;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Handshake} in which both sides prove that they know the secret of the group: each sends a nonce and
 * answers that of the other with {@code HMAC(key, side | rank that connects | rank that accepts | both nonces)}. Belongs to the
 * exchange thread.
 */
final class MutualProof {
    private static final String PURPOSE = "tcp handshake";
    private static final int CHALLENGE_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ChallengeEncoder.BLOCK_LENGTH;
    private static final int PROOF_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ProofEncoder.BLOCK_LENGTH;
    private static final int NONCE_LENGTH = DerivedKeys.NONCE_LENGTH;

    private final DerivedKeys keys;
    private final FramedChannel channel;
    private final boolean connects;
    private final byte[] ownNonce = DerivedKeys.nonce();
    private byte @Nullable [] peerNonce;
    private byte @Nullable [] peerProof;
    private boolean challengeSent;
    private boolean proofSent;

    /**
     * Nothing is sent yet.
     *
     * @param connects whether this side opened the connection
     */
    MutualProof(DerivedKeys keys, FramedChannel channel, boolean connects) {
        this.keys = keys;
        this.channel = channel;
        this.connects = connects;
    }

    /**
     * Goes on as far as it can without waiting; both have said hello.
     *
     * @return whether the other side has proved itself and has the proof of this one
     * @throws IOException when the connection is gone or the proof is wrong
     */
    boolean advance(int ownRank, int peerRank) throws IOException {
        if (!challengeSent) {
            challenge();
        }
        if (peerNonce == null) {
            channel.flush();
            channel.poll(this::onChallenge, 1);
        }
        byte[] nonce = peerNonce;
        if (nonce == null) {
            return false;
        }
        if (!proofSent) {
            prove(proof(connects, ownRank, peerRank, nonce));
        }
        channel.flush();
        if (peerProof == null) {
            channel.poll(this::onProof, 1);
        }
        byte[] proof = peerProof;
        if (proof == null) {
            return false;
        }
        if (!DerivedKeys.isEqual(proof(!connects, ownRank, peerRank, nonce), proof)) {
            throw new IOException("it does not know the secret of this group");
        }
        channel.flush();
        return channel.isFlushed();
    }

    private byte[] proof(boolean ofInitiator, int ownRank, int peerRank, byte[] nonceOfPeer) {
        return keys.proof(
                PURPOSE,
                ByteBuffer.allocate(1 + 2 * Integer.BYTES + 2 * NONCE_LENGTH)
                        .put((byte) (ofInitiator ? 1 : 0))
                        .putInt(connects ? ownRank : peerRank)
                        .putInt(connects ? peerRank : ownRank)
                        .put(connects ? ownNonce : nonceOfPeer)
                        .put(connects ? nonceOfPeer : ownNonce)
                        .array());
    }

    private void challenge() throws IOException {
        claim(CHALLENGE_LENGTH);
        new ChallengeEncoder()
                .wrapAndApplyHeader(channel.outgoing(), channel.offset(), new MessageHeaderEncoder())
                .putNonce(ownNonce, 0, NONCE_LENGTH);
        channel.commit();
        challengeSent = true;
    }

    private void prove(byte[] proof) throws IOException {
        claim(PROOF_LENGTH);
        new ProofEncoder()
                .wrapAndApplyHeader(channel.outgoing(), channel.offset(), new MessageHeaderEncoder())
                .putProof(proof, 0, proof.length);
        channel.commit();
        proofSent = true;
    }

    private void claim(int length) throws IOException {
        if (!channel.claim(length)) {
            throw new IOException("no room for a proof");
        }
    }

    private boolean onChallenge(DirectBuffer buffer, int offset, int length) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        peerNonce = new byte[NONCE_LENGTH];
        if (length == CHALLENGE_LENGTH && header.templateId() == ChallengeDecoder.TEMPLATE_ID) {
            new ChallengeDecoder().wrapAndApplyHeader(buffer, offset, header).getNonce(peerNonce, 0, NONCE_LENGTH);
        }
        return true;
    }

    /** What is no proof is a wrong one. */
    private boolean onProof(DirectBuffer buffer, int offset, int length) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        byte[] proof = new byte[ProofDecoder.proofLength()];
        if (length == PROOF_LENGTH && header.templateId() == ProofDecoder.TEMPLATE_ID) {
            new ProofDecoder().wrapAndApplyHeader(buffer, offset, header).getProof(proof, 0, proof.length);
        }
        peerProof = proof;
        return true;
    }
}
