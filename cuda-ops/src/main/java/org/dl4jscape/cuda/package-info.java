/**
 * Kernels that run where ND4J's arrays live, behind the core's port {@link org.dl4jscape.core.compute.KernelsProvider}.
 *
 * <p>This version has the provider only: it takes the name {@code cuda}, and says why it cannot run. What comes later, and
 * what is not there, stands in the module's README. Knows the core and ND4J; nothing but the service loader knows it.
 */
@NullMarked
package org.dl4jscape.cuda;

import org.jspecify.annotations.NullMarked;
