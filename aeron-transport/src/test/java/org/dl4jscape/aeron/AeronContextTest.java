package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.ServiceLoader;
import org.dl4jscape.aeron.AeronTransport.Context;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.CollectivesProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AeronContextTest {
    @Test
    void shouldConcludeWithDefaults() {
        Context context = new Context().conclude();
        assertEquals(Context.LOOPBACK_MTU_LENGTH_DEFAULT, context.mtuLength());
        assertEquals(2 * Context.INITIAL_WINDOW_LENGTH_DEFAULT, context.socketRcvbufLength());
    }

    @Test
    void shouldFitEthernetWhereTheAddressIsNotLoopback() {
        assertEquals(1408, new Context().bindAddress("192.0.2.7").conclude().mtuLength());
    }

    @Test
    void shouldReadPropertiesWithUnits() {
        Context context = new Context()
                .options(options(Map.of(
                        "mtuLength", "8k",
                        "termBufferLength", "4m",
                        "peerLivenessTimeoutNs", "2s",
                        "heartbeatIntervalNs", "50ms",
                        "driverThreading", "shared")))
                .conclude();
        assertEquals(8192, context.mtuLength());
        assertEquals(4 << 20, context.termBufferLength());
        assertEquals(2_000_000_000L, context.peerLivenessTimeoutNs());
        assertEquals(50_000_000L, context.heartbeatIntervalNs());
        assertEquals(AeronTransport.DriverThreading.SHARED, context.driverThreading());
        assertEquals(7_000_000_000L, context.timeoutNs());
    }

    @Test
    void shouldRefuseAnUnknownPropertyAndListTheKnownOnes() {
        String message = refusal(() -> new Context().options(options(Map.of("termLength", "2m"))));
        assertTrue(message.contains("termLength=2m") && message.contains("termBufferLength"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "mtuLength,100,mtuLength=100 (expected: 512 <= mtuLength",
        "mtuLength,1400,multiple of 32",
        "mtuLength,ten,mtuLength=ten (expected: bytes",
        "mtuLength,8g,expected: < 2g",
        "termBufferLength,3m,expected: a power of two",
        "termBufferLength,128k,initialWindowLength=131072 > termBufferLength / 2=65536",
        "initialWindowLength,1k,mtuLength=16384 > initialWindowLength=1024",
        "socketRcvbufLength,64k,initialWindowLength=131072 > socketRcvbufLength=65536",
        "peerLivenessTimeoutNs,200ms,3 * heartbeatIntervalNs=300000000 > peerLivenessTimeoutNs=200000000",
        "nudgeIntervalNs,500ms,nudgeIntervalNs=500000000 > heartbeatIntervalNs=100000000",
        "maxParkNs,1s,maxParkNs <= 10000000",
        "driverThreading,both,expected: invoker or shared"
    })
    void shouldRefuseWhatIsOutOfRange(String name, String text, String expected) {
        String message =
                refusal(() -> new Context().options(options(Map.of(name, text))).conclude());
        assertTrue(message.contains(expected), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "::", "0:0:0:0:0:0:0:0", " "})
    void shouldRefuseAnAddressThatNobodyCanSendTo(String address) {
        String message = refusal(() -> new Context().bindAddress(address).conclude());
        assertTrue(message.contains("bindAddress=" + address + " (expected: the address of one interface"), message);
    }

    @Test
    void shouldBeFrozenOnceConcluded() {
        Context context = new Context().conclude();
        assertThrows(IllegalStateException.class, () -> context.mtuLength(1408));
    }

    @Test
    void shouldPrintEverySetting() {
        String text = new Context().conclude().toString();
        for (String name :
                new String[] {"mtuLength=16384", "termBufferLength=2097152", "peerLivenessTimeoutNs=1500000000"}) {
            assertTrue(text.contains(name), text);
        }
    }

    @Test
    void shouldBeFoundByName() {
        long found = ServiceLoader.load(CollectivesProvider.class).stream()
                .filter(provider -> provider.get().name().equals("aeron"))
                .count();
        assertEquals(1, found);
    }

    private static CollectivesOptions options(Map<String, String> properties) {
        return new CollectivesOptions(7_000_000_000L, "127.0.0.1", properties);
    }

    private static String refusal(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
