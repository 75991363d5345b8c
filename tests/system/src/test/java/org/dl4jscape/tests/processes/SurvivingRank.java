package org.dl4jscape.tests.processes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.rendezvous.RendezvousException;
import org.dl4jscape.aeron.rendezvous.TcpRendezvous;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.TransportSelection;
import org.dl4jscape.tests.support.ranks.RankJob;
import org.dl4jscape.tests.support.ranks.SyntheticTraining;

/**
 * A rank that trains, and when another is lost trains anew with those who are left, in the same JVM.
 *
 * <p>Arguments: rank, world size, transport, address of the rendezvous, folder. Tells {@code trained-G=SHA} after {@link #STEPS}
 * steps of generation G, and {@code lost-G=EXCEPTION}, {@code phase=TEXT}; then waits in training until the next loss, or ends after the
 * generation of {@link #LAST_WORLD_SIZE} ranks.
 */
public final class SurvivingRank {
    /** Steps of a generation before it tells. */
    static final int STEPS = 12;

    /** The generation of so few ranks ends by itself. */
    static final int LAST_WORLD_SIZE = 2;

    /** Exit status of a rank that gets no seat any more. */
    static final int REFUSED = 3;

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(90);
    private static final long SEED = 11;

    private SurvivingRank() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[4]);
        SharedSecret secret = SharedSecret.ofFile(folder.resolve("secret").toString());
        TcpRendezvous.Context context = new TcpRendezvous.Context()
                .address(args[3])
                .group(ProcessGroup.of(Integer.parseInt(args[0]), Integer.parseInt(args[1])))
                .timeoutNs(TIMEOUT_NS)
                .regroupTimeoutNs(TIMEOUT_NS)
                .secret(secret);
        try (TcpRendezvous membership = TcpRendezvous.join(context)) {
            while (!train(membership, args[2], folder)) {
                membership.next();
            }
        } catch (RendezvousException e) {
            tell("refused", e.reason().name());
            System.exit(REFUSED);
        }
    }

    /** The job of a generation; its results do not depend on how the group came to its size. */
    static RankJob job(int worldSize) {
        return RankJob.of("inprocess", worldSize, STEPS, SEED);
    }

    /** True when this was the last generation, false when a rank was lost. */
    private static boolean train(TcpRendezvous membership, String transport, Path folder) throws Exception {
        ProcessGroup group = membership.group();
        Map<String, String> properties = transport.equals("tcp")
                ? Map.of("secretFile", folder.resolve("secret").toString())
                : Map.of(
                        "secretFile",
                        folder.resolve("secret").toString(),
                        "directory",
                        folder.resolve("drivers").toString());
        CollectivesOptions options = new CollectivesOptions(TIMEOUT_NS, "127.0.0.1", properties);
        try (Collectives collectives = TransportSelection.byName(transport).connect(group, membership, options)) {
            try {
                run(group, collectives, folder);
                return true;
            } catch (CollectiveException e) {
                tell("lost-" + group.generation(), e.getClass().getSimpleName());
                collectives.abort(String.valueOf(e.getMessage()));
                collectives.close();
                tell("phase", collectives.stats().snapshot().phase());
                return false;
            }
        }
    }

    private static void run(ProcessGroup group, Collectives collectives, Path folder) throws Exception {
        SyntheticTraining training =
                new SyntheticTraining(job(group.worldSize()), group.rank(), collectives, List.of());
        for (int i = 0; i < STEPS; i++) {
            training.run();
        }
        tell("trained-" + group.generation(), training.sha256());
        Files.createFile(folder.resolve("trained-" + group.generation() + "-" + group.rank()));
        while (group.worldSize() > LAST_WORLD_SIZE) {
            training.run();
        }
        collectives.barrier();
    }

    private static void tell(String key, String value) {
        System.out.println(key + "=" + value);
        System.out.flush();
    }
}
