package org.dl4jscape.core.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dl4jscape.core.step.RankSnapshot;

/**
 * A folder with the latest checkpoints of one training: a folder a step, in it a file a rank.
 *
 * <pre>
 *   folder/step-00000800/rank-0-of-2.checkpoint
 *   folder/step-00000800/rank-1-of-2.checkpoint
 * </pre>
 *
 * <p>A checkpoint counts when the files of all its ranks are there. Each file appears whole or not at all, so a crash at any
 * moment leaves the checkpoints before it. Ranks of several machines need a folder that they share. Any thread; two ranks
 * never write the same file.
 */
public final class CheckpointFolder {
    private static final Pattern STEP = Pattern.compile("step-(\\d{8,10})");
    private static final Pattern FILE = Pattern.compile("rank-(\\d{1,9})-of-(\\d{1,9})\\.checkpoint");

    private final Path folder;

    /** Names a folder; it is made by the first {@link #write}. */
    public CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * A complete checkpoint.
     *
     * @param step after which it was taken
     * @param worldSize number of its files, one a rank
     */
    public record Saved(int step, int worldSize) {}

    /**
     * Writes one rank's file, whole or not at all.
     *
     * @throws IOException when the disk is full or the folder cannot be written; what was complete stays so
     */
    public void write(Checkpoint checkpoint) throws IOException {
        Saved saved =
                new Saved(checkpoint.snapshot().step(), checkpoint.snapshot().worldSize());
        Path file = file(saved, checkpoint.snapshot().rank());
        Files.createDirectories(ofStep(saved.step()));
        CheckpointWriter.write(file, checkpoint);
    }

    /** The complete checkpoints, oldest first; none if there is no such folder. */
    public List<Saved> complete() throws IOException {
        List<Saved> found = new ArrayList<>();
        for (int step : steps()) {
            List<Path> files = list(ofStep(step));
            for (int worldSize : worldSizes(files)) {
                Saved saved = new Saved(step, worldSize);
                boolean whole = true;
                for (int rank = 0; rank < worldSize; rank++) {
                    whole &= files.contains(file(saved, rank));
                }
                if (whole) {
                    found.add(saved);
                }
            }
        }
        return found;
    }

    /** The newest complete checkpoint. */
    public Optional<Saved> latest() throws IOException {
        List<Saved> all = complete();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /**
     * Reads the files of all ranks, in rank order.
     *
     * @throws CheckpointFormatException when a file is damaged or says it is of another rank or step; the message names it
     */
    public List<Checkpoint> read(Saved saved) throws IOException {
        List<Checkpoint> ranks = new ArrayList<>();
        for (int rank = 0; rank < saved.worldSize(); rank++) {
            ranks.add(read(saved, rank));
        }
        return ranks;
    }

    /**
     * Reads one rank's file.
     *
     * @throws CheckpointFormatException when it is damaged or says it is of another rank or step; the message names it
     */
    public Checkpoint read(Saved saved, int rank) throws IOException {
        Path file = file(saved, rank);
        Checkpoint checkpoint = CheckpointReader.read(file);
        RankSnapshot snapshot = checkpoint.snapshot();
        if (snapshot.rank() != rank || snapshot.worldSize() != saved.worldSize() || snapshot.step() != saved.step()) {
            throw new CheckpointFormatException("checkpoint " + file + " is of rank " + snapshot.rank() + " of "
                    + snapshot.worldSize() + " at step " + snapshot.step()
                    + " (expected: what its name says); it was renamed, use an older one");
        }
        return checkpoint;
    }

    /** Deletes what is older than the newest {@code keep} complete checkpoints, complete or not. */
    public void keepNewest(int keep) throws IOException {
        List<Saved> all = complete();
        if (all.size() <= keep) {
            return;
        }
        int oldest = all.get(all.size() - keep).step();
        for (int step : steps()) {
            if (step < oldest) {
                delete(step);
            }
        }
    }

    /** Deletes what was taken after a step: a training that goes on from there will write it anew. */
    public void forgetAfter(int step) throws IOException {
        for (int other : steps()) {
            if (other > step) {
                delete(other);
            }
        }
    }

    private Path ofStep(int step) {
        return folder.resolve(String.format(Locale.ROOT, "step-%08d", step));
    }

    private Path file(Saved saved, int rank) {
        return ofStep(saved.step()).resolve("rank-" + rank + "-of-" + saved.worldSize() + ".checkpoint");
    }

    private List<Integer> steps() throws IOException {
        List<Integer> steps = new ArrayList<>();
        for (Path path : list(folder)) {
            Matcher name = STEP.matcher(String.valueOf(path.getFileName()));
            long step = name.matches() ? Long.parseLong(name.group(1)) : -1;
            if (step >= 0 && step <= Integer.MAX_VALUE) {
                steps.add((int) step);
            }
        }
        steps.sort(Comparator.naturalOrder());
        return steps;
    }

    private static List<Integer> worldSizes(List<Path> files) {
        return files.stream()
                .map(path -> FILE.matcher(String.valueOf(path.getFileName())))
                .filter(Matcher::matches)
                .map(name -> Integer.valueOf(name.group(2)))
                .distinct()
                .sorted()
                .toList();
    }

    /** Another rank may delete what this one lists: what is gone is not there. */
    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (NotDirectoryException e) {
            throw new IOException(folder + " is a file (expected: a folder of checkpoints)", e);
        }
    }

    private void delete(int step) throws IOException {
        Path folderOfStep = ofStep(step);
        for (Path file : list(folderOfStep)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folderOfStep);
    }
}
