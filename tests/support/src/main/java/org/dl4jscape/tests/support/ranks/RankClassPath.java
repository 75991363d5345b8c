package org.dl4jscape.tests.support.ranks;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.dl4jscape.aeron.AeronTransport;
import org.dl4jscape.core.step.ScapeStep;
import org.slf4j.Logger;

/** The few jars that a rank without Deeplearning4j needs: its JVM starts in a third of the time. */
final class RankClassPath {
    private RankClassPath() {}

    static String get() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(
                RankProgram.class,
                ScapeStep.class,
                AeronTransport.class,
                Aeron.class,
                MediaDriver.class,
                DirectBuffer.class,
                Logger.class)) {
            places.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        return String.join(System.getProperty("path.separator"), places);
    }
}
