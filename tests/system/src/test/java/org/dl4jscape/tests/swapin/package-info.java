/** System tests. */
@NullMarked
package org.dl4jscape.tests.swapin;

import org.jspecify.annotations.NullMarked;
