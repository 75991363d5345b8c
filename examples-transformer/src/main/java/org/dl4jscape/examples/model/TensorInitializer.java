package org.dl4jscape.examples.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts a layer's flat parameters into its tensors, in order, and fills them from the seed and the layer's name. */
final class TensorInitializer implements ParamInitializer {
    private final List<Tensor> tensors;

    TensorInitializer(List<Tensor> tensors) {
        this.tensors = tensors;
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return tensors.stream().mapToLong(Tensor::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return tensors.stream().map(Tensor::name).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return tensors.stream().filter(Tensor::isMatrix).map(Tensor::name).toList();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return tensors.stream().filter(t -> !t.isMatrix()).map(Tensor::name).toList();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> views = cut(paramsView);
        for (Tensor tensor : tensors) {
            conf.addVariable(tensor.name());
            INDArray view = views.get(tensor.name());
            if (initializeParams && view != null) {
                long seed = conf.getSeed() * 31 + (conf.getLayer().getLayerName() + tensor.name()).hashCode();
                fill(view, tensor, new Random(seed));
            }
        }
        return views;
    }

    private static void fill(INDArray view, Tensor tensor, Random random) {
        if (tensor.deviation() == 0) {
            view.assign(tensor.constant());
            return;
        }
        for (int r = 0; r < tensor.rows(); r++) {
            for (int c = 0; c < tensor.columns(); c++) {
                view.putScalar(r, c, random.nextGaussian() * tensor.deviation());
            }
        }
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return cut(gradientView);
    }

    private Map<String, INDArray> cut(INDArray flat) {
        INDArray row = flat.reshape(flat.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long at = 0;
        for (Tensor tensor : tensors) {
            INDArray part = row.get(NDArrayIndex.interval(at, at + tensor.length()));
            views.put(tensor.name(), part.reshape('c', tensor.rows(), tensor.columns()));
            at += tensor.length();
        }
        return views;
    }
}
