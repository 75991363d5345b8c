package org.dl4jscape.tests.architecture;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A package with all below it, and the rooms beside it that it may know.
 *
 * @param name last part of the package name
 * @param mayKnow names of other rooms of the same house
 */
record Room(String name, Set<String> mayKnow) {

    /** Modules, by their package under {@code org.dl4jscape}. */
    static final List<Room> MODULES = List.of(
            room("core"),
            room("aeron", "core"),
            room("cuda", "core"),
            room("dl4j", "core"),
            room("spark", "core", "dl4j"),
            room("examples", "core", "aeron", "cuda", "dl4j", "spark"));

    /** Packages of the core, by their name under {@code org.dl4jscape.core}. */
    static final List<Room> CORE = List.of(
            room("config"),
            room("layout", "config"),
            room("exchange", "config"),
            room("pack", "config"),
            room("compute", "config", "layout"),
            room("optim", "config", "layout", "compute"),
            room("mask", "config", "layout", "compute", "pack"),
            room("step", "config", "layout", "exchange", "pack", "compute", "optim", "mask"),
            room("checkpoint", "config", "layout", "exchange", "pack", "compute", "optim", "mask", "step"));

    private static Room room(String name, String... mayKnow) {
        return new Room(name, Set.of(mayKnow));
    }

    /** Package patterns, under {@code parent}, of the rooms in {@code house} that this one must not know. */
    String[] strangers(List<Room> house, String parent) {
        Set<String> names = new TreeSet<>();
        house.forEach(room -> names.add(room.name()));
        names.remove(name);
        names.removeAll(mayKnow);
        return names.stream().map(stranger -> parent + "." + stranger + "..").toArray(String[]::new);
    }

    @Override
    public String toString() {
        return name;
    }
}
