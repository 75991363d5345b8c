package org.dl4jscape.examples.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dl4jscape.examples.data.BpeTokenizer;
import org.dl4jscape.examples.model.DecoderShape.Family;

/** Models by name. The numbers in names count parameters with the vocabulary of {@code r50k_base}. */
public enum Preset {
    /** About 110,000 parameters with some 80 characters: 2 blocks of width 64. */
    SMALL("small", new DecoderShape(Family.GPT, BpeTokenizer.SIZE, 64, 64, 4, 4, 256, 2, false)),
    /** 3 blocks of width 48. */
    GPT_NANO("gpt-nano", new DecoderShape(Family.GPT, BpeTokenizer.SIZE, 64, 48, 3, 3, 192, 3, false)),
    /** 4 blocks of width 128. */
    GPT_MICRO("gpt-micro", new DecoderShape(Family.GPT, BpeTokenizer.SIZE, 128, 128, 4, 4, 512, 4, false)),
    /** The size of GPT-2: 12 blocks of width 768, head tied to the embedding. */
    GPT_124M("gpt-124m", new DecoderShape(Family.GPT, BpeTokenizer.SIZE, 1024, 768, 12, 12, 3072, 12, true)),
    /** The size of GPT-2 medium: 24 blocks of width 1024, head tied to the embedding. */
    GPT_345M("gpt-345m", new DecoderShape(Family.GPT, BpeTokenizer.SIZE, 1024, 1024, 16, 16, 4096, 24, true)),
    /** 2 Llama blocks of width 64, two heads of queries to one of keys and values. */
    LLAMA_NANO("llama-nano", new DecoderShape(Family.LLAMA, BpeTokenizer.SIZE, 64, 64, 4, 2, 176, 2, false)),
    /** 21 Llama blocks of width 1280. */
    LLAMA_500M("llama-500m", new DecoderShape(Family.LLAMA, BpeTokenizer.SIZE, 2048, 1280, 20, 5, 3456, 21, false)),
    /** 28 Llama blocks of width 2304. */
    LLAMA_1_8B("llama-1.8b", new DecoderShape(Family.LLAMA, BpeTokenizer.SIZE, 2048, 2304, 36, 9, 6144, 28, false));

    private static final long LARGE = 100_000_000;

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    private final DecoderShape shape;

    Preset(String label, DecoderShape shape) {
        this.label = label;
        this.shape = shape;
    }

    /** Names of all, smallest of each family first. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Preset::label).toList();
    }

    /**
     * The one of a name.
     *
     * @throws java.util.NoSuchElementException where there is none
     */
    public static Preset of(String label) {
        return Arrays.stream(values())
                .filter(preset -> preset.label.equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
    }

    /** As the command line names it. */
    public String label() {
        return label;
    }

    /** With the vocabulary of {@code r50k_base}. */
    public DecoderShape shape() {
        return shape;
    }

    /** With another vocabulary. */
    public DecoderShape shape(int vocabulary) {
        return new DecoderShape(
                shape.family(),
                vocabulary,
                shape.context(),
                shape.width(),
                shape.heads(),
                shape.groups(),
                shape.hidden(),
                shape.blocks(),
                shape.tied());
    }

    /** Whether its name counts parameters, so that it is meant for the vocabulary of {@code r50k_base}. */
    public boolean isLarge() {
        return shape.parameters() > LARGE;
    }
}
