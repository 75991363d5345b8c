package org.dl4jscape.examples.cli;

import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** What a user sees while it trains: a bar on a terminal, otherwise a line now and then. */
final class ProgressView implements AutoCloseable {
    private static final int LINES = 20;

    private final Consumer<String> out;
    private final int steps;
    private final boolean quiet;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private int tokensPerStep = 1;
    private int clockedStep;
    private long clockNs;

    @SuppressWarnings("SystemConsoleNull") // on JDK 17 there is no console where output is redirected
    ProgressView(Consumer<String> out, int steps, boolean quiet) {
        this.out = out;
        this.steps = steps;
        this.quiet = quiet;
        terminal = !quiet && System.console() != null;
    }

    void start(int parameters, int tokens, double denseBytes) {
        tokensPerStep = tokens;
        if (!quiet) {
            out.accept(String.format(
                    Locale.ROOT,
                    "%,d parameters, %,d tokens a step, dense exchange %,.0f bytes a rank and step%n",
                    parameters,
                    tokens,
                    denseBytes));
        }
        if (terminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName("pretrain")
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .build();
        }
    }

    void step(int step, double loss, long bytes, double denseBytes) {
        long now = System.nanoTime();
        if (clockedStep == 0) { // the first step waits for the start of all ranks, and is no measure for the rest
            clockedStep = step;
            clockNs = now;
        }
        double secondsPerStep = step == clockedStep ? 0 : (now - clockNs) / 1e9 / (step - clockedStep);
        String text = String.format(
                Locale.ROOT,
                "loss %.3f, %,.0f tokens/s, %.1f MB sent, %.1f MB saved",
                loss,
                secondsPerStep == 0 ? 0 : tokensPerStep / secondsPerStep,
                bytes / 1e6,
                Math.max(0, denseBytes - bytes) / 1e6);
        ProgressBar shown = bar;
        if (shown != null) {
            shown.stepTo(step);
            shown.setExtraMessage(text);
        } else if (!quiet && (step % Math.max(1, steps / LINES) == 0 || step == steps)) {
            double left = secondsPerStep * (steps - step);
            out.accept(String.format(Locale.ROOT, "step %d of %d, %s, %.0f s left%n", step, steps, text, left));
        }
    }

    /** Ends the bar's line; what is printed from now on stands below it. */
    @Override
    public void close() {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.close();
            bar = null;
        }
    }
}
