package org.dl4jscape.cuda.ops;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What an op takes and gives.
 *
 * @param name name of the op
 * @param inputs operands in order
 * @param required how many of the inputs must be there
 * @param outputs results in order
 * @param integers number of integer arguments
 * @param reals number of real arguments
 */
record Signature(String name, List<Operand> inputs, int required, List<Operand> outputs, int integers, int reals) {
    /** In no input's place. */
    static final int ELSEWHERE = -1;

    /**
     * One operand.
     *
     * @param role its name in messages
     * @param type element type
     * @param inPlaceOf number of the input that this output may be, or {@link #ELSEWHERE}
     */
    record Operand(String role, DataType type, int inPlaceOf) {}

    static Operand floats(String role) {
        return new Operand(role, DataType.FLOAT, ELSEWHERE);
    }

    static Operand floatsInPlaceOf(String role, int input) {
        return new Operand(role, DataType.FLOAT, input);
    }

    static Operand of(String role, DataType type) {
        return new Operand(role, type, ELSEWHERE);
    }

    IllegalArgumentException refuse(String what) {
        return new IllegalArgumentException(name + ": " + what);
    }
}
