package org.dl4jscape.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a failed rank said, without the stack trace and the scheduler's words that Spark wraps around it. */
final class RankFailure {
    /** {@code some.package.SomeException: the message} at the end of a line of Spark's report. */
    private static final Pattern THROWN =
            Pattern.compile("(?m)(?:^|: )(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): (.+)$");

    private RankFailure() {}

    /** One sentence for the terminal; our own exceptions are sentences, also where they name a cause. */
    static String sentence(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher thrown = THROWN.matcher(message);
        if (failure.getClass().getName().startsWith("org.apache.spark.") && thrown.find()) {
            return thrown.group(1);
        }
        return message.isBlank() || failure.getMessage() == null ? failure.toString() : message;
    }
}
