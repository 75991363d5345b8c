/**
 * Text as tokens: tokenizers, files of tokens of any size, windows by seed and step, and the losses that a model must beat.
 */
@NullMarked
package org.dl4jscape.examples.data;

import org.jspecify.annotations.NullMarked;
