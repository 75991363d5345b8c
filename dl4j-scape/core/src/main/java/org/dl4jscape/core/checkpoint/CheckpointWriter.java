package org.dl4jscape.core.checkpoint;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.dl4jscape.core.step.RankSnapshot;

/** Writes format 1. Stateless; any thread. */
public final class CheckpointWriter {
    /** The first bytes of every file. */
    static final byte[] MAGIC = "SCAPECP1".getBytes(StandardCharsets.US_ASCII);

    private static final int CHUNK = 1 << 16;

    private CheckpointWriter() {}

    /**
     * Writes a file, complete or not at all: a reader sees the old content until the last byte of the new one is on disk.
     *
     * @throws IOException when the disk is full or the folder cannot be written; an older file is left as it was
     */
    public static void write(Path file, Checkpoint checkpoint) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (FileOutputStream out = new FileOutputStream(partial.toFile());
                    BufferedOutputStream buffered = new BufferedOutputStream(out, CHUNK)) {
                write(buffered, checkpoint);
                buffered.flush();
                out.getChannel().force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolderOf(file);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** A rename is on the disk only when its folder is. */
    private static void forceFolderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes to a stream, and leaves it open. */
    public static void write(OutputStream out, Checkpoint checkpoint) throws IOException {
        out.write(MAGIC);
        RankSnapshot snapshot = checkpoint.snapshot();
        RankSnapshot.Arrays arrays = snapshot.arrays();
        RankSnapshot.MaskCopy mask = snapshot.mask();
        bytes(out, Section.IDENTITY, identity(checkpoint));
        bytes(out, Section.ATTRIBUTES, attributes(checkpoint.attributes()));
        floats(out, Section.PARAMETERS, checkpoint.parameters());
        floats(out, Section.RESIDUAL, arrays.residual());
        floats(out, Section.MOMENT, arrays.moment());
        ints(out, Section.LAST_SENT, arrays.lastSent());
        floats(out, Section.NOISE, arrays.noise());
        floats(out, Section.MASTER, arrays.master());
        ints(out, Section.SENT_STEPS, arrays.sentSteps());
        ints(out, Section.MASK_OFFSETS, mask.offsets());
        ints(out, Section.MASK_INDICES, mask.indices());
        floats(out, Section.MASK_NOISE, mask.noise());
        bytes(out, Section.END, new byte[0]);
    }

    private static byte[] identity(Checkpoint checkpoint) {
        RankSnapshot snapshot = checkpoint.snapshot();
        return ByteBuffer.allocate(Section.IDENTITY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(checkpoint.layoutFingerprint())
                .putLong(checkpoint.configDigest())
                .putInt(snapshot.rank())
                .putInt(snapshot.worldSize())
                .putInt(snapshot.step())
                .putInt(snapshot.skippedSteps())
                .putInt(snapshot.noiseSteps())
                .putInt(snapshot.mask().madeInStep())
                .array();
    }

    private static byte[] attributes(Map<String, String> attributes) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (Map.Entry<String, String> entry : new TreeMap<>(attributes).entrySet()) {
            for (String text : new String[] {entry.getKey(), entry.getValue()}) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                all.write(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(utf8.length)
                        .array());
                all.write(utf8);
            }
        }
        return all.toByteArray();
    }

    private static void bytes(OutputStream out, Section section, byte[] payload) throws IOException {
        CRC32C sum = open(out, section, payload.length);
        out.write(payload);
        sum.update(payload);
        close(out, sum);
    }

    private static void floats(OutputStream out, Section section, float[] values) throws IOException {
        CRC32C sum = open(out, section, 4L * values.length);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length; at += CHUNK / 4) {
            int length = Math.min(CHUNK / 4, values.length - at);
            chunk.asFloatBuffer().put(values, at, length);
            out.write(chunk.array(), 0, 4 * length);
            sum.update(chunk.array(), 0, 4 * length);
        }
        close(out, sum);
    }

    private static void ints(OutputStream out, Section section, int[] values) throws IOException {
        CRC32C sum = open(out, section, 4L * values.length);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length; at += CHUNK / 4) {
            int length = Math.min(CHUNK / 4, values.length - at);
            chunk.asIntBuffer().put(values, at, length);
            out.write(chunk.array(), 0, 4 * length);
            sum.update(chunk.array(), 0, 4 * length);
        }
        close(out, sum);
    }

    private static CRC32C open(OutputStream out, Section section, long length) throws IOException {
        out.write(ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(section.tag())
                .putLong(length)
                .array());
        return new CRC32C();
    }

    private static void close(OutputStream out, CRC32C sum) throws IOException {
        out.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) sum.getValue())
                .array());
    }
}
