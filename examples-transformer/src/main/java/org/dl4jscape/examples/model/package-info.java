/**
 * Decoder transformers as layers of a Deeplearning4j {@code ComputationGraph}: token embedding, blocks of causal attention and
 * feed-forward net with norms before them, and a head with softmax cross entropy. {@code DecoderBlockRuntime} has the passes of
 * every block; which norm, attention and net it puts together, {@code DecoderBlock} and {@code LlamaBlock} say. Models by name are
 * in {@code Preset}; {@code TextGenerator} draws text from one.
 *
 * <p>Forward and backward pass are written by hand over float arrays, matrix products go to OpenBLAS. The layers keep their
 * buffers, so one instance serves one thread. Knows Deeplearning4j, nothing of SCAPE.
 */
@NullMarked
package org.dl4jscape.examples.model;

import org.jspecify.annotations.NullMarked;
