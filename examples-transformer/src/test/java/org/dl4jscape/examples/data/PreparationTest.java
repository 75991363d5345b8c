package org.dl4jscape.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dl4jscape.examples.data.Preparation.Made;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts as files of tokens, and back. */
class PreparationTest {
    @TempDir
    Path folder;

    /** Paragraphs with everything that is awkward: surrogates, combining characters, tabs, long words, carriage returns. */
    private static List<String> paragraphs(long seed, int count) {
        Random random = new Random(seed);
        String[] words = {
            "Emma",
            "naïve",
            "été",
            "\uD83D\uDE00",
            "日本語",
            "don't",
            "3.14",
            "\tx",
            "  two",
            "e\u0301",
            "word\r",
            "<|endoftext|>"
        };
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("p" + i);
            for (int j = random.nextInt(400); j > 0; j--) {
                text.append(random.nextInt(20) == 0 ? "\n" : " ").append(words[random.nextInt(words.length)]);
            }
            all.add(text.toString());
        }
        all.add("long " + "lettersonly ".repeat(9000) + "x".repeat(50_000));
        return all;
    }

    private static String decode(Tokenizer tokenizer, Tokens tokens) {
        TextDecoder decoder = tokenizer.decoder();
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < tokens.length(); i++) {
            text.append(decoder.next(tokens.at(i)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"characters", "bytes", "r50k_base"})
    void shouldGiveBackEveryDocumentOnOneSide(String kind) throws IOException {
        List<String> documents = paragraphs(7, 300);
        Path text = Files.writeString(folder.resolve("text.txt"), String.join("\n\n", documents) + "\n");
        Path out = folder.resolve(kind + ".tokens");
        Made made = new Preparation(List.of(text), "", 0.2, 3).write(kind, out);
        assertEquals(documents.size(), made.documents());
        assertTrue(TokenFile.isOne(out));
        TokenFile file = TokenFile.open("--data", out);
        assertEquals(made.trainingTokens(), file.training().length());
        assertEquals(made.validationTokens(), file.validation().length());
        List<String> found = new ArrayList<>();
        for (Tokens side : List.of(file.training(), file.validation())) {
            found.addAll(Arrays.asList(decode(file.tokenizer(), side).split("\n\n")));
        }
        found.replaceAll(String::stripTrailing);
        List<String> expected =
                new ArrayList<>(documents.stream().map(String::stripTrailing).toList());
        assertEquals(
                expected.stream().sorted().toList(), found.stream().sorted().toList());
        double share = (double) decode(file.tokenizer(), file.validation()).split("\n\n").length / documents.size();
        assertEquals(0.2, share, 0.08);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(2, left.count(), "nothing unfinished stays");
        }
    }

    @Test
    void shouldEncodeInPiecesAsInOne() throws IOException {
        String text = "It was a truth universally acknowledged, that a single man. ".repeat(3000);
        Path source = Files.writeString(folder.resolve("text.txt"), text + "\n\nheld".repeat(20));
        Path out = folder.resolve("out.tokens");
        int[] whole = new BpeTokenizer().encode(text + "\n\n");
        int found = 0;
        for (long seed = 0; seed < 8; seed++) {
            new Preparation(List.of(source), "", 0.5, seed).write("r50k_base", out);
            TokenFile file = TokenFile.open("--data", out);
            boolean trains = file.training().length() > file.validation().length();
            Tokens side = trains ? file.training() : file.validation();
            found += trains ? 1 : 0;
            for (int i = 0; i < whole.length; i++) {
                assertEquals(whole[i], side.at(i), "seed " + seed + ", token " + i);
            }
        }
        assertTrue(found > 0 && found < 8, found + " of 8 seeds train on it");
    }

    @Test
    void shouldTakeALineOfJsonAsADocument() throws IOException {
        Path lines = Files.writeString(
                folder.resolve("a.jsonl"),
                "{\"text\":\"one\\n\\nstill one\"}\n\n{\"id\":3,\"text\":\"two é\"}\n{\"text\":\"three\"}\n"
                        + "{\"text\":\"more\"}\n".repeat(20));
        Made made = new Preparation(List.of(lines), "", 0.5, 1).write("bytes", folder.resolve("a.tokens"));
        assertEquals(23, made.documents());
        TokenFile file = TokenFile.open("--data", folder.resolve("a.tokens"));
        String all = decode(file.tokenizer(), file.training()) + decode(file.tokenizer(), file.validation());
        for (String document : List.of("one\n\nstill one", "two é", "three")) {
            assertTrue(all.contains(document), all);
        }
        assertEquals(14 + 6 + 5 + 20 * 4, all.getBytes(StandardCharsets.UTF_8).length);
    }

    private String refusal(Path file, String field) {
        Path out = folder.resolve("refused.tokens");
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> new Preparation(List.of(file), field, 0.3, 1)
                                .write("characters", out))
                        .getMessage());
        assertTrue(Files.notExists(out), "nothing may be written");
        assertTrue(Files.notExists(folder.resolve("refused.tokens.partial")), "nothing may stay");
        return message;
    }

    @Test
    void shouldSayWhereATextIsNotUtf8() throws IOException {
        byte[] bytes = ("a line\n\n" + "x".repeat(100_000) + "\nthird ").getBytes(StandardCharsets.UTF_8);
        byte[] bad = Arrays.copyOf(bytes, bytes.length + 3);
        bad[bytes.length] = (byte) 0xff;
        Path file = Files.write(folder.resolve("bad.txt"), bad);
        String message = refusal(file, "");
        assertEquals(
                file
                        + " is not UTF-8 at byte 100015 (line 4, value 0xff); convert it, with iconv -t UTF-8 for instance",
                message);
        Path cut = Files.write(folder.resolve("cut.txt"), new byte[] {'a', '\n', '\n', 'b', (byte) 0xc3});
        assertTrue(refusal(cut, "").startsWith(cut + " is not UTF-8 at byte 4 (line 3, value 0xc3)"));
    }

    @Test
    void shouldSayWhichLineIsNoDocument() throws IOException {
        Path broken = Files.writeString(folder.resolve("b.jsonl"), "{\"text\":\"a\"}\n{\"text\":\n");
        assertTrue(refusal(broken, "").startsWith(broken + " line 2 is no JSON object with a text \"text\""));
        Path other = Files.writeString(folder.resolve("c.jsonl"), "{\"text\":\"a\"}\n{\"text\":5}\n");
        assertTrue(refusal(other, "").contains(" line 2 is no JSON object"));
        assertTrue(refusal(other, "body").startsWith(other + " line 1 is no JSON object with a text \"body\""));
        assertTrue(refusal(folder.resolve("none.txt"), "").endsWith("none.txt cannot be read (there is no such file)"));
        Path one = Files.writeString(folder.resolve("one.txt"), "only one document");
        assertTrue(refusal(one, "").startsWith("1 documents leave "));
    }

    @Test
    void shouldRefuseAFileThatIsNotAsItWasWritten() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), String.join("\n\n", paragraphs(1, 40)));
        Path good = folder.resolve("good.tokens");
        new Preparation(List.of(text), "", 0.2, 3).write("characters", good);
        byte[] bytes = Files.readAllBytes(good);
        Random random = new Random(11);
        for (int trial = 0; trial < 40; trial++) {
            byte[] bad = bytes.clone();
            int at = 8 + random.nextInt(bytes.length - 8);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Path file = Files.write(folder.resolve("bad.tokens"), bad);
            boolean padding = at >= 48 + headLength(bytes) && at < 4096;
            if (!padding) {
                String message = message(file);
                assertTrue(message.startsWith("--data=" + file + " "), message);
                assertTrue(message.endsWith("; make it anew with scape prepare"), at + ": " + message);
            }
            int length = random.nextInt(bytes.length - 8) + 8;
            Files.write(file, Arrays.copyOf(bytes, length));
            assertTrue(message(file).contains(" is truncated: "), message(file));
        }
    }

    private static int headLength(byte[] bytes) {
        return java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(20);
    }

    private static String message(Path file) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> TokenFile.open("--data", file))
                .getMessage());
    }
}
