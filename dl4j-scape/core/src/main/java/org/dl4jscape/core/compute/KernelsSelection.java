package org.dl4jscape.core.compute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds kernels by name among the providers on the class path. */
public final class KernelsSelection {
    private static final Logger LOG = LoggerFactory.getLogger(KernelsSelection.class);

    private KernelsSelection() {}

    /**
     * New kernels.
     *
     * @param name a provider's name, or {@code auto}: the available provider of highest priority
     * @throws IllegalArgumentException when no provider has that name, or it cannot run here
     */
    public static Kernels byName(String name) {
        List<KernelsProvider> providers = providers();
        for (KernelsProvider provider : providers) {
            boolean wanted = provider.name().equals(name);
            String reason = provider.unavailableBecause();
            if (wanted && !reason.isEmpty()) {
                throw new IllegalArgumentException("kernels=" + name + " cannot run here: " + reason);
            }
            if (wanted) {
                return provider.create();
            }
            if (name.equals("auto") && reason.isEmpty()) {
                LOG.info("kernels=auto: {} (highest priority of {})", provider.name(), names(providers));
                return provider.create();
            }
        }
        throw new IllegalArgumentException("kernels=" + name + " (expected: auto or one of " + names(providers) + ")");
    }

    /** Why kernels cannot run here, by name, the highest priority first; an empty reason: they can. */
    public static Map<String, String> availability() {
        Map<String, String> reasons = new LinkedHashMap<>();
        providers().forEach(provider -> reasons.put(provider.name(), provider.unavailableBecause()));
        return reasons;
    }

    private static List<KernelsProvider> providers() {
        List<KernelsProvider> found = new ArrayList<>();
        ServiceLoader.load(KernelsProvider.class, KernelsSelection.class.getClassLoader())
                .forEach(found::add);
        found.sort(Comparator.comparingInt(KernelsProvider::priority).reversed());
        return found;
    }

    private static List<String> names(List<KernelsProvider> providers) {
        return providers.stream().map(KernelsProvider::name).toList();
    }
}
