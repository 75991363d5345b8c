package org.dl4jscape.tests.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jscape.core.exchange.PayloadKind;
import org.dl4jscape.dl4j.FitResult;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.tests.problems.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

/** Whatever carries the bytes, the parameters are the same. */
class TransportsTest {
    private static FitResult train(Model network, int ranks, String transport, List<DataSet> batches) {
        return ScapeTrainer.builder()
                .ranks(ranks)
                .transport(transport)
                .config(Problem.sparse())
                .build()
                .fit(network, epoch -> batches.iterator(), 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldGiveTheSameParametersInProcessAndOverAeron(int ranks) {
        List<DataSet> uneven = Problem.batches(6 * ranks + ranks / 2, 8, 5);
        FitResult inProcess = train(Problem.multiLayer(), ranks, "inprocess", uneven);
        FitResult aeron = train(Problem.multiLayer(), ranks, "aeron", uneven);
        assertTrue(inProcess.replicasIdentical());
        assertEquals(inProcess.parametersSha256(), aeron.parametersSha256());
        assertEquals(inProcess.steps(), aeron.steps());
        assertEquals(ranks > 1 ? 2 * 7 - (ranks / 2 == 0 ? 2 : 0) : 12, aeron.steps());
        long payload = inProcess.bytesSent().get(PayloadKind.VALUES);
        long framed = aeron.bytesSent().get(PayloadKind.VALUES);
        assertTrue(framed >= payload && (payload == 0) == (framed == 0), framed + " bytes for " + payload);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldGiveTheSameGraphInProcessAndOverAeron(int ranks) {
        List<DataSet> batches = Problem.batches(6 * ranks, 8, 6);
        assertEquals(
                train(Problem.graph(), ranks, "inprocess", batches).parametersSha256(),
                train(Problem.graph(), ranks, "aeron", batches).parametersSha256());
    }
}
