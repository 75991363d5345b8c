/**
 * The drawing of the house, checked against its classes: which module may see which, and which room of the core may
 * see which.
 *
 * <p>Knows the class files of every module, and nothing of what they do.
 */
@NullMarked
package org.dl4jscape.tests.architecture;

import org.jspecify.annotations.NullMarked;
