/**
 * Faults of networks and processes, made on purpose: relays that lose, repeat, delay, reorder and corrupt; signals; network
 * namespaces with shaped links. Every fault is seeded where chance is in it, and counted, so that a test can prove that it
 * happened.
 */
@NullMarked
package org.dl4jscape.tests.support.faults;

import org.jspecify.annotations.NullMarked;
