package org.dl4jscape.dl4j.doctor;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.exchange.CollectivesOptions;

/**
 * Examines this machine, this JVM and this class path. Starts no transport and changes nothing.
 */
public final class Doctor {
    private Doctor() {}

    /**
     * Everything that was looked at, good or bad.
     *
     * @param ranks how many ranks are to run on this machine, at least 1
     * @param options address and properties that the transports will be given
     * @return findings in the order: JVM, machine, class path, transports, kernels
     */
    public static List<Finding> examine(int ranks, CollectivesOptions options) {
        if (ranks < 1) {
            throw new IllegalArgumentException("ranks=" + ranks + " (expected: >= 1)");
        }
        ClassLoader classPath = Doctor.class.getClassLoader();
        List<Finding> findings = new ArrayList<>();
        findings.addAll(JvmChecks.run(ranks, System.getenv(), classPath));
        findings.addAll(MachineChecks.run());
        findings.addAll(ClassPathChecks.run(classPath));
        findings.addAll(ProviderChecks.run(ranks, options));
        return List.copyOf(findings);
    }

    /** The findings as text, one a line, each remedy on a line of its own below. */
    public static String describe(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(String.format("%-8s %-18s %s%n", finding.level(), finding.subject(), finding.found()));
            if (!finding.remedy().isEmpty()) {
                text.append(String.format("%-8s %-18s   -> %s%n", "", "", finding.remedy()));
            }
        }
        return text.toString();
    }

    /** Whether nothing would stop a training. */
    public static boolean isHealthy(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.level() == Finding.Level.PROBLEM);
    }
}
