package org.dl4jscape.examples.model;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/** Configuration common to the blocks: which parts {@link DecoderBlockRuntime} puts together. */
abstract class BlockLayer extends HandWrittenLayer {
    private static final long serialVersionUID = 1L;

    /** Of a vector. */
    abstract int width();

    /** Tokens of a window: rows are cut into windows of this length. */
    abstract int context();

    abstract RowNorm norm();

    abstract BlockPart attention(MatrixProduct product);

    abstract BlockPart net(MatrixProduct product);

    @Override
    HandWrittenRuntime<?> runtime(NeuralNetConfiguration conf, DataType dataType) {
        return new DecoderBlockRuntime(conf, dataType, this);
    }
}
