package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.step.ExpectedBytes;
import org.dl4jscape.examples.model.Preset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training would take, said without one. */
class DryRunTest {
    private static PretrainOptions options(String preset) {
        PretrainOptions options = new PretrainOptions();
        options.preset = preset;
        options.ranks = 4;
        options.deviceTflops = 100.0;
        return options;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gpt-124m   | 123,607,296 parameters, head tied to the embedding (dry run only)
            gpt-345m   | 353,651,712 parameters, head tied to the embedding (dry run only)
            llama-500m | 493,420,800 parameters
            llama-1.8b | 1,792,389,888 parameters (dry run only: one network holds at most 536,870,912)
            """)
    void shouldDescribeModelsThatDoNotFitHere(String preset, String head) {
        String text = new DryRun(Preset.of(preset).shape(), options(preset)).describe();
        assertTrue(text.startsWith("preset " + preset + ": " + head + System.lineSeparator()), text);
        for (String word :
                new String[] {"memory a rank: ", "values ", ", mask ", ", control ", "dense exchange: ", "together "}) {
            assertTrue(text.contains(word), word + " in " + text);
        }
    }

    @Test
    void shouldExpectTheBytesThatTheTrainingExpects() {
        PretrainOptions options = options("small");
        ScapeConfig config = options.config();
        var shape = Preset.SMALL.shape(83);
        ExpectedBytes bytes = ExpectedBytes.of(config, DryRun.layout(shape, config, 4));
        assertEquals(shape.parameters(), bytes.trainable());
        assertEquals(2.0 * 3 / 4 * 4 * shape.parameters(), bytes.dense());
        assertTrue(bytes.ratio() < 0.03, bytes.describe());
    }

    @Test
    void shouldRefuseAModelWithoutRoomBeforeItIsAllocated() {
        PretrainOptions options = options("llama-500m");
        MemoryNeed need = MemoryNeed.of(Preset.LLAMA_500M.shape(), options.config(), 4, 1);
        String refusal = assertThrows(
                        IllegalArgumentException.class, () -> need.require("llama-500m", 4, 2L << 30, 2L << 30))
                .getMessage();
        assertTrue(refusal.startsWith("--preset=llama-500m with --ranks=4 needs "), refusal);
        assertTrue(refusal.contains(" of heap (expected: at most the 2.00 GiB of this JVM)"), refusal);
        String outside = assertThrows(
                        IllegalArgumentException.class, () -> need.require("llama-500m", 4, 1L << 50, 2L << 30))
                .getMessage();
        assertTrue(outside.contains(" of native memory (expected: at most the 2.00 GiB"), outside);
        need.require("llama-500m", 4, 1L << 50, 1L << 50);
    }
}
