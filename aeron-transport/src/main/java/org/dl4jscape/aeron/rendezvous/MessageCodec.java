package org.dl4jscape.aeron.rendezvous;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.wire.rendezvous.ChallengeDecoder;
import org.dl4jscape.aeron.wire.rendezvous.ChallengeEncoder;
import org.dl4jscape.aeron.wire.rendezvous.JoinDecoder;
import org.dl4jscape.aeron.wire.rendezvous.JoinEncoder;
import org.dl4jscape.aeron.wire.rendezvous.LeaveDecoder;
import org.dl4jscape.aeron.wire.rendezvous.LeaveEncoder;
import org.dl4jscape.aeron.wire.rendezvous.LineDecoder;
import org.dl4jscape.aeron.wire.rendezvous.LineEncoder;
import org.dl4jscape.aeron.wire.rendezvous.MessageHeaderDecoder;
import org.dl4jscape.aeron.wire.rendezvous.MessageHeaderEncoder;
import org.dl4jscape.aeron.wire.rendezvous.NextDecoder;
import org.dl4jscape.aeron.wire.rendezvous.NextEncoder;
import org.dl4jscape.aeron.wire.rendezvous.OpenDecoder;
import org.dl4jscape.aeron.wire.rendezvous.OpenEncoder;
import org.dl4jscape.aeron.wire.rendezvous.PlaceDecoder;
import org.dl4jscape.aeron.wire.rendezvous.PlaceEncoder;
import org.dl4jscape.aeron.wire.rendezvous.RefusalDecoder;
import org.dl4jscape.aeron.wire.rendezvous.RefusalEncoder;
import org.dl4jscape.core.exchange.ProcessGroup;

/** Messages as bytes. Believes nothing that it reads: schema, version, block and every length are checked first. */
final class MessageCodec {
    /** Characters of a line, as the port {@code Rendezvous} says. */
    static final int LINE_CHARS_MAX = 4096;

    /** Bytes of a fingerprint. */
    static final int FINGERPRINT_BYTES_MAX = 256;

    /** Bytes of a message before its rank has a seat. */
    static final int SHORT_MESSAGE_MAX = 512;

    private static final int UTF8_BYTES_MAX = 3;
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int LINE_BYTES_MAX = UTF8_BYTES_MAX * LINE_CHARS_MAX;
    private static final int SENTENCE_BYTES_MAX = 2048;
    private static final int TEXT_HEADER_LENGTH = 2;

    /** Bytes of the longest message. */
    static final int MESSAGE_MAX = HEADER_LENGTH + LineEncoder.BLOCK_LENGTH + TEXT_HEADER_LENGTH + LINE_BYTES_MAX;

    private MessageCodec() {}

    /** The bytes of a message. */
    static byte[] encode(Message message) {
        byte[] bytes = new byte[MESSAGE_MAX];
        MutableDirectBuffer to = new UnsafeBuffer(bytes);
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        int end;
        if (message instanceof Message.Open open) {
            end = new OpenEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .secured((short) (open.isSecured() ? 1 : 0))
                    .putNonce(open.nonce(), 0, DerivedKeys.NONCE_LENGTH)
                    .limit();
        } else if (message instanceof Message.Challenge challenge) {
            end = new ChallengeEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .secured((short) (challenge.isSecured() ? 1 : 0))
                    .putNonce(challenge.nonce(), 0, DerivedKeys.NONCE_LENGTH)
                    .limit();
        } else if (message instanceof Message.Join join) {
            byte[] fingerprint = join.fingerprint().getBytes(StandardCharsets.UTF_8);
            end = new JoinEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .rank(join.rank())
                    .worldSize(join.worldSize())
                    .generation(join.generation())
                    .putFingerprint(fingerprint, 0, fingerprint.length)
                    .limit();
        } else if (message instanceof Message.Place place) {
            end = new PlaceEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .rank(place.group().rank())
                    .worldSize(place.group().worldSize())
                    .generation(place.group().generation())
                    .limit();
        } else {
            end = encodeLater(message, to, header);
        }
        return Arrays.copyOf(bytes, end);
    }

    private static int encodeLater(Message message, MutableDirectBuffer to, MessageHeaderEncoder header) {
        if (message instanceof Message.Line line) {
            byte[] text = line.text().getBytes(StandardCharsets.UTF_8);
            return new LineEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .meeting(line.meeting())
                    .rank(line.rank())
                    .putText(text, 0, text.length)
                    .limit();
        }
        if (message instanceof Message.Next next) {
            return new NextEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .generation(next.generation())
                    .limit();
        }
        if (message instanceof Message.Refusal refusal) {
            byte[] sentence = refusal.sentence().getBytes(StandardCharsets.UTF_8);
            return new RefusalEncoder()
                    .wrapAndApplyHeader(to, 0, header)
                    .reason((short) refusal.reason().ordinal())
                    .isFinal((short) (refusal.isFinal() ? 1 : 0))
                    .rank(refusal.rank())
                    .putSentence(sentence, 0, Math.min(sentence.length, SENTENCE_BYTES_MAX))
                    .limit();
        }
        Message.Leave leave = (Message.Leave) message;
        return new LeaveEncoder()
                .wrapAndApplyHeader(to, 0, header)
                .generation(leave.generation())
                .limit();
    }

    /**
     * Reads a message.
     *
     * @throws MalformedMessageException when it is none
     */
    static Message decode(byte[] bytes) throws MalformedMessageException {
        if (bytes.length < HEADER_LENGTH) {
            throw new MalformedMessageException(bytes.length + " bytes came (expected: >= " + HEADER_LENGTH + ")");
        }
        UnsafeBuffer from = new UnsafeBuffer(bytes);
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(from, 0);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || header.version() != MessageHeaderDecoder.SCHEMA_VERSION) {
            throw new MalformedMessageException("schema " + header.schemaId() + " version " + header.version()
                    + " came (expected: " + MessageHeaderDecoder.SCHEMA_ID + " version "
                    + MessageHeaderDecoder.SCHEMA_VERSION + "; the same version of scape-aeron on all ranks)");
        }
        return switch (header.templateId()) {
            case OpenDecoder.TEMPLATE_ID -> {
                fixed(bytes, header, OpenDecoder.BLOCK_LENGTH);
                OpenDecoder open = new OpenDecoder().wrapAndApplyHeader(from, 0, header);
                byte[] nonce = new byte[DerivedKeys.NONCE_LENGTH];
                open.getNonce(nonce, 0, DerivedKeys.NONCE_LENGTH);
                yield new Message.Open(open.secured() != 0, nonce);
            }
            case ChallengeDecoder.TEMPLATE_ID -> {
                fixed(bytes, header, ChallengeDecoder.BLOCK_LENGTH);
                ChallengeDecoder challenge = new ChallengeDecoder().wrapAndApplyHeader(from, 0, header);
                byte[] nonce = new byte[DerivedKeys.NONCE_LENGTH];
                challenge.getNonce(nonce, 0, DerivedKeys.NONCE_LENGTH);
                yield new Message.Challenge(challenge.secured() != 0, nonce);
            }
            case JoinDecoder.TEMPLATE_ID -> {
                String fingerprint = text(bytes, header, JoinDecoder.BLOCK_LENGTH, FINGERPRINT_BYTES_MAX);
                JoinDecoder join = new JoinDecoder().wrapAndApplyHeader(from, 0, header);
                yield new Message.Join(join.rank(), join.worldSize(), join.generation(), fingerprint);
            }
            case LineDecoder.TEMPLATE_ID -> {
                String text = text(bytes, header, LineDecoder.BLOCK_LENGTH, LINE_BYTES_MAX);
                LineDecoder line = new LineDecoder().wrapAndApplyHeader(from, 0, header);
                yield new Message.Line(line.meeting(), line.rank(), text);
            }
            case RefusalDecoder.TEMPLATE_ID -> {
                String sentence = text(bytes, header, RefusalDecoder.BLOCK_LENGTH, SENTENCE_BYTES_MAX);
                RefusalDecoder refusal = new RefusalDecoder().wrapAndApplyHeader(from, 0, header);
                yield new Message.Refusal(reason(refusal.reason()), refusal.isFinal() != 0, refusal.rank(), sentence);
            }
            default -> decodeShort(bytes, from, header);
        };
    }

    private static Message decodeShort(byte[] bytes, UnsafeBuffer from, MessageHeaderDecoder header)
            throws MalformedMessageException {
        return switch (header.templateId()) {
            case PlaceDecoder.TEMPLATE_ID -> {
                fixed(bytes, header, PlaceDecoder.BLOCK_LENGTH);
                PlaceDecoder place = new PlaceDecoder().wrapAndApplyHeader(from, 0, header);
                yield new Message.Place(group(place));
            }
            case NextDecoder.TEMPLATE_ID -> {
                fixed(bytes, header, NextDecoder.BLOCK_LENGTH);
                yield new Message.Next(
                        new NextDecoder().wrapAndApplyHeader(from, 0, header).generation());
            }
            case LeaveDecoder.TEMPLATE_ID -> {
                fixed(bytes, header, LeaveDecoder.BLOCK_LENGTH);
                yield new Message.Leave(
                        new LeaveDecoder().wrapAndApplyHeader(from, 0, header).generation());
            }
            default -> throw new MalformedMessageException("a message of unknown kind " + header.templateId());
        };
    }

    private static ProcessGroup group(PlaceDecoder place) throws MalformedMessageException {
        try {
            return new ProcessGroup(place.rank(), place.worldSize(), place.generation());
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("a place that cannot be: " + e.getMessage());
        }
    }

    private static Reason reason(int ordinal) throws MalformedMessageException {
        Reason[] reasons = Reason.values();
        if (ordinal >= reasons.length) {
            throw new MalformedMessageException("a refusal of unknown reason " + ordinal);
        }
        return reasons[ordinal];
    }

    private static void fixed(byte[] bytes, MessageHeaderDecoder header, int blockLength)
            throws MalformedMessageException {
        block(bytes, header, blockLength, blockLength);
    }

    /** The one text behind the block of a message. */
    private static String text(byte[] bytes, MessageHeaderDecoder header, int blockLength, int limit)
            throws MalformedMessageException {
        block(bytes, header, blockLength, blockLength + TEXT_HEADER_LENGTH);
        int at = HEADER_LENGTH + blockLength;
        int length = Short.toUnsignedInt(
                ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getShort(at));
        if (length > limit || at + TEXT_HEADER_LENGTH + length > bytes.length) {
            throw new MalformedMessageException("a text of " + length + " bytes in a message of " + bytes.length
                    + " (expected: <= " + limit + ", and inside of the message)");
        }
        return new String(bytes, at + TEXT_HEADER_LENGTH, length, StandardCharsets.UTF_8);
    }

    private static void block(byte[] bytes, MessageHeaderDecoder header, int blockLength, int needed)
            throws MalformedMessageException {
        if (header.blockLength() != blockLength || bytes.length < HEADER_LENGTH + needed) {
            throw new MalformedMessageException("a message of kind " + header.templateId() + " has "
                    + bytes.length + " bytes and a block of " + header.blockLength() + " (expected: a block of "
                    + blockLength + ")");
        }
    }
}
