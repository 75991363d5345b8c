package org.dl4jscape.examples.data;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.Map;

/** GPT-2's byte pair encoding, {@code r50k_base}, by jtokkit: 50,256 pieces of words, and one id for the end of a text. */
public final class BpeTokenizer implements Tokenizer {
    static final String KIND = "r50k_base";

    /** Ids of the encoding, that of the end of a text included. */
    public static final int SIZE = 50_257;

    private final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);

    /** Reads the encoding's table, which jtokkit brings. */
    public BpeTokenizer() {}

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public String unit() {
        return "token";
    }

    @Override
    public int[] encode(String text) {
        return encoding.encodeOrdinary(text).toArray();
    }

    @Override
    public int unknown(String text) {
        return 0;
    }

    @Override
    public TextDecoder decoder() {
        return new Utf8Decoder(token -> {
            IntArrayList one = new IntArrayList(1);
            one.add(token);
            return encoding.decodeBytes(one);
        });
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("kind", KIND);
    }
}
