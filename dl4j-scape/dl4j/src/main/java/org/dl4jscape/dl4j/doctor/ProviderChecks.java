package org.dl4jscape.dl4j.doctor;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.compute.KernelsSelection;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.CollectivesProvider;
import org.dl4jscape.core.exchange.TransportSelection;

/** The transports and kernels on the class path: each is asked what it lacks here. */
final class ProviderChecks {
    private ProviderChecks() {}

    static List<Finding> run(int ranks, CollectivesOptions options) {
        List<Finding> findings = new ArrayList<>();
        for (CollectivesProvider provider : TransportSelection.providers()) {
            String subject = "transport " + provider.name();
            try {
                provider.check(ranks, ranks, options);
                findings.add(Finding.ok(subject, "has what " + ranks + " ranks on this machine need"));
            } catch (CollectiveException | IllegalArgumentException e) {
                findings.add(Finding.problem(
                        subject, String.valueOf(e.getMessage()), "see the sentence, or use another transport"));
            }
        }
        KernelsSelection.availability()
                .forEach((name, reason) -> findings.add(
                        reason.isEmpty()
                                ? Finding.ok("kernels " + name, "can run here")
                                : Finding.ok("kernels " + name, "left out: " + reason)));
        return findings;
    }
}
