package org.dl4jscape.aeron.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.dl4jscape.aeron.LoopbackGroup;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.CollectiveException;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.junit.jupiter.api.Test;

/** The contract, over TCP on the loopback interface. */
class TcpCollectivesTest extends CollectivesContract {
    private static final int SOCKET_BUFFER = 64 * 1024;

    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        return group(worldSize, new TcpTransport.Context().timeoutNs(timeoutNs).socketBufferLength(SOCKET_BUFFER));
    }

    private static List<Collectives> group(int worldSize, TcpTransport.Context context) throws Exception {
        context.conclude();
        return LoopbackGroup.connect(
                worldSize, (group, rendezvous) -> TcpTransport.connect(group, rendezvous, context));
    }

    /** Above what the buffers of both sockets take. */
    @Override
    protected int longShard() {
        return 4 * SOCKET_BUFFER + 1;
    }

    @Test
    void shouldCarryWhatIsAboveAnySocketThatTheSystemChooses() throws Exception {
        int shard = 3_000_001;
        onEachRank(group(2, new TcpTransport.Context()), rank -> {
            float[] ones = new float[2 * shard];
            Arrays.fill(ones, 1);
            float[] sum = new float[shard];
            rank.reduceScatter(ones, new int[] {0, shard, 2 * shard}, WirePrecision.FP32, sum);
            assertEquals(2f, sum[0]);
            assertEquals(2f, sum[shard - 1]);
            rank.close();
        });
    }

    @Test
    void shouldSlowDownASenderThatIsFarAhead() throws Exception {
        List<Collectives> ranks = group(
                2,
                new TcpTransport.Context()
                        .timeoutNs(LONG_TIMEOUT_NS)
                        .receiveBufferLength(32 * 1024)
                        .socketBufferLength(32 * 1024));
        onEachRank(ranks, rank -> {
            if (rank.group().rank() == 1) {
                Thread.sleep(300);
            }
            for (int round = 0; round < 400; round++) {
                float[] values = new float[3000];
                if (rank.group().rank() == 0) {
                    Arrays.fill(values, round);
                }
                rank.broadcast(values, 0);
                assertEquals(round, values[2999]);
            }
            rank.close();
        });
    }

    @Test
    void shouldRefuseAPortThatIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String message = refusal(new TcpTransport.Context().port(other.getLocalPort()));
            assertTrue(message.contains("cannot be bound with port=" + other.getLocalPort()), message);
            CollectivesOptions options =
                    new CollectivesOptions(1, "127.0.0.1", Map.of("port", Integer.toString(other.getLocalPort())));
            assertThrows(CollectiveException.class, () -> new TcpCollectivesProvider().check(2, 1, options));
        }
    }

    @Test
    void shouldRefuseAnAddressOfAnotherMachineWithItsName() {
        String message = refusal(new TcpTransport.Context().bindAddress("192.0.2.1"));
        assertTrue(message.contains("bindAddress=192.0.2.1 cannot be bound"), message);
    }

    @Test
    void shouldLeaveNoThreadBehind() throws Exception {
        for (int i = 0; i < 3; i++) {
            onEachRank(connect(3, LONG_TIMEOUT_NS), Collectives::close);
        }
        long left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("scape-exchange"))
                .filter(Thread::isAlive)
                .count();
        assertEquals(0, left);
    }

    private static String refusal(TcpTransport.Context context) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> group(2, context));
        return String.valueOf(
                assertInstanceOf(CollectiveException.class, failed.getCause()).getMessage());
    }
}
