package org.dl4jscape.core.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds a transport by name among the providers on the class path. */
public final class TransportSelection {
    private TransportSelection() {}

    /**
     * The provider of that name.
     *
     * @throws IllegalArgumentException when there is none; the message lists those that are there
     */
    public static CollectivesProvider byName(String name) {
        List<String> names = new ArrayList<>();
        for (CollectivesProvider provider : providers()) {
            if (provider.name().equals(name)) {
                return provider;
            }
            names.add(provider.name());
        }
        throw new IllegalArgumentException("transport=" + name + " (expected: one of " + names
                + "); for aeron add the artifact org.dl4jscape:scape-aeron");
    }

    /** Every transport on the class path, in the order in which it is searched. */
    public static List<CollectivesProvider> providers() {
        List<CollectivesProvider> found = new ArrayList<>();
        ServiceLoader.load(CollectivesProvider.class, TransportSelection.class.getClassLoader())
                .forEach(found::add);
        return found;
    }
}
