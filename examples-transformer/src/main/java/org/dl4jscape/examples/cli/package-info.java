/**
 * The command {@code scape}, of which {@code pretrain} is the short form: options, the run, what it shows and what it writes.
 */
@NullMarked
package org.dl4jscape.examples.cli;

import org.jspecify.annotations.NullMarked;
