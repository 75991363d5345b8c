package org.dl4jscape.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.exc.UnrecognizedPropertyException;

/** A master as text: JSON or YAML, whatever the mapper writes. A field that nobody knows is refused, not passed over. */
final class MasterForm {
    private final ObjectMapper mapper;

    /** By a mapper of Deeplearning4j's, which passes over unknown fields; it is left as it is. */
    MasterForm(ObjectMapper mapper) {
        this.mapper = mapper.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    String write(ScapeTrainingMaster master) {
        try {
            return mapper.writeValueAsString(master);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The master that was written.
     *
     * @throws UncheckedIOException when the text is none
     * @throws IllegalArgumentException when it has a field that a master has not; names the nearest one
     */
    ScapeTrainingMaster read(String text) {
        try {
            return mapper.readValue(text, ScapeTrainingMaster.class);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException(unknown(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException("not a ScapeTrainingMaster: " + e.getMessage(), e);
        }
    }

    private static String unknown(UnrecognizedPropertyException failure) {
        String name = failure.getPropertyName();
        Collection<Object> known = failure.getKnownPropertyIds();
        List<String> names = known == null
                ? List.of()
                : known.stream().map(Object::toString).sorted().toList();
        String nearest = names.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElse("none");
        String place = failure.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .reduce((outer, inner) -> outer + "." + inner)
                .orElse(name);
        return "unknown field " + place + " of a ScapeTrainingMaster (expected: one of " + names + "); did you mean "
                + nearest + "?";
    }

    /** Levenshtein's, without regard to case. */
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
