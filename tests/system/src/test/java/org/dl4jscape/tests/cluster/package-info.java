/** System tests. */
@NullMarked
package org.dl4jscape.tests.cluster;

import org.jspecify.annotations.NullMarked;
