package org.dl4jscape.aeron.rendezvous;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.dl4jscape.aeron.rendezvous.RendezvousException.Reason;
import org.dl4jscape.aeron.security.DerivedKeys;
import org.dl4jscape.aeron.security.SharedSecret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the host, from the greeting to the end. Belongs to the thread of the host. */
final class HostedRank implements Guest {
    private static final Logger LOG = LoggerFactory.getLogger(HostedRank.class);

    /** A stranger who says nothing, and a rank that does not read its last word, are not waited for any longer. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final Gathering gathering;
    private final @Nullable SharedSecret secret;
    private final FramedSocket socket;
    private final SelectionKey key;
    private final String address;
    private final Runnable onStranger;
    private long sinceNs;
    private boolean opened;
    private boolean seated;
    private boolean ending;
    private boolean outputShut;

    HostedRank(
            Gathering gathering,
            @Nullable SharedSecret secret,
            FramedSocket socket,
            SelectionKey key,
            String address,
            Runnable onStranger) {
        this.gathering = gathering;
        this.secret = secret;
        this.socket = socket;
        this.key = key;
        this.address = address;
        this.onStranger = onStranger;
        sinceNs = System.nanoTime();
    }

    /** Takes what has come. */
    void read(long nowNs) {
        try {
            if (ending) {
                if (!socket.discard()) {
                    close();
                }
                return;
            }
            Message message = socket.poll();
            while (message != null) {
                take(message, nowNs);
                message = ending ? null : socket.poll();
            }
        } catch (ForgedMessageException e) {
            stranger("a connection from " + address + " has another secret");
            tell(refusal(Reason.SECRET_WRONG, "the host has another secret"));
            end();
        } catch (MalformedMessageException e) {
            stranger("a connection from " + address + " sent what is no message: " + e.getMessage());
            lost(nowNs);
        } catch (IOException e) {
            if (!seated) {
                LOG.debug("the connection from {} ended before it had a seat: {}", address, e.toString());
            }
            lost(nowNs);
        }
    }

    private void take(Message message, long nowNs) throws IOException {
        if (!opened && message instanceof Message.Open open) {
            opened = true;
            greet(open);
        } else if (opened && !seated && message instanceof Message.Join join) {
            seated = gathering.join(this, join, nowNs);
            socket.acceptAll();
        } else if (seated && message instanceof Message.Line line) {
            gathering.line(this, line, nowNs);
        } else if (seated && message instanceof Message.Next next) {
            gathering.next(this, next, nowNs);
        } else if (seated && message instanceof Message.Leave) {
            gathering.gone(this, nowNs);
            end();
        } else {
            throw new MalformedMessageException(message.getClass().getSimpleName() + " out of turn");
        }
    }

    private void greet(Message.Open open) throws IOException {
        byte[] nonce = DerivedKeys.nonce();
        boolean secured = secret != null;
        socket.send(new Message.Challenge(secured, nonce));
        if (secured != open.isSecured()) {
            stranger("a connection from " + address + (secured ? " has no secret" : " has a secret and the host none"));
            tell(refusal(
                    Reason.SECRET_MISSING,
                    secured ? "the host has a secret and this rank none" : "this rank has a secret and the host none"));
            end();
        } else if (secret != null) {
            socket.seal(secret, open.nonce(), nonce, true);
        }
    }

    private static Message.Refusal refusal(Reason reason, String sentence) {
        return new Message.Refusal(
                reason, true, -1, sentence + "; set the same secretFile, or none, on all ranks and the host");
    }

    private void stranger(String why) {
        LOG.warn("rendezvous: turned away: {}", why);
        gathering.turnedAway(why);
        onStranger.run();
    }

    /** Sends what waits; ends what has waited too long. */
    void write(long nowNs) {
        if (!key.isValid()) {
            return;
        }
        try {
            boolean flushed = socket.flush();
            key.interestOps(flushed ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            if (ending && flushed && !outputShut) {
                outputShut = true;
                socket.channel().shutdownOutput();
            }
        } catch (IOException e) {
            lost(nowNs);
            return;
        }
        if ((ending || !seated) && nowNs - sinceNs > PATIENCE_NS) {
            lost(nowNs);
        }
    }

    private void lost(long nowNs) {
        close();
        if (seated) {
            gathering.gone(this, nowNs);
        }
    }

    boolean isClosed() {
        return !key.isValid();
    }

    @Override
    public void tell(Message message) {
        try {
            socket.send(message);
        } catch (IOException e) {
            LOG.warn("rendezvous: {} is given up: {}", address, e.toString());
            close();
        }
    }

    @Override
    public void end() {
        ending = true;
        sinceNs = System.nanoTime();
    }

    @Override
    public String address() {
        return address;
    }

    void close() {
        key.cancel();
        socket.close();
    }
}
