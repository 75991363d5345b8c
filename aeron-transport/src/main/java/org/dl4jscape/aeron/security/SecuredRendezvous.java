package org.dl4jscape.aeron.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.dl4jscape.core.exchange.ProcessGroup;
import org.dl4jscape.core.exchange.Rendezvous;
import org.jspecify.annotations.Nullable;

/**
 * A rendezvous at which every rank proves to every other that it knows the secret, whoever carries the lines.
 *
 * <p>First the ranks exchange nonces, one meeting; the keys are {@code HKDF(secret, SHA-256 of the lines with all nonces)},
 * so they are new for each group and nothing of an older one can be said again. Then every meeting is two: the lines, and
 * of each rank {@code HMAC(key, rank | SHA-256 of all lines)}. A rank that does not know the secret cannot make its proof, and
 * lines that were changed on the way give its ranks different digests, since each counts its own line as it sent it.
 */
public final class SecuredRendezvous implements Rendezvous {
    private static final String FORMAT = "scape-secret/1";
    private static final String PROOF = "scape-proof/1";
    private static final Pattern LINE = Pattern.compile(FORMAT + " \\d{1,10} [0-9a-f]{64}");
    private static final HexFormat HEX = HexFormat.of();

    private final ProcessGroup group;
    private final Rendezvous inner;
    private final DerivedKeys keys;

    private SecuredRendezvous(ProcessGroup group, Rendezvous inner, DerivedKeys keys) {
        this.group = group;
        this.inner = inner;
        this.keys = keys;
    }

    /**
     * Exchanges nonces with all ranks, and makes the keys of this group.
     *
     * @throws SecretMismatchException naming a rank that has no secret
     */
    public static SecuredRendezvous agree(SharedSecret secret, ProcessGroup group, Rendezvous inner) {
        String own = FORMAT + " " + group.rank() + " " + HEX.formatHex(DerivedKeys.nonce());
        List<String> lines = Arrays.asList(inner.allGather(own));
        for (int rank = 0; rank < lines.size(); rank++) {
            if (!LINE.matcher(lines.get(rank)).matches()) {
                throw new SecretMismatchException(
                        rank, "rank " + group.rank() + " has a secret and rank " + rank + " none");
            }
        }
        lines.set(group.rank(), own);
        return new SecuredRendezvous(group, inner, secret.keys(DerivedKeys.digest(lines)));
    }

    /**
     * The rendezvous of a rank without a secret.
     *
     * @return one that says in plain words when another rank has a secret
     */
    public static Rendezvous unsecured(ProcessGroup group, Rendezvous inner) {
        return line -> {
            String[] lines = inner.allGather(line);
            for (int rank = 0; rank < lines.length; rank++) {
                if (lines[rank].startsWith(FORMAT)) {
                    throw new SecretMismatchException(
                            rank, "rank " + rank + " has a secret and rank " + group.rank() + " none");
                }
            }
            return lines;
        };
    }

    /** As the context says: {@link #agree} where there is a secret. */
    public static @Nullable SecuredRendezvous where(
            @Nullable SharedSecret secret, ProcessGroup group, Rendezvous inner) {
        return secret == null || group.worldSize() == 1 ? null : agree(secret, group, inner);
    }

    /** The keys of this group. */
    public DerivedKeys keys() {
        return keys;
    }

    /**
     * {@inheritDoc}
     *
     * @throws SecretMismatchException naming a rank that has another secret, or saw other lines
     */
    @Override
    public String[] allGather(String line) {
        String[] lines = inner.allGather(line);
        lines[group.rank()] = line;
        byte[] digest = DerivedKeys.digest(Arrays.asList(lines));
        String[] proofs = inner.allGather(PROOF + " " + HEX.formatHex(proof(group.rank(), digest)));
        for (int rank = 0; rank < proofs.length; rank++) {
            byte[] expected = (PROOF + " " + HEX.formatHex(proof(rank, digest))).getBytes(StandardCharsets.UTF_8);
            if (!DerivedKeys.isEqual(expected, proofs[rank].getBytes(StandardCharsets.UTF_8))) {
                throw new SecretMismatchException(
                        rank,
                        "rank " + rank + " has another secret than rank " + group.rank()
                                + ", or what ranks announced was changed on its way");
            }
        }
        return lines;
    }

    private byte[] proof(int rank, byte[] digest) {
        return keys.proof(
                "proof",
                ByteBuffer.allocate(Integer.BYTES + digest.length)
                        .putInt(rank)
                        .put(digest)
                        .array());
    }
}
