/** System tests of many trainings in one JVM. */
@NullMarked
package org.dl4jscape.tests.repeated;

import org.jspecify.annotations.NullMarked;
