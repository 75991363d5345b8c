/** System tests. */
@NullMarked
package org.dl4jscape.tests.threads;

import org.jspecify.annotations.NullMarked;
