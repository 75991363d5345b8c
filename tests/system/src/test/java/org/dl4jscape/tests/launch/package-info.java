/** Ranks that {@code scape-launch} starts as processes. */
@NullMarked
package org.dl4jscape.tests.launch;

import org.jspecify.annotations.NullMarked;
