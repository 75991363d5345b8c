package org.dl4jscape.examples.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The texts of the example: five novels to train on, one to validate; or files of the user. */
public final class Texts {
    private static final List<String> TRAINING =
            List.of("emma", "mansfield-park", "northanger-abbey", "pride-and-prejudice", "sense-and-sensibility");
    private static final String VALIDATION = "persuasion";

    private Texts() {}

    /** Five novels by Jane Austen, one after the other. */
    public static String training() {
        StringBuilder all = new StringBuilder();
        TRAINING.forEach(name -> all.append(novel(name)).append('\n'));
        return all.toString();
    }

    /** Persuasion, which is not among the training texts. */
    public static String validation() {
        return novel(VALIDATION);
    }

    private static String novel(String name) {
        String resource = "/austen/" + name + ".txt.gz";
        try (InputStream raw = Texts.class.getResourceAsStream(resource)) {
            if (raw == null) {
                throw new IllegalStateException("resource " + resource + " is missing; build the module again");
            }
            try (GZIPInputStream text = new GZIPInputStream(raw)) {
                return new String(text.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Files of the user, one after the other.
     *
     * @throws IllegalArgumentException when a file cannot be read, is empty or is no UTF-8 text
     */
    public static String read(String option, List<Path> files) {
        StringBuilder all = new StringBuilder();
        for (Path file : files) {
            try {
                String text = Files.readString(file);
                if (text.isBlank()) {
                    throw new IllegalArgumentException(
                            option + "=" + file + " has no text (expected: a UTF-8 text file); give another file");
                }
                all.append(text).append('\n');
            } catch (MalformedInputException e) {
                throw new IllegalArgumentException(
                        option + "=" + file + " is not UTF-8; convert it, with iconv -t UTF-8 for instance", e);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        option + "=" + file + " cannot be read (" + reason(e) + "); give an existing text file", e);
            }
        }
        return all.toString();
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
    }
}
