package org.dl4jscape.aeron.tcp;

import org.dl4jscape.aeron.exchange.Exchange;
import org.dl4jscape.aeron.exchange.ExchangeContext;
import org.dl4jscape.aeron.security.SecuredRendezvous;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;

/** Connects one rank to its group over TCP, as a {@link Context} says. */
public final class TcpTransport {
    private TcpTransport() {}

    /**
     * Connects one rank; all ranks of the group call it at about the same time.
     *
     * @param group place of this rank
     * @param rendezvous how the ranks learn each other's endpoints
     * @param context settings; concluded here if it was not yet
     * @return collectives that have heard from all ranks
     * @throws org.dl4jscape.core.exchange.CollectiveException when a rank is not heard within the deadline, or the
     *     address or port cannot be bound
     */
    public static Collectives connect(ProcessGroup group, Rendezvous rendezvous, Context context) {
        context.conclude();
        SecuredRendezvous secured = SecuredRendezvous.where(context.secret(), group, rendezvous);
        return secured == null
                ? Exchange.connect(
                        group,
                        SecuredRendezvous.unsecured(group, rendezvous),
                        context,
                        new TcpMedium(group, context, null))
                : Exchange.connect(group, secured, context, new TcpMedium(group, context, secured.keys()));
    }

    /** All settings of the transport, in addition to those of every medium. */
    public static final class Context extends ExchangeContext<Context> {
        /** 64 KiB. */
        public static final int MAX_MESSAGE_LENGTH_DEFAULT = 64 * 1024;

        private static final int PORT_MAX = 65_535;
        private static final int BUFFER_MAX = 1 << 28;

        private int port;
        private int maxMessageLength = MAX_MESSAGE_LENGTH_DEFAULT;
        private int socketBufferLength;

        /** All defaults. */
        public Context() {
            property("port", (name, text) -> port(size(name, text)));
            property("maxMessageLength", (name, text) -> maxMessageLength(size(name, text)));
            property("socketBufferLength", (name, text) -> socketBufferLength(size(name, text)));
        }

        @Override
        protected Context self() {
            return this;
        }

        @Override
        protected void concludeMedium() {
            range("port", port, 0, PORT_MAX);
            range("maxMessageLength", maxMessageLength, 1024, 1 << 24);
            range("socketBufferLength", socketBufferLength, 0, BUFFER_MAX);
        }

        /** TCP port on which this rank listens; 0: any that is free. */
        public Context port(int port) {
            this.port = set(port);
            return this;
        }

        public int port() {
            return port;
        }

        /** Bytes of the longest message; the same on all ranks. */
        public Context maxMessageLength(int maxMessageLength) {
            this.maxMessageLength = set(maxMessageLength);
            return this;
        }

        public int maxMessageLength() {
            return maxMessageLength;
        }

        /** Send and receive buffer asked of the system for each connection; 0: the system chooses and adapts. */
        public Context socketBufferLength(int socketBufferLength) {
            this.socketBufferLength = set(socketBufferLength);
            return this;
        }

        public int socketBufferLength() {
            return socketBufferLength;
        }

        @Override
        public String toString() {
            return "TcpTransport.Context{" + describe()
                    + ", port=" + port
                    + ", maxMessageLength=" + maxMessageLength
                    + ", socketBufferLength=" + socketBufferLength
                    + '}';
        }
    }
}
