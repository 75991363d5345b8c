package org.dl4jscape.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Gives the arrays of a batch to the placeholders that a graph's training configuration names. */
final class BatchPlaceholders {
    private final TrainingConfig training;

    BatchPlaceholders(TrainingConfig training) {
        this.training = training;
    }

    /**
     * Array i of a batch by the name of placeholder i.
     *
     * @throws IllegalArgumentException when the batch has another number of arrays than names
     */
    Map<String, INDArray> of(MultiDataSet batch) {
        Map<String, INDArray> arrays = new HashMap<>();
        put(arrays, "feature", training.getDataSetFeatureMapping(), batch.getFeatures());
        put(arrays, "label", training.getDataSetLabelMapping(), batch.getLabels());
        putMasks(arrays, "feature mask", training.getDataSetFeatureMaskMapping(), batch.getFeaturesMaskArrays());
        putMasks(arrays, "label mask", training.getDataSetLabelMaskMapping(), batch.getLabelsMaskArrays());
        return arrays;
    }

    /** A mask without a placeholder is left out, as SameDiff does it. */
    private static void putMasks(
            Map<String, INDArray> arrays, String what, @Nullable List<String> names, INDArray @Nullable [] masks) {
        if (names != null && !names.isEmpty()) {
            put(arrays, what, names, masks);
        }
    }

    private static void put(
            Map<String, INDArray> arrays, String what, @Nullable List<String> names, INDArray @Nullable [] given) {
        List<String> expected = names == null ? List.of() : names;
        int count = given == null ? 0 : given.length;
        if (count != expected.size() && !(expected.isEmpty() && what.equals("label"))) {
            throw new IllegalArgumentException("the batch has " + count + " " + what + " arrays (expected: "
                    + expected.size() + ", for the placeholders " + expected
                    + "); change the training configuration's mapping or the data");
        }
        for (int i = 0; i < expected.size(); i++) {
            INDArray array = given == null ? null : given[i];
            if (array == null) {
                throw new IllegalArgumentException("the batch has no " + what + " array for placeholder "
                        + expected.get(i) + " (expected: one); give all batches of this training the same arrays");
            }
            arrays.put(expected.get(i), array);
        }
    }
}
