package org.dl4jscape.examples.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads a file as documents, in flat memory: of a text, what stands between empty lines is a document; of JSON lines, a line is.
 */
final class DocumentReader {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final String field;
    private final DocumentSink sink;
    private long lines;
    private int newlines;
    private boolean begun;
    private final StringBuilder line = new StringBuilder();
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Ready to read.
     *
     * @param file UTF-8
     * @param field of a JSON line that holds the text; empty: the file is a text
     * @param sink takes the documents
     */
    DocumentReader(Path file, String field, DocumentSink sink) {
        this.file = file;
        this.field = field;
        this.sink = sink;
    }

    /**
     * Reads all of it.
     *
     * @throws IllegalArgumentException when it cannot be read, is no UTF-8, or a line is no JSON object with the field
     * @throws IOException when the sink fails
     */
    void read() throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer characters = CharBuffer.allocate(BUFFER);
        long consumed = 0;
        try (FileChannel channel = open()) {
            boolean more = true;
            while (more) {
                more = channel.read(bytes) >= 0;
                bytes.flip();
                CoderResult result = decoder.decode(bytes, characters, !more);
                take(characters);
                consumed += bytes.position();
                if (result.isError()) {
                    throw new IllegalArgumentException(String.format(
                            Locale.ROOT,
                            "%s is not UTF-8 at byte %d (line %d, value 0x%02x); convert it, with iconv -t UTF-8 for"
                                    + " instance",
                            file,
                            consumed,
                            lines + 1,
                            bytes.get() & 0xff));
                }
                bytes.compact();
            }
        }
        finish();
    }

    private FileChannel open() {
        try {
            FileChannel channel = FileChannel.open(file);
            channel.size();
            return channel;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + " cannot be read (there is no such file)", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private void take(CharBuffer characters) throws IOException {
        characters.flip();
        char[] array = characters.array();
        if (field.isEmpty()) {
            takeText(array, characters.limit());
        } else {
            takeLines(array, characters.limit());
        }
        characters.clear();
    }

    /** The first character after an empty line begins a document. */
    private void takeText(char[] array, int length) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            char c = array[i];
            if (c == '\n') {
                lines++;
                newlines++;
            } else if (c != '\r') {
                if (newlines > 1 && begun) {
                    emit(array, from, i);
                    sink.end();
                    from = i;
                }
                newlines = 0;
                begun = true;
            }
        }
        emit(array, from, length);
    }

    private void emit(char[] array, int from, int to) throws IOException {
        if (to > from) {
            sink.text(array, from, to);
        }
    }

    private void takeLines(char[] array, int length) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (array[i] == '\n') {
                line.append(array, from, i - from);
                lines++;
                takeLine();
                from = i + 1;
            }
        }
        line.append(array, from, length - from);
    }

    private void takeLine() throws IOException {
        String text = line.toString();
        line.setLength(0);
        if (text.isBlank()) {
            return;
        }
        JsonNode found;
        try {
            found = json.readTree(text).path(field);
        } catch (JsonProcessingException e) {
            throw badLine(e);
        }
        if (!found.isTextual()) {
            throw badLine(null);
        }
        char[] document = found.asText().toCharArray();
        emit(document, 0, document.length);
        sink.end();
    }

    private IllegalArgumentException badLine(@org.jspecify.annotations.Nullable Exception cause) {
        return new IllegalArgumentException(
                file + " line " + lines + " is no JSON object with a text \"" + field
                        + "\"; name the field with --field, or leave the line out",
                cause);
    }

    private void finish() throws IOException {
        if (!field.isEmpty()) {
            if (line.length() > 0) {
                lines++;
                takeLine();
            }
        } else if (begun) {
            sink.end();
        }
    }
}
