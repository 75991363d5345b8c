package org.dl4jscape.aeron;

/** The contract with a shared secret, over transport {@code tcp}. */
class SecuredTcpTest extends SecuredContract {
    SecuredTcpTest() {
        super("tcp");
    }
}
