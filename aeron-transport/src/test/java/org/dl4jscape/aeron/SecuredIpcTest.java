package org.dl4jscape.aeron;

import org.junit.jupiter.api.Tag;

/** The contract with a shared secret, over transport {@code ipc}. */
@Tag("slow")
class SecuredIpcTest extends SecuredContract {
    SecuredIpcTest() {
        super("ipc");
    }
}
