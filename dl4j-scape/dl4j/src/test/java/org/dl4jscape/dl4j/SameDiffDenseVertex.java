package org.dl4jscape.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A dense vertex with tanh, written in SameDiff as a user would write it. */
public final class SameDiffDenseVertex extends SameDiffVertex {
    private static final long serialVersionUID = 1L;

    private int inputs;
    private int outputs;

    /** For JSON. */
    public SameDiffDenseVertex() {}

    SameDiffDenseVertex(int inputs, int outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
        // The network's builder does not hand its updater to vertices.
        setUpdater(new AdamS(5e-3));
        setBiasUpdater(new AdamS(5e-3));
    }

    public int getInputs() {
        return inputs;
    }

    public void setInputs(int value) {
        inputs = value;
    }

    public int getOutputs() {
        return outputs;
    }

    public void setOutputs(int value) {
        outputs = value;
    }

    @Override
    public GraphVertex clone() {
        return new SameDiffDenseVertex(inputs, outputs);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        return InputType.feedForward(outputs);
    }

    @Override
    public void defineParametersAndInputs(SDVertexParams params) {
        params.defineInputs("in");
        params.addWeightParam("W", inputs, outputs);
        params.addBiasParam("b", 1, outputs);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> params) {
        params.get("b").assign(0);
        SameDiffDense.xavier(inputs, outputs, params.get("W"));
    }

    @Override
    public SDVariable defineVertex(
            SameDiff sd,
            Map<String, SDVariable> layerInput,
            Map<String, SDVariable> parameters,
            Map<String, SDVariable> masks) {
        return sd.math().tanh(layerInput.get("in").mmul(parameters.get("W")).add(parameters.get("b")));
    }
}
