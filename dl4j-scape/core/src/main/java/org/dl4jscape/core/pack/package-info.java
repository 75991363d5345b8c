/**
 * Values between fp32 arrays and bytes on the wire.
 */
@NullMarked
package org.dl4jscape.core.pack;

import org.jspecify.annotations.NullMarked;
