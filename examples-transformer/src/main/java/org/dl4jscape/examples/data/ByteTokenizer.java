package org.dl4jscape.examples.data;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The 256 bytes of UTF-8: every text has tokens, a character has one to four. */
public final class ByteTokenizer implements Tokenizer {
    static final String KIND = "bytes";

    /** The only one. */
    public ByteTokenizer() {}

    @Override
    public int size() {
        return 256;
    }

    @Override
    public String unit() {
        return "byte";
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[bytes.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = bytes[i] & 0xff;
        }
        return tokens;
    }

    @Override
    public int unknown(String text) {
        return 0;
    }

    @Override
    public TextDecoder decoder() {
        return new Utf8Decoder(token -> new byte[] {(byte) token});
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("kind", KIND);
    }
}
