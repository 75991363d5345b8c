package org.dl4jscape.tests.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.dl4jscape.cuda.ScapeOps;
import org.dl4jscape.cuda.ops.ClipNorm;
import org.dl4jscape.cuda.ops.Pack;
import org.dl4jscape.cuda.ops.SelectLargest;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** The snippets of the page on ops, run as they stand. */
class OpsPageTest {
    @Test
    void shouldRunTheOpsOfThePage() {
        // #region exec
        INDArray residual = Nd4j.createFromArray(0.5f, -3f, 1f, 2f);
        INDArray largest = Nd4j.exec(new SelectLargest(residual, 2))[0]; // [1, 3]

        INDArray packed = Nd4j.create(DataType.FLOAT, 2);
        Nd4j.exec(new Pack(residual, largest, packed)); // packed: [-3, 2]; residual: [0.5, 0, 1, 0]
        // #endregion exec
        assertArrayEquals(new int[] {1, 3}, largest.toIntVector());
        assertArrayEquals(new float[] {-3, 2}, packed.toFloatVector());
        assertArrayEquals(new float[] {0.5f, 0, 1, 0}, residual.toFloatVector());
    }

    @Test
    void shouldRunTheOpByNameAsThePageShows() {
        INDArray values = Nd4j.createFromArray(0.5f, -3f, 1f, 2f);
        // #region name
        INDArray[] indices = Nd4j.exec(DynamicCustomOp.builder("scape_select")
                .addInputs(values)
                .addIntegerArguments(2)
                .build());
        // #endregion name
        assertArrayEquals(new int[] {1, 3}, indices[0].toIntVector());
    }

    @Test
    void shouldRunTheGraphOfThePage() {
        // #region graph
        ScapeOps.install(); // only where another library holds ND4J's start-up service

        SameDiff graph = SameDiff.create();
        SDVariable values = graph.placeHolder("values", DataType.FLOAT, -1);
        new ClipNorm(graph, values, 1.0).outputVariables("clipped");
        INDArray clipped = graph.output(Map.of("values", Nd4j.createFromArray(3f, 4f)), "clipped")
                .get("clipped"); // [0.6, 0.8]
        // #endregion graph
        assertEquals(0.6f, clipped.getFloat(0), 1e-6f);
        assertEquals(0.8f, clipped.getFloat(1), 1e-6f);
    }
}
