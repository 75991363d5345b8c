package org.dl4jscape.aeron.rendezvous;

/** One rank, as the host sees it. */
interface Guest {
    /** Sends a message, as soon as the system takes it. */
    void tell(Message message);

    /** Ends the connection once everything told is sent; the host hears no more of it. */
    void end();

    /** Where it comes from, for messages to people. */
    String address();
}
