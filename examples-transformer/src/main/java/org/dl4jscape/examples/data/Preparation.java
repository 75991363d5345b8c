package org.dl4jscape.examples.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes a {@link TokenFile} of texts. Reads them once, for characters twice: first to see which there are. Memory does not grow with
 * the texts. Every document goes to training or validation as a whole; which, its number and the seed decide.
 */
public final class Preparation {
    /** Characters that are encoded at once: large enough for speed, small beside any heap. */
    private static final int PIECE = 1 << 15;

    private final List<Path> files;
    private final String field;
    private final double validationFraction;
    private final long seed;

    /**
     * What was made.
     *
     * @param tokenizer of the file
     * @param documents number of documents
     * @param trainingTokens tokens to train on
     * @param validationTokens tokens to validate on
     */
    public record Made(Tokenizer tokenizer, long documents, long trainingTokens, long validationTokens) {}

    /**
     * Nothing is read yet.
     *
     * @param files UTF-8
     * @param field of JSON lines that holds the text; empty: files whose names end in .jsonl have theirs in "text", others are texts
     * @param validationFraction share of the documents to validate on, in [0, 1)
     * @param seed of the choice
     */
    public Preparation(List<Path> files, String field, double validationFraction, long seed) {
        this.files = List.copyOf(files);
        this.field = field;
        this.validationFraction = validationFraction;
        this.seed = seed;
    }

    /**
     * Writes the file; nothing has its name before it is complete.
     *
     * @param kind one of {@link Tokenizers#KINDS}
     * @param out to write
     * @throws IllegalArgumentException when a text cannot be read, is no UTF-8, or there is too little of it
     */
    public Made write(String kind, Path out) throws IOException {
        Tokenizer tokenizer = tokenizer(kind);
        TokenFileWriter writer = new TokenFileWriter(out, tokenizer);
        try {
            Splitter splitter = new Splitter(tokenizer, writer);
            readAll(splitter);
            if (writer.trainingTokens() == 0 || validationFraction > 0 && writer.validationTokens() == 0) {
                throw new IllegalArgumentException(splitter.documents + " documents leave " + writer.trainingTokens()
                        + " tokens to train on and " + writer.validationTokens()
                        + " to validate on (expected: some of both); give more text, with empty lines between documents, or"
                        + " another --validation-fraction");
            }
            writer.finish();
            return new Made(tokenizer, splitter.documents, writer.trainingTokens(), writer.validationTokens());
        } catch (IOException | RuntimeException e) {
            writer.abandon();
            throw e;
        }
    }

    private Tokenizer tokenizer(String kind) throws IOException {
        if (kind.equals(ByteTokenizer.KIND)) {
            return new ByteTokenizer();
        }
        if (kind.equals(BpeTokenizer.KIND)) {
            return new BpeTokenizer();
        }
        boolean[] seen = new boolean[1 << 16];
        readAll(new DocumentSink() {
            @Override
            public void text(char[] characters, int from, int to) {
                for (int i = from; i < to; i++) {
                    seen[characters[i]] = true;
                }
            }

            @Override
            public void end() {
                // Which document a character is in does not matter.
            }
        });
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < seen.length; c++) {
            if (seen[c]) {
                all.append((char) c);
            }
        }
        return CharVocabulary.ofCharacters(all.toString());
    }

    private void readAll(DocumentSink sink) throws IOException {
        for (Path file : files) {
            boolean lines =
                    !field.isEmpty() || String.valueOf(file.getFileName()).endsWith(".jsonl");
            new DocumentReader(file, lines ? (field.isEmpty() ? "text" : field) : "", sink).read();
        }
    }

    /** Encodes documents and sends each to one side. */
    private final class Splitter implements DocumentSink {
        private final Tokenizer tokenizer;
        private final TokenFileWriter writer;
        private final int[] idOf;
        private final StringBuilder waiting = new StringBuilder();
        private long documents;
        private boolean held = isHeld(0);

        Splitter(Tokenizer tokenizer, TokenFileWriter writer) {
            this.tokenizer = tokenizer;
            this.writer = writer;
            idOf = new int[tokenizer instanceof CharVocabulary ? 1 << 16 : 0];
            for (int c = 0; c < idOf.length && tokenizer instanceof CharVocabulary characters; c++) {
                idOf[c] = characters.id((char) c);
            }
        }

        /** SplitMix64's finalizer of seed and number, as a fraction of its range. */
        private boolean isHeld(long document) {
            long z = seed + 0x9E3779B97F4A7C15L * (document + 1);
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53 < validationFraction;
        }

        @Override
        public void text(char[] characters, int from, int to) throws IOException {
            if (idOf.length > 0) {
                for (int i = from; i < to; i++) {
                    writer.add(idOf[characters[i]], held);
                }
                return;
            }
            waiting.append(characters, from, to - from);
            int cut = waiting.length() < PIECE ? 0 : cut();
            if (cut > 0) {
                encode(waiting.substring(0, cut));
                waiting.delete(0, cut);
            }
        }

        /** Before the last single space between words: there the encoding of the whole has a border, too. */
        private int cut() {
            for (int i = waiting.length() - 2; i > 0; i--) {
                boolean single = waiting.charAt(i) == ' '
                        && Character.isLetter(waiting.charAt(i - 1))
                        && Character.isLetter(waiting.charAt(i + 1));
                if (single) {
                    return i;
                }
            }
            if (waiting.length() < 32 * PIECE) {
                return 0;
            }
            int end = waiting.length() - 1; // a text without a space is cut anywhere but within a pair of surrogates
            return Character.isHighSurrogate(waiting.charAt(end - 1)) ? end - 1 : end;
        }

        private void encode(String text) throws IOException {
            for (int token : tokenizer.encode(text)) {
                writer.add(token, held);
            }
        }

        @Override
        public void end() throws IOException {
            if (waiting.length() > 0) {
                encode(waiting.toString());
                waiting.setLength(0);
            }
            documents++;
            held = isHeld(documents);
        }
    }
}
