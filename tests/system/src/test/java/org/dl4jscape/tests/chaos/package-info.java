/** Groups of real JVMs under faults: kills, bad networks, pauses, forged frames. Every fault is proven to have happened. */
@NullMarked
package org.dl4jscape.tests.chaos;

import org.jspecify.annotations.NullMarked;
