package org.dl4jscape.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressViewTest {
    private final List<String> lines = new ArrayList<>();

    private void run(int steps, boolean quiet) {
        try (ProgressView view = new ProgressView(lines::add, steps, quiet)) {
            view.start(113_920, 2048, 455_680);
            for (int step = 1; step <= steps; step++) {
                view.step(step, 2.5, 5_000L * step, 455_680.0 * step);
            }
        }
    }

    @Test
    void shouldPrintPlainLinesWithLossBytesAndTimeLeftWhereThereIsNoTerminal() {
        run(200, false);
        assertEquals(21, lines.size(), "a heading and one line for each twentieth");
        assertTrue(lines.get(0).startsWith("113,920 parameters, 2,048 tokens a step"), lines.get(0));
        assertTrue(
                lines.get(20)
                        .matches("step 200 of 200, loss 2.500, [0-9,]+ tokens/s, 1.0 MB sent,"
                                + " 90.1 MB saved, 0 s left\\R"),
                lines.get(20));
    }

    @Test
    void shouldPrintTheLastStepOfAShortRun() {
        run(3, false);
        assertEquals(4, lines.size());
    }

    @Test
    void shouldPrintNothingWhenQuiet() {
        run(100, true);
        assertEquals(List.of(), lines);
    }
}
