package org.dl4jscape.cuda.ops;

import java.io.File;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A graph with scape ops beside ND4J's own; as a program, it loads a saved one, runs it, and prints what came out. */
final class SavedGraph {
    private static final int N = 1000;
    private static final String OUTPUT = "clipped";

    private SavedGraph() {}

    static SameDiff build() {
        SameDiff graph = SameDiff.create();
        SDVariable residual = graph.placeHolder("residual", DataType.FLOAT, N);
        SDVariable gradient = graph.constant("gradient", Nd4j.createFromArray(Views.floats(21, N)));
        SDVariable noise = graph.constant("noise", Nd4j.zeros(DataType.FLOAT, N));
        SDVariable[] taken = new Accumulate(graph, residual.mul(2.0), gradient, noise, 0.1, 0.99).outputVariables();
        SDVariable indices = new SelectLargest(graph, taken[0], 10).outputVariables()[0];
        SDVariable[] packed = new Pack(graph, taken[0], indices).outputVariables();
        SDVariable restored = new Unpack(graph, packed[1], indices, packed[0]).outputVariables()[0];
        new ClipNorm(graph, restored.add(packed[1]), 3.0).outputVariables(OUTPUT);
        return graph;
    }

    /** Every bit of the result, as text. */
    static String run(SameDiff graph) {
        Map<String, INDArray> fed = Map.of("residual", Nd4j.createFromArray(Views.floats(22, N)));
        float[] result = graph.output(fed, OUTPUT).get(OUTPUT).toFloatVector();
        StringBuilder bits = new StringBuilder("bits");
        for (float value : result) {
            bits.append(' ').append(Integer.toHexString(Float.floatToRawIntBits(value)));
        }
        return bits.toString();
    }

    /** Loads the file and runs it. */
    public static void main(String[] arguments) {
        System.out.println(run(SameDiff.load(new File(arguments[0]), true)));
    }
}
