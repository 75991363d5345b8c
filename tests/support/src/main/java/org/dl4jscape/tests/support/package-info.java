/** Fixtures of the system tests: ranks in JVMs of their own, and where they meet. */
@NullMarked
package org.dl4jscape.tests.support;

import org.jspecify.annotations.NullMarked;
