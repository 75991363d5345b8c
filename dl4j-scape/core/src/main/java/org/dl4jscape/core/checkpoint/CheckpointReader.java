package org.dl4jscape.core.checkpoint;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.dl4jscape.core.step.RankSnapshot;

/** Reads format 1 and trusts nothing. One use per instance, one thread. */
public final class CheckpointReader {
    private static final int LARGEST_ARRAY = 1 << 30;
    /** Memory is taken as bytes arrive, so a forged length cannot take more than the file has. */
    private static final int CHUNK = 1 << 20;

    private final String name;
    private final DataInputStream in;

    private CheckpointReader(String name, InputStream in) {
        this.name = name;
        this.in = new DataInputStream(in);
    }

    /**
     * Reads a file.
     *
     * @throws CheckpointFormatException when it is truncated, damaged, or of another format
     * @throws IOException when it cannot be read
     */
    public static Checkpoint read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Checkpoint checkpoint = read(file.toString(), in);
            if (in.read() >= 0) {
                throw failure(file.toString(), "goes on after its end section");
            }
            return checkpoint;
        }
    }

    /**
     * Reads a stream to the end section.
     *
     * @param name what errors call it
     * @throws CheckpointFormatException when it is truncated, damaged, or of another format
     */
    public static Checkpoint read(String name, InputStream in) throws IOException {
        CheckpointReader reader = new CheckpointReader(name, in);
        try {
            return reader.read();
        } catch (EOFException e) {
            throw reader.failure("is truncated");
        }
    }

    private Checkpoint read() throws IOException {
        byte[] magic = in.readNBytes(CheckpointWriter.MAGIC.length);
        if (!Arrays.equals(magic, CheckpointWriter.MAGIC)) {
            throw failure(unknownMagic(magic));
        }
        ByteBuffer identity = payload(Section.IDENTITY);
        if (identity.remaining() != Section.IDENTITY_BYTES) {
            throw failure("has an identity of " + identity.remaining() + " bytes");
        }
        Map<String, String> attributes = attributes(payload(Section.ATTRIBUTES));
        float[] parameters = floats(Section.PARAMETERS);
        RankSnapshot.Arrays arrays = new RankSnapshot.Arrays(
                floats(Section.RESIDUAL),
                floats(Section.MOMENT),
                ints(Section.LAST_SENT),
                floats(Section.NOISE),
                floats(Section.MASTER),
                ints(Section.SENT_STEPS));
        int[] offsets = ints(Section.MASK_OFFSETS);
        int[] indices = ints(Section.MASK_INDICES);
        float[] noise = floats(Section.MASK_NOISE);
        payload(Section.END);
        long fingerprint = identity.getLong();
        long digest = identity.getLong();
        int rank = identity.getInt();
        int worldSize = identity.getInt();
        int step = identity.getInt();
        int skipped = identity.getInt();
        int noiseSteps = identity.getInt();
        if (rank < 0 || rank >= worldSize || step < 0 || skipped < 0 || noiseSteps < 0) {
            throw failure("is of rank " + rank + " of " + worldSize + " in step " + step + ", skipped " + skipped
                    + ", noise steps " + noiseSteps);
        }
        checkMask(offsets, indices, noise, worldSize, parameters.length);
        RankSnapshot.MaskCopy mask = new RankSnapshot.MaskCopy(identity.getInt(), offsets, indices, noise);
        RankSnapshot snapshot = new RankSnapshot(rank, worldSize, step, skipped, noiseSteps, arrays, mask);
        return new Checkpoint(fingerprint, digest, snapshot, parameters, attributes);
    }

    private static String unknownMagic(byte[] magic) {
        byte[] known = CheckpointWriter.MAGIC;
        int version = known.length - 1;
        if (magic.length == known.length && Arrays.equals(magic, 0, version, known, 0, version)) {
            return "is of format " + (char) magic[version] + " (expected: " + (char) known[version]
                    + "); read it with the release that wrote it";
        }
        return "does not begin with " + new String(known, StandardCharsets.US_ASCII) + ": it is no checkpoint";
    }

    private void checkMask(int[] offsets, int[] indices, float[] noise, int worldSize, int length) {
        boolean valid = worldSize >= 1
                && offsets.length == worldSize + 1L
                && offsets[0] == 0
                && offsets[worldSize] == indices.length
                && noise.length == indices.length;
        for (int r = 0; valid && r < worldSize; r++) {
            valid = offsets[r] <= offsets[r + 1] && offsets[r + 1] <= indices.length;
            for (int j = offsets[r]; valid && j < offsets[r + 1]; j++) {
                valid = indices[j] >= 0 && indices[j] < length && (j == offsets[r] || indices[j - 1] < indices[j]);
            }
        }
        if (!valid) {
            throw failure("has a mask that does not fit " + worldSize + " ranks and " + length + " parameters");
        }
    }

    private ByteBuffer payload(Section section) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(exactly(12)).order(ByteOrder.LITTLE_ENDIAN);
        int tag = header.getInt();
        long length = header.getLong();
        if (tag != section.tag() || length < 0 || length > 4L * LARGEST_ARRAY - 4) {
            throw failure("has section " + tag + " of " + length + " bytes where " + section + " is expected");
        }
        if (length > Integer.MAX_VALUE - 8) {
            throw failure("has a section of " + length + " bytes, more than an array holds");
        }
        byte[] bytes = exactly((int) length);
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        int stored = ByteBuffer.wrap(exactly(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (stored != (int) sum.getValue()) {
            throw failure(String.format(
                    "is damaged in %s: CRC32C %08x (expected: %08x)", section, (int) sum.getValue(), stored));
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, CHUNK)];
        int read = 0;
        while (read < length) {
            if (read == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            int more = in.read(bytes, read, bytes.length - read);
            if (more < 0) {
                throw new EOFException(name);
            }
            read += more;
        }
        return bytes;
    }

    private float[] floats(Section section) throws IOException {
        ByteBuffer payload = aligned(section);
        float[] values = new float[payload.remaining() / 4];
        payload.asFloatBuffer().get(values);
        return values;
    }

    private int[] ints(Section section) throws IOException {
        ByteBuffer payload = aligned(section);
        int[] values = new int[payload.remaining() / 4];
        payload.asIntBuffer().get(values);
        return values;
    }

    private ByteBuffer aligned(Section section) throws IOException {
        ByteBuffer payload = payload(section);
        if (payload.remaining() % 4 != 0) {
            throw failure("has " + payload.remaining() + " bytes in " + section + ", no multiple of 4");
        }
        return payload;
    }

    private Map<String, String> attributes(ByteBuffer payload) {
        Map<String, String> all = new HashMap<>();
        while (payload.hasRemaining()) {
            all.put(text(payload), text(payload));
        }
        return all;
    }

    private String text(ByteBuffer payload) {
        int length = payload.remaining() < 4 ? -1 : payload.getInt();
        if (length < 0 || length > payload.remaining()) {
            throw failure("has an attribute of " + length + " bytes");
        }
        byte[] utf8 = new byte[length];
        payload.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private CheckpointFormatException failure(String what) {
        return failure(name, what);
    }

    private static CheckpointFormatException failure(String name, String what) {
        return new CheckpointFormatException("checkpoint " + name + " " + what + "; use an older one");
    }
}
