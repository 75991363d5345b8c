package org.dl4jscape.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jscape.examples.data.Tokenizer;
import org.dl4jscape.examples.data.Tokenizers;
import org.dl4jscape.examples.model.DecoderShape;

/**
 * What a finished run leaves for others: the network and the meaning of its tokens.
 *
 * @param network as it was trained
 * @param tokenizer of its vocabulary
 * @param context largest number of tokens that it looks at
 */
record SavedModel(ComputationGraph network, Tokenizer tokenizer, int context) {
    /**
     * Reads them from the folder of a run.
     *
     * @throws IllegalArgumentException when the folder has no model, or one that cannot be read
     */
    static SavedModel of(Path folder) {
        Path model = folder.resolve(RunFolder.MODEL);
        Path tokens = folder.resolve(RunFolder.TOKENIZER);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is no folder (expected: that of a finished run)");
        }
        if (!Files.exists(model)) {
            String why = Files.exists(folder.resolve("config.json"))
                    ? " is not finished: it has no model.zip; go on with scape resume " + folder
                    : " has no model.zip; give the folder of a finished run";
            throw new IllegalArgumentException(folder + why);
        }
        try {
            Tokenizer tokenizer = Tokenizers.of(tokens.toString(), new ObjectMapper().readTree(tokens.toFile()));
            ComputationGraph network = ModelSerializer.restoreComputationGraph(model.toFile(), false);
            int vocabulary = DecoderShape.vocabularyOf(network);
            if (vocabulary != tokenizer.size()) {
                throw new IllegalArgumentException(model + " has a vocabulary of " + vocabulary + ", " + tokens
                        + " one of " + tokenizer.size() + " (expected: the same); they are not of one run");
            }
            return new SavedModel(network, tokenizer, DecoderShape.contextOf(network));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    folder + " has a model.zip or tokenizer.json that cannot be read (" + e
                            + "); give the folder of a finished run",
                    e);
        }
    }
}
