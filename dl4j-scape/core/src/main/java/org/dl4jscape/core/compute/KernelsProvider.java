package org.dl4jscape.core.compute;

/** Kernels that can be found through {@link java.util.ServiceLoader}: add the jar, name them, and they are used. */
public interface KernelsProvider {
    /** Name by which a user selects these kernels, in lower case. */
    String name();

    /** Preference under {@code auto}: the available provider with the highest number is used. */
    int priority();

    /**
     * Says whether the kernels can run here.
     *
     * @return an empty string if they can, otherwise the reason in one sentence with its remedy
     */
    String unavailableBecause();

    /** New kernels for one training thread. */
    Kernels create();
}
