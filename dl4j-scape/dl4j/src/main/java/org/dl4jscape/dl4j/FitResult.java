package org.dl4jscape.dl4j;

import java.util.List;
import java.util.Map;
import org.dl4jscape.core.exchange.PayloadKind;

/**
 * What a training without Spark has done.
 *
 * @param steps number of applied steps
 * @param parametersSha256 digest of each rank's parameters, in rank order
 * @param bytesSent bytes that rank 0 sent, by kind; in a process group, that this rank sent
 */
public record FitResult(int steps, List<String> parametersSha256, Map<PayloadKind, Long> bytesSent) {
    /** Copies the collections. */
    public FitResult {
        parametersSha256 = List.copyOf(parametersSha256);
        bytesSent = Map.copyOf(bytesSent);
    }

    /** Whether all replicas hold the same bits. */
    public boolean replicasIdentical() {
        return parametersSha256.stream().distinct().count() == 1;
    }
}
