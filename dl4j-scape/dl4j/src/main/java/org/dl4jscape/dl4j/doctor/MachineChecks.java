package org.dl4jscape.dl4j.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine: its processor's instructions, its clock, its name. */
final class MachineChecks {
    private static final long SLOW_CLOCK_NS = 1_000;

    private MachineChecks() {}

    static List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(instructions(
                Path.of("/proc/cpuinfo"), System.getProperty("os.name") + " " + System.getProperty("os.arch")));
        findings.add(
                clock(costOfClockNs(), Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource")));
        findings.add(hostName());
        return findings;
    }

    static Finding instructions(Path cpuInfo, String system) {
        if (!Files.isReadable(cpuInfo)) {
            return Finding.warning(
                    "processor", system + ", instructions not known", "Linux x86-64 with AVX2 is what the build tests");
        }
        try {
            boolean avx2 = Files.readAllLines(cpuInfo).stream()
                    .anyMatch(line -> line.startsWith("flags") && (line + " ").contains(" avx2 "));
            return avx2
                    ? Finding.ok("processor", system + " with AVX2")
                    : Finding.problem(
                            "processor",
                            system + " without AVX2 (expected: AVX2)",
                            "use ND4J's natives without the avx2 classifier, or another machine");
        } catch (IOException e) {
            return Finding.warning(
                    "processor", cpuInfo + " cannot be read: " + e.getMessage(), "Linux x86-64 with AVX2 is expected");
        }
    }

    static Finding clock(long costNs, Path source) {
        String name = "?";
        try {
            name = Files.readString(source).trim();
        } catch (IOException e) {
            // The name only explains the cost; a container may hide it.
            name = "source not known";
        }
        String found = "reading the clock takes " + costNs + " ns (" + name + ")";
        return costNs < SLOW_CLOCK_NS
                ? Finding.ok("clock", found)
                : Finding.warning(
                        "clock",
                        found + " (expected: < " + SLOW_CLOCK_NS + " ns)",
                        "use clock source tsc; waits of the transport read the clock in a loop");
    }

    private static long costOfClockNs() {
        int rounds = 20_000;
        long best = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long start = System.nanoTime();
            long last = start;
            for (int i = 0; i < rounds; i++) {
                last = System.nanoTime();
            }
            best = Math.min(best, (last - start) / rounds);
        }
        return best;
    }

    private static Finding hostName() {
        try {
            InetAddress own = InetAddress.getLocalHost();
            return own.isLoopbackAddress()
                    ? Finding.warning(
                            "host name",
                            own.getHostName() + " is " + own.getHostAddress() + ", which other machines cannot reach",
                            "for several machines set bindAddress to an address that the others can reach")
                    : Finding.ok("host name", own.getHostName() + " is " + own.getHostAddress());
        } catch (UnknownHostException e) {
            return Finding.warning(
                    "host name",
                    "this machine's own name has no address: " + e.getMessage(),
                    "add it to /etc/hosts; Spark looks it up when it starts");
        }
    }
}
