/** System tests. */
@NullMarked
package org.dl4jscape.tests.problems;

import org.jspecify.annotations.NullMarked;
