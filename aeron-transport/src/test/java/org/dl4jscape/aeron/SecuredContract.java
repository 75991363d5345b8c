package org.dl4jscape.aeron;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.dl4jscape.core.exchange.Collectives;
import org.dl4jscape.core.exchange.CollectivesContract;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.core.exchange.TransportSelection;
import org.junit.jupiter.api.io.TempDir;

/** The contract with a shared secret and an HMAC on every frame: the same bits, the same errors. */
abstract class SecuredContract extends CollectivesContract {
    @TempDir
    static Path folder;

    private final String transport;

    SecuredContract(String transport) {
        this.transport = transport;
    }

    /** A file with a secret of those words. */
    static String secretFile(Path folder, String words) throws IOException {
        Path file = folder.resolve("secret-" + words.hashCode());
        if (!Files.exists(file)) {
            Files.writeString(file, words);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return file.toString();
    }

    @Override
    protected List<Collectives> connect(int worldSize, long timeoutNs) throws Exception {
        CollectivesOptions options = new CollectivesOptions(
                timeoutNs,
                "127.0.0.1",
                Map.of("secretFile", secretFile(folder, "correct horse battery staple"), "frameCheck", "hmac"));
        return LoopbackGroup.connect(worldSize, (group, rendezvous) -> TransportSelection.byName(transport)
                .connect(group, rendezvous, options));
    }

    @Override
    protected int longShard() {
        return AeronTransport.Context.TERM_BUFFER_LENGTH_DEFAULT / Float.BYTES + 30_001;
    }
}
