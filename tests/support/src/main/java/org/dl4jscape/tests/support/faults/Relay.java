package org.dl4jscape.tests.support.faults;

/** Stands between ranks on the loopback interface and passes on what they send, with faults. */
public interface Relay extends AutoCloseable {
    /**
     * Opens a way in.
     *
     * @param port where what comes is passed on to, on the loopback interface
     * @return the port to send to instead
     */
    int door(int port);

    /** What happened so far. */
    FaultCounts counts();

    /** Closes all ways; idempotent. */
    @Override
    void close();
}
