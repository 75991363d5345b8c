/**
 * What several runs of the example say together: reads their folders, writes one page of HTML. Knows files, no training.
 */
@NullMarked
package org.dl4jscape.examples.report;

import org.jspecify.annotations.NullMarked;
