package org.dl4jscape.aeron;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.TransportSelection;

/**
 * Times one round (reduce-scatter and all-gather) of two ranks on one machine by each transport, and the same bytes over
 * plain blocking TCP in the same run. Run by hand: arguments are transports, or {@code transport:name=value} for one with
 * a property; prints one line per size and transport.
 */
final class LoopbackTimings {
    private LoopbackTimings() {}

    public static void main(String[] args) throws Exception {
        String[] transports = args.length > 0 ? args : new String[] {"aeron", "ipc", "tcp"};
        for (int bytes : new int[] {1024, 100 * 1024, 10 * 1024 * 1024, 100 * 1000 * 1000}) {
            int rounds = bytes <= 1024 ? 3000 : bytes <= 102400 ? 1000 : bytes <= 10485760 ? 20 : 3;
            double plain = tcp(bytes, rounds);
            for (String transport : transports) {
                double time = collectives(transport, bytes, rounds);
                System.out.printf(
                        Locale.ROOT,
                        "%d B per rank and direction: %s %.1f us, plain tcp %.1f us, ratio %.2f%n",
                        bytes,
                        transport,
                        time,
                        plain,
                        time / plain);
            }
        }
    }

    private static double collectives(String transport, int bytes, int rounds) throws Exception {
        int shard = bytes / 4;
        String[] parts = transport.split("[:=]", -1);
        Map<String, String> properties = parts.length == 3 ? Map.of(parts[1], parts[2]) : Map.of();
        CollectivesOptions options =
                new CollectivesOptions(CollectivesOptions.TIMEOUT_NS_DEFAULT, "127.0.0.1", properties);
        List<Collectives> ranks = LoopbackGroup.connect(
                2, (group, rendezvous) -> TransportSelection.byName(parts[0]).connect(group, rendezvous, options));
        long[] times = new long[rounds];
        Thread other = new Thread(() -> rounds(ranks.get(1), shard, new long[rounds]));
        other.start();
        rounds(ranks.get(0), shard, times);
        other.join();
        Thread closing = new Thread(ranks.get(1)::close);
        closing.start();
        ranks.get(0).close();
        closing.join();
        return median(times);
    }

    private static void rounds(Collectives rank, int shard, long[] times) {
        int[] offsets = {0, shard, 2 * shard};
        float[] values = new float[2 * shard];
        float[] sum = new float[shard];
        for (int i = 0; i < times.length; i++) {
            long began = System.nanoTime();
            rank.reduceScatter(values, offsets, WirePrecision.FP32, sum);
            rank.allGather(values, offsets, WirePrecision.FP32);
            times[i] = System.nanoTime() - began;
        }
    }

    private static double tcp(int bytes, int rounds) throws Exception {
        long[] times = new long[rounds];
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket left = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket right = server.accept()) {
            left.setTcpNoDelay(true);
            right.setTcpNoDelay(true);
            Thread other = new Thread(() -> exchange(right, bytes, new long[rounds]));
            other.start();
            exchange(left, bytes, times);
            other.join();
        }
        return median(times);
    }

    private static void exchange(Socket socket, int bytes, long[] times) {
        byte[] out = new byte[bytes];
        byte[] in = new byte[bytes];
        try {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            OutputStream output = socket.getOutputStream();
            for (int i = 0; i < times.length; i++) {
                long began = System.nanoTime();
                for (int half = 0; half < 2; half++) {
                    Thread sender = null;
                    if (bytes > 65536) {
                        sender = new Thread(() -> write(output, out));
                        sender.start();
                    } else {
                        write(output, out);
                    }
                    input.readFully(in);
                    if (sender != null) {
                        sender.join();
                    }
                }
                times[i] = System.nanoTime() - began;
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(OutputStream output, byte[] bytes) {
        try {
            output.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2] / 1e3;
    }
}
