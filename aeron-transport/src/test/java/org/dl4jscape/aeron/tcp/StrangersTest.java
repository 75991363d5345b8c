package org.dl4jscape.aeron.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.LoopbackGroup;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.security.SharedSecret;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Connections from those who were not at the rendezvous. */
class StrangersTest {
    private static final GroupToken TOKEN = new GroupToken(11, 12);
    private static final ProcessGroup RANK_0 = new ProcessGroup(0, 2, 4);
    private static final ProcessGroup RANK_1 = new ProcessGroup(1, 2, 4);
    private static final String SHAPE = TcpEndpoint.shapeOf(TcpTransport.Context.MAX_MESSAGE_LENGTH_DEFAULT, false);
    private static final int LIMIT_MS = 20_000;

    @Test
    void shouldFormTheGroupAmongStrangersThatAreSilentOrTalkNonsense() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        Random random = new Random(3);
        List<Collectives> ranks = LoopbackGroup.connect(
                3,
                (group, rendezvous) -> TcpTransport.connect(
                        group,
                        line -> {
                            TcpEndpoint own = TcpEndpoint.parse(line, group.rank(), group, SHAPE);
                            disturb(own, random, strangers);
                            return rendezvous.allGather(line);
                        },
                        new TcpTransport.Context()));
        assertEquals(3 * 4, strangers.size());
        List<Thread> leaving = new ArrayList<>();
        float[][] values = {{1, 0, 0}, {0, 2, 0}, {0, 0, 3}};
        for (Collectives rank : ranks) {
            Thread thread = new Thread(() -> {
                rank.allGather(values[rank.group().rank()], new int[] {0, 1, 2, 3}, WirePrecision.FP32);
                rank.close();
            });
            leaving.add(thread);
            thread.start();
        }
        for (Thread thread : leaving) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
            assertFalse(thread.isAlive());
        }
        for (float[] gathered : values) {
            assertArrayEquals(new float[] {1, 2, 3}, gathered);
        }
        for (Socket stranger : strangers) {
            stranger.close();
        }
    }

    private static void disturb(TcpEndpoint own, Random random, List<Socket> strangers) {
        try {
            for (int i = 0; i < 4; i++) {
                Socket stranger = new Socket(own.host(), own.port());
                byte[] nonsense = new byte[100 * i];
                synchronized (strangers) {
                    random.nextBytes(nonsense);
                    strangers.add(stranger);
                }
                stranger.getOutputStream().write(nonsense);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldAgreeWhereBothSidesKnowTheToken() throws Exception {
        shake(RANK_0, RANK_1, TOKEN, null, null);
    }

    @Test
    void shouldProveTheSecretToEachOther() throws Exception {
        shake(RANK_0, RANK_1, TOKEN, keys("correct horse battery staple"), keys("correct horse battery staple"));
    }

    /** Who has overheard the token, which travels in the clear, still knows no secret. */
    @Test
    void shouldTurnAwayWhoKnowsTheTokenAndNotTheSecret() {
        DerivedKeys keys = keys("correct horse battery staple");
        IOException refusal = assertThrows(
                IOException.class, () -> shake(RANK_0, RANK_1, TOKEN, keys, keys("another secret, as long")));
        assertTrue(String.valueOf(refusal.getMessage()).contains("secret of this group"), refusal.toString());
    }

    private static DerivedKeys keys(String words) {
        return SharedSecret.of(words.getBytes(StandardCharsets.UTF_8), "test").keys(new byte[32]);
    }

    @Test
    void shouldTurnAwayWhoDoesNotKnowTheTokenOrBelongsToAnotherGroup() {
        List<ProcessGroup> foreign = List.of(new ProcessGroup(1, 2, 5), new ProcessGroup(1, 3, 4), RANK_1, RANK_1);
        List<GroupToken> tokens = List.of(TOKEN, TOKEN, new GroupToken(11, 13), new GroupToken(10, 12));
        for (int i = 0; i < foreign.size(); i++) {
            ProcessGroup group = foreign.get(i);
            GroupToken token = tokens.get(i);
            IOException refusal = assertThrows(IOException.class, () -> shake(RANK_0, group, token, null, null));
            assertTrue(String.valueOf(refusal.getMessage()).contains("token of this group"), refusal.toString());
        }
    }

    @Test
    void shouldGiveEveryGroupAnotherTokenAndShowItNowhere() {
        GroupToken one = GroupToken.of(List.of("a 1", "b 2"));
        assertEquals(one, GroupToken.of(List.of("a 1", "b 2")));
        assertFalse(one.equals(GroupToken.of(List.of("a 1", "b 3"))));
        assertFalse(one.equals(GroupToken.of(List.of("a 1b", " 2"))));
        assertEquals("GroupToken{}", one.toString());
    }

    /** Rank 0 accepts, {@code connecting} comes with a token, both with keys or both without. */
    private static void shake(
            ProcessGroup accepting,
            ProcessGroup connecting,
            GroupToken token,
            @Nullable DerivedKeys keysOfAccepting,
            @Nullable DerivedKeys keysOfConnecting)
            throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (FramedChannel out = new FramedChannel(SocketChannel.open(server.getLocalAddress()), 1000, 0);
                    FramedChannel in = new FramedChannel(server.accept(), 1000, 0)) {
                Handshake asks = new Handshake(connecting, token, out, accepting.rank(), 0, keysOfConnecting);
                Handshake answers = new Handshake(accepting, TOKEN, in, Handshake.ANYBODY, 0, keysOfAccepting);
                boolean asked = false;
                boolean answered = false;
                for (int waited = 0; !(asked && answered) && waited < LIMIT_MS; waited++) {
                    answered = answered || answers.advance();
                    asked = asked || asks.advance();
                    Thread.sleep(1);
                }
                assertTrue(asked && answered, "no agreement");
                assertEquals(accepting.rank(), asks.peer());
                assertEquals(connecting.rank(), answers.peer());
            }
        }
    }
}
