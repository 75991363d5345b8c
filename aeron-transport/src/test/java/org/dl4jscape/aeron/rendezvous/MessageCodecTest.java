package org.dl4jscape.aeron.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final long SEED = 20_260_701;
    private static final List<Message> MESSAGES = List.of(
            new Message.Join(1, 4, 7, "0123abcd"),
            new Message.Place(new ProcessGroup(1, 4, 7)),
            new Message.Line(3, 1, "scape-aeron/2 ünïcødé"),
            new Message.Line(0, 0, ""),
            new Message.Next(7),
            new Message.Refusal(Reason.TOO_FEW, true, -1, "why"),
            new Message.Leave(7));

    @Test
    void shouldReadWhatItWrote() throws MalformedMessageException {
        for (Message message : MESSAGES) {
            assertEquals(message, MessageCodec.decode(MessageCodec.encode(message)));
        }
        byte[] nonce = new byte[32];
        new Random(SEED).nextBytes(nonce);
        Message.Open open = (Message.Open) MessageCodec.decode(MessageCodec.encode(new Message.Open(true, nonce)));
        assertTrue(open.isSecured());
        assertArrayEquals(nonce, open.nonce());
    }

    @Test
    void shouldTakeTheLongestLineOfAnyCharacters() throws MalformedMessageException {
        for (String character : List.of("x", "ü", "€", "𝄞")) {
            String text = character.repeat(MessageCodec.LINE_CHARS_MAX / character.length());
            Message.Line line = new Message.Line(0, 1, text);
            assertEquals(line, MessageCodec.decode(MessageCodec.encode(line)));
        }
    }

    @Test
    void shouldRefuseTruncatedAndForeignMessages() {
        for (Message message : MESSAGES) {
            byte[] bytes = MessageCodec.encode(message);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThrows(MalformedMessageException.class, () -> MessageCodec.decode(cut), message::toString);
            }
        }
        byte[] later = MessageCodec.encode(MESSAGES.get(0));
        later[6]++;
        MalformedMessageException refusal =
                assertThrows(MalformedMessageException.class, () -> MessageCodec.decode(later));
        assertTrue(String.valueOf(refusal.getMessage()).contains("version 2 came (expected: 21327 version 1"));
    }

    /** Whatever comes, it is a message or it is refused: nothing else is thrown, and no text is longer than allowed. */
    @Test
    void shouldRefuseOrReadAnyBytes() {
        Random random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = MessageCodec.encode(MESSAGES.get(random.nextInt(MESSAGES.size())));
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                if (MessageCodec.decode(bytes) instanceof Message.Line line) {
                    assertTrue(line.text().length() <= bytes.length);
                }
                read++;
            } catch (MalformedMessageException expected) {
                assertTrue(!String.valueOf(expected.getMessage()).isEmpty(), "seed " + SEED);
            }
        }
        assertTrue(read > 1000, "the fuzz found its way behind the checks " + read + " times");
    }
}
