/**
 * Ranks in JVMs of their own that outlive a group: {@code RankProgram} is what runs there, {@code RankProcess} its handle here,
 * {@code RankGroup} joins some of them for one {@code RankJob}. The parent is the rendezvous, so it can stand between them.
 */
@NullMarked
package org.dl4jscape.tests.support.ranks;

import org.jspecify.annotations.NullMarked;
