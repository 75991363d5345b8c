/**
 * Ranks as ordinary processes: the command {@code scape-launch} and what a launched program needs.
 *
 * <p>A launcher runs on every machine. The one of node 0 has the {@link org.dl4jscape.dl4j.launch.GroupHost}: launchers report
 * to it and are told when to start, stop and end; ranks meet there, by {@link org.dl4jscape.dl4j.launch.ProcessRank}, before
 * their transport exists. Nothing of a training goes through it.
 *
 * <p>Knows the core's ports, not the trainers.
 */
@NullMarked
package org.dl4jscape.dl4j.launch;

import org.jspecify.annotations.NullMarked;
