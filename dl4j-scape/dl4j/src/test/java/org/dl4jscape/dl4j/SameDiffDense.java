package org.dl4jscape.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitUtil;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A dense layer with tanh, written in SameDiff as a user would write it. */
public final class SameDiffDense extends SameDiffLayer {
    private static final long serialVersionUID = 1L;

    private int inputs;
    private int outputs;

    /** For JSON. */
    public SameDiffDense() {}

    SameDiffDense(int inputs, int outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
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
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.feedForward(outputs);
    }

    @Override
    public void defineParameters(SDLayerParams params) {
        params.addWeightParam("W", inputs, outputs);
        params.addBiasParam("b", 1, outputs);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> params) {
        params.get("b").assign(0);
        xavier(inputs, outputs, params.get("W"));
    }

    static void xavier(int fanIn, int fanOut, INDArray array) {
        WeightInitUtil.initWeights(fanIn, fanOut, array.shape(), WeightInit.XAVIER, null, array.ordering(), array);
    }

    @Override
    public SDVariable defineLayer(SameDiff sd, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
        return sd.math().tanh(input.mmul(parameters.get("W")).add(parameters.get("b")));
    }
}
