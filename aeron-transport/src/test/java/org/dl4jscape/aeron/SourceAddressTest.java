package org.dl4jscape.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jscape.core.exchange.CollectiveException;
import org.junit.jupiter.api.Test;

class SourceAddressTest {
    @Test
    void shouldKnowTheAddressesOfAHostAtAnyPort() {
        SourceAddress source = SourceAddress.ofHost("127.0.0.1");
        assertTrue(source.includes("127.0.0.1:40123"));
        assertTrue(source.includes("127.0.0.2:40123"), "all of loopback is one host");
        assertFalse(source.includes("192.0.2.7:40123"));
        assertTrue(SourceAddress.ofHost("192.0.2.7").includes("192.0.2.7:1"));
        assertFalse(SourceAddress.ofHost("192.0.2.7").includes("127.0.0.1:1"));
        assertTrue(SourceAddress.ofHost("localhost").includes("127.0.0.1:1"));
        SourceAddress six = SourceAddress.ofHost("::1");
        assertTrue(six.includes("[::1]:40123"));
        assertTrue(six.includes("[0:0:0:0:0:0:0:1]:40123"));
        assertFalse(six.includes("[::2]:40123"));
    }

    @Test
    void shouldKnowNobodyBeforeTheRendezvousAndAnybodyInSharedMemory() {
        assertFalse(SourceAddress.NOBODY.includes("127.0.0.1:40123"));
        assertTrue(SourceAddress.ANY.includes("aeron:ipc"));
        assertFalse(SourceAddress.ofHost("127.0.0.1").includes("aeron:ipc"));
    }

    @Test
    void shouldSendFromAnAddressThatAnInterfaceHas() {
        assertEquals("127.0.0.1", SourceAddress.toSendFrom("localhost"));
        assertNull(SourceAddress.toSendFrom("127.0.0.2"));
    }

    @Test
    void shouldRefuseANameThatDoesNotResolve() {
        CollectiveException refusal =
                assertThrows(CollectiveException.class, () -> SourceAddress.ofHost("no-such-host.invalid"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("instead of a name"), refusal.getMessage());
        assertThrows(CollectiveException.class, () -> SourceAddress.toSendFrom("no-such-host.invalid"));
    }
}
