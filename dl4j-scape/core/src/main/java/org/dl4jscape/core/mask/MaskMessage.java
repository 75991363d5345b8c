package org.dl4jscape.core.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.ShardLayout;
import org.dl4jscape.core.pack.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * One shard's mask on its way: 4 bytes length of the encoded mask, the mask by {@link MaskCodec} over local positions, then
 * 4 bytes noise a coordinate, or 2, where the replicated layout needs them.
 */
public final class MaskMessage {
    private static final VarHandle LENGTH = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ShardLayout layout;
    private final MaskCodec codec = new MaskCodec();
    private final @Nullable ValueCodec noiseCodec;
    private final int noiseBytes;
    private byte[] bytes = new byte[0];
    private int[] local = new int[0];

    /**
     * For masks of a layout.
     *
     * @param noise format of the noise, null where none travels
     */
    public MaskMessage(ShardLayout layout, @Nullable WirePrecision noise) {
        this.layout = layout;
        noiseCodec = noise == null ? null : ValueCodec.of(noise);
        noiseBytes = noise == null ? 0 : noise.bytes();
    }

    /**
     * Encodes the mask of a rank's shard into {@link #bytes()}.
     *
     * @param rank the owner
     * @param indices global indices, ascending
     * @param count how many of them
     * @param noise aligned with {@code indices}; read only where noise travels
     * @return length of the message
     */
    public int encode(int rank, int[] indices, int count, float[] noise) {
        int domain = layout.shardLength(rank);
        int room = 4 + MaskCodec.maxEncodedBytes(domain) + noiseBytes * count;
        if (bytes.length < room) {
            bytes = new byte[room];
        }
        ensureLocal(count);
        List<Piece> pieces = layout.pieces(rank);
        int p = 0;
        for (int j = 0; j < count; j++) {
            while (indices[j] >= pieces.get(p).range().end()) {
                p++;
            }
            local[j] = indices[j] - pieces.get(p).shift();
        }
        int end = codec.encode(local, 0, count, domain, bytes, 4);
        LENGTH.set(bytes, 0, end - 4);
        if (noiseCodec != null) {
            noiseCodec.encode(noise, 0, count, bytes, end);
            end += noiseBytes * count;
        }
        return end;
    }

    private void ensureLocal(int count) {
        if (local.length < count) {
            local = new int[count];
        }
    }

    /** The encoded message: the first bytes of the array, as many as {@link #encode} returned. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Appends a rank's part to a mask whose earlier parts are filled.
     *
     * @throws MaskFormatException when the bytes are not a mask of the rank's shard
     */
    public void decode(byte[] source, int at, int length, Mask mask, int rank) {
        MaskCodec.require(length >= 4, "message of " + length + " bytes", at);
        int maskBytes = (int) LENGTH.get(source, at);
        MaskCodec.require(maskBytes >= 0 && maskBytes <= length - 4, "mask length " + maskBytes, at);
        int domain = layout.shardLength(rank);
        ensureLocal(domain);
        int count = codec.decode(source, at + 4, at + 4 + maskBytes, domain, local, 0);
        int start = mask.start(rank);
        mask.ensureCapacity(start + count);
        List<Piece> pieces = layout.pieces(rank);
        int p = 0;
        for (int j = 0; j < count; j++) {
            while (local[j]
                    >= pieces.get(p).localStart() + pieces.get(p).range().length()) {
                p++;
            }
            mask.indices()[start + j] = local[j] + pieces.get(p).shift();
        }
        int rest = length - 4 - maskBytes;
        MaskCodec.require(rest == noiseBytes * count, rest + " bytes after the mask", at);
        if (noiseCodec != null) {
            noiseCodec.decode(source, at + 4 + maskBytes, count, mask.noise(), start);
        }
        mask.setEnd(rank, start + count);
    }
}
