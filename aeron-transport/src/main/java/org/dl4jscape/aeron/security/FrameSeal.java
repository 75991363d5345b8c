package org.dl4jscape.aeron.security;

import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * HMAC-SHA256 over the place and the bytes of a message, for one direction of one way. Whoever does not know the key can
 * neither make a message nor move one to another place. Used by one thread.
 */
public final class FrameSeal {
    /** Bytes of a whole tag. */
    public static final int TAG_LENGTH = Hkdf.HASH_LENGTH;

    private static final int SHORT_TAG_LENGTH = Long.BYTES;

    private final Mac mac;
    private final byte[] place = new byte[Long.BYTES];
    private final byte[] tag = new byte[TAG_LENGTH];

    FrameSeal(byte[] key) {
        mac = Hkdf.mac(key);
    }

    /** Writes the tag of a message at {@code tagAt} of {@code tags}. */
    public void seal(long number, byte[] bytes, int from, int length, byte[] tags, int tagAt) {
        compute(number, bytes, from, length);
        System.arraycopy(tag, 0, tags, tagAt, TAG_LENGTH);
    }

    /** Whether the tag at {@code tagAt} of {@code tags} is that of the message; takes the same time for every tag. */
    public boolean isSealed(long number, byte[] bytes, int from, int length, byte[] tags, int tagAt) {
        compute(number, bytes, from, length);
        return MessageDigest.isEqual(tag, Arrays.copyOfRange(tags, tagAt, tagAt + TAG_LENGTH));
    }

    /** The first 64 bits of the tag: one forgery in 2<sup>64</sup> attempts passes. */
    public long shortTag(long number, byte[] bytes, int from, int length) {
        compute(number, bytes, from, length);
        long first = 0;
        for (int i = 0; i < SHORT_TAG_LENGTH; i++) {
            first = first << Byte.SIZE | tag[i] & 0xff;
        }
        return first;
    }

    private void compute(long number, byte[] bytes, int from, int length) {
        for (int i = 0; i < place.length; i++) {
            place[i] = (byte) (number >>> (Byte.SIZE * i));
        }
        try {
            mac.update(place);
            mac.update(bytes, from, length);
            mac.doFinal(tag, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("a tag has " + TAG_LENGTH + " bytes", e);
        }
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "FrameSeal{}";
    }
}
