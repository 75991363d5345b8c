package org.dl4jscape.tests.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dl4jscape.tests.support.ranks.RankProcess;

/** JVMs that are kept from one group to the next; what has died is replaced by one that is warm already. One thread. */
final class RankPool implements AutoCloseable {
    private final Path folder;
    private final List<RankProcess> ranks = new ArrayList<>();
    private RankProcess spare;

    RankPool(Path folder) {
        this.folder = folder;
        spare = RankProcess.start(List.of(), folder);
    }

    /** So many that live, in an order that stays. */
    List<RankProcess> take(int count) {
        for (int i = 0; i < count; i++) {
            if (i == ranks.size()) {
                ranks.add(next());
            } else if (!ranks.get(i).isAlive()) {
                ranks.get(i).close();
                ranks.set(i, next());
            }
        }
        return List.copyOf(ranks.subList(0, count));
    }

    private RankProcess next() {
        RankProcess taken = spare;
        spare = RankProcess.start(List.of(), folder);
        return taken;
    }

    /** Driver folders below {@code parent} that processes made; by process id. */
    static Set<String> driverFolders(Path parent, Collection<Long> pids) {
        Set<String> markers = pids.stream().map(pid -> "-" + pid + "-").collect(Collectors.toSet());
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                if (markers.stream().anyMatch(name::contains)) {
                    found.add(name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    @Override
    public void close() {
        ranks.forEach(RankProcess::close);
        spare.close();
    }
}
