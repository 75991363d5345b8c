package org.dl4jscape.cuda;

import org.nd4j.linalg.env.EnvironmentalAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the ops when ND4J starts: ND4J calls a service once for each environment variable that is set, and {@code PATH}
 * always is. One service a variable: if another library holds {@code PATH}, ND4J may call that one instead, and {@link
 * ScapeOps#install()} is up to the user.
 */
public final class InstallOps implements EnvironmentalAction {
    private static final Logger LOG = LoggerFactory.getLogger(InstallOps.class);

    /** Called by the service loader. */
    public InstallOps() {}

    @Override
    public String targetVariable() {
        return "PATH";
    }

    /** Installs, or logs in one warning why not: a missing op is no reason for ND4J not to start. */
    @Override
    public void process(String value) {
        try {
            ScapeOps.install();
        } catch (IllegalStateException refused) {
            LOG.warn("{}", refused.getMessage());
        }
    }
}
