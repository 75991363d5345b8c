package org.dl4jscape.aeron;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What the ranks of one machine have in common: the boot of its kernel and the file system of the drivers' folder.
 *
 * <p>The second tells containers of one machine apart that do not share their memory. It decides which way is tried, not
 * who may come in: a peer's driver is used only if its folder can be opened, under the random name that the peer told.
 */
final class HostId {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private HostId() {}

    /** The name of this machine for ranks whose drivers have their folders below {@code directory}. */
    static String of(Path directory) {
        CRC32C digest = new CRC32C();
        String machine = machine();
        digest.update((machine + " " + fileSystem(directory)).getBytes(StandardCharsets.UTF_8));
        return String.format("%08x-%08x", digest.getValue(), machine.hashCode());
    }

    private static String machine() {
        try {
            return Files.readString(BOOT_ID).trim();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException noName) {
                return "unknown";
            }
        }
    }

    private static String fileSystem(Path directory) {
        try {
            return String.valueOf(Files.getAttribute(directory, "unix:dev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return directory.toString();
        }
    }
}
