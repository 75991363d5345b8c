package org.dl4jscape.dl4j.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jscape.core.exchange.CollectivesOptions;
import org.dl4jscape.dl4j.doctor.Finding.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of this machine, and of machines that lack something. */
class DoctorTest {
    @TempDir
    Path home;

    @Test
    void shouldFindNothingThatStopsThisBuild() {
        List<Finding> findings = Doctor.examine(1, CollectivesOptions.defaults());
        String text = Doctor.describe(findings);
        assertTrue(Doctor.isHealthy(findings), text);
        assertTrue(text.contains("transport inprocess"), text);
        assertTrue(text.contains("kernels vector"), text);
        assertTrue(text.contains("class path"), text);
        assertThrows(IllegalArgumentException.class, () -> Doctor.examine(0, CollectivesOptions.defaults()));
    }

    @Test
    void shouldSayARemedyForEveryProblem() throws IOException {
        Path old = Files.writeString(home.resolve("cpuinfo"), "flags\t\t: fpu sse4_2 avx\n");
        Path good = Files.writeString(home.resolve("good"), "flags\t\t: fpu avx avx2\n");
        assertEquals(Level.OK, MachineChecks.instructions(good, "Linux").level());
        List<Finding> findings = List.of(
                JvmChecks.version(11),
                JvmChecks.processors(2, 4),
                JvmChecks.linearAlgebraThreads(null),
                JvmChecks.memory(64 << 20, -1),
                JvmChecks.sparkOpens(List.of("sun.nio.ch")),
                MachineChecks.instructions(old, "Linux"),
                MachineChecks.instructions(home.resolve("none"), "Linux"),
                MachineChecks.clock(2_000, home.resolve("none")));
        for (Finding finding : findings) {
            assertTrue(finding.level() != Level.OK, finding.toString());
            assertTrue(!finding.remedy().isBlank(), finding.toString());
        }
        String text = Doctor.describe(findings);
        assertTrue(text.contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"), text);
        assertTrue(!Doctor.isHealthy(findings));
    }

    @Test
    void shouldNameBothPlacesOfALibraryThatIsThereTwice() throws IOException {
        for (String place : List.of("a", "b")) {
            Path file = home.resolve(place).resolve("io/aeron/Aeron.class");
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[1]);
        }
        URL[] places = {
            home.resolve("a").toUri().toURL(), home.resolve("b").toUri().toURL()
        };
        try (URLClassLoader loader = new URLClassLoader(places, null)) {
            List<Finding> findings = ClassPathChecks.run(loader);
            assertEquals(1, findings.size());
            assertEquals(Level.PROBLEM, findings.get(0).level());
            String found = findings.get(0).found();
            assertTrue(found.contains(home.resolve("a").toString()), found);
            assertTrue(found.contains(home.resolve("b").toString()), found);
        }
    }

    @Test
    void shouldTellGoodArgumentsFromBadOnes() {
        assertEquals(0, DoctorProgram.run(new String[] {"1"}));
        assertEquals(2, DoctorProgram.run(new String[] {"many"}));
        assertEquals(2, DoctorProgram.run(new String[] {"1", "2"}));
        assertEquals(2, DoctorProgram.run(new String[] {"0"}));
    }
}
