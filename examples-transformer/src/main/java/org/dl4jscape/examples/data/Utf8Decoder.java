package org.dl4jscape.examples.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** Decodes tokens that stand for bytes; what is no UTF-8 becomes U+FFFD. */
final class Utf8Decoder implements TextDecoder {
    private final IntFunction<byte[]> bytesOf;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer pending = ByteBuffer.allocate(16);

    Utf8Decoder(IntFunction<byte[]> bytesOf) {
        this.bytesOf = bytesOf;
    }

    @Override
    public String next(int token) {
        byte[] more = bytesOf.apply(token);
        if (pending.remaining() < more.length) {
            ByteBuffer larger = ByteBuffer.allocate(2 * (pending.position() + more.length));
            larger.put(pending.flip());
            pending = larger;
        }
        pending.put(more).flip();
        CharBuffer text = CharBuffer.allocate(pending.remaining());
        decoder.decode(pending, text, false);
        pending.compact();
        return text.flip().toString();
    }
}
