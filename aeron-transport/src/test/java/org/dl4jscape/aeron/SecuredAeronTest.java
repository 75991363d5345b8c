package org.dl4jscape.aeron;

/** The contract with a shared secret, over transport {@code aeron}. */
class SecuredAeronTest extends SecuredContract {
    SecuredAeronTest() {
        super("aeron");
    }
}
