/** System tests. */
@NullMarked
package org.dl4jscape.tests.spark;

import org.jspecify.annotations.NullMarked;
