/**
 * The transport rig: ranks in processes of their own, on the loopback interface or on shaped links between network namespaces,
 * beside a plain TCP ring and a bare Aeron stream. {@link org.dl4jscape.tests.benchmarks.rig.TransportRig} begins, {@link
 * org.dl4jscape.tests.benchmarks.rig.RigRank} is one rank, {@link org.dl4jscape.tests.benchmarks.rig.Round} what it repeats.
 */
@NullMarked
package org.dl4jscape.tests.benchmarks.rig;

import org.jspecify.annotations.NullMarked;
