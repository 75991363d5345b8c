/** System tests. */
@NullMarked
package org.dl4jscape.tests.processes;

import org.jspecify.annotations.NullMarked;
