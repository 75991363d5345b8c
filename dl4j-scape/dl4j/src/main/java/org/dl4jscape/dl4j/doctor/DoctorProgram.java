package org.dl4jscape.dl4j.doctor;

import java.util.List;
import org.dl4jscape.core.exchange.CollectivesOptions;

/** Prints what {@link Doctor} finds; status 0 when nothing would stop a training, 1 when something would, 2 on bad arguments. */
public final class DoctorProgram {
    private DoctorProgram() {}

    /**
     * Runs the checks.
     *
     * @param arguments the number of ranks on this machine; without, 2
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String[] arguments) {
        int ranks = 2;
        if (arguments.length > 0) {
            try {
                ranks = Integer.parseInt(arguments[0]);
            } catch (NumberFormatException e) {
                ranks = 0;
            }
        }
        if (arguments.length > 1 || ranks < 1) {
            System.err.println("arguments " + String.join(" ", arguments)
                    + " (expected: the number of ranks on this machine, such as 2, or none)");
            return 2;
        }
        List<Finding> findings = Doctor.examine(ranks, CollectivesOptions.defaults());
        System.out.print(Doctor.describe(findings));
        return Doctor.isHealthy(findings) ? 0 : 1;
    }
}
