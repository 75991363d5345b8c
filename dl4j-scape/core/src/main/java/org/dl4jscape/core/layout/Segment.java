package org.dl4jscape.core.layout;

/**
 * The part of one block that lies in one piece: the largest range with one owner and one set of hyper-parameters.
 *
 * @param piece the piece
 * @param block index of the block in the layout
 * @param role role of the block
 * @param range global positions
 */
public record Segment(Piece piece, int block, BlockRole role, IndexRange range) {}
