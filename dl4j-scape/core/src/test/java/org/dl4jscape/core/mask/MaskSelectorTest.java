package org.dl4jscape.core.mask;

import static org.dl4jscape.core.Theories.qt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.dl4jscape.core.compute.StatisticCall;
import org.dl4jscape.core.compute.VectorKernels;
import org.dl4jscape.core.config.DensitySchedule;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.core.layout.Layouts;
import org.dl4jscape.core.layout.ParameterBlock;
import org.dl4jscape.core.layout.Piece;
import org.dl4jscape.core.layout.ShardLayout;
import org.junit.jupiter.api.Test;

/** Which coordinates of a shard are masked, against a selection written with lists and sorting. */
class MaskSelectorTest {
    @Test
    void shouldTakeTheLargestOfEveryPieceAllOfDenseBlocksAndNothingFrozen() {
        qt().forAll(
                        longs().all(),
                        integers().between(1, 400),
                        integers().between(1, 5),
                        doubles().between(0.001, 1))
                .check((seed, length, worldSize, density) -> {
                    ShardLayout layout = new ShardLayout(Layouts.random(seed, length), worldSize);
                    for (int rank = 0; rank < worldSize; rank++) {
                        for (boolean replicated : new boolean[] {false, true}) {
                            checkSelection(layout, rank, replicated, density, seed);
                        }
                    }
                    return true;
                });
    }

    private static void checkSelection(ShardLayout layout, int rank, boolean replicated, double density, long seed) {
        int d = layout.parameters().length();
        Random random = new Random(seed + rank);
        float[] moment = new float[d];
        float[] residual = new float[d];
        int[] lastSent = new int[d];
        for (int i = 0; i < d; i++) {
            moment[i] = random.nextInt(7) - 3;
            residual[i] = random.nextInt(5) - 2;
            lastSent[i] = random.nextInt(9);
        }
        StatisticCall call = new StatisticCall();
        call.residual = residual;
        call.moment = replicated ? moment : new float[layout.shardLength(rank)];
        call.lastSent = replicated ? lastSent : new int[layout.shardLength(rank)];
        call.step = 9;
        for (Piece piece : layout.pieces(rank)) {
            for (int i = piece.range().start(); !replicated && i < piece.range().end(); i++) {
                call.moment[i - piece.shift()] = moment[i];
                call.lastSent[i - piece.shift()] = lastSent[i];
            }
        }
        MaskSelector selector = new MaskSelector(layout, rank, new VectorKernels());
        selector.select(call, density, replicated);
        List<Integer> selected = new ArrayList<>();
        for (int j = 0; j < selector.count(); j++) {
            selected.add(selector.selected()[j]);
        }
        List<Integer> expected = new ArrayList<>();
        for (Piece piece : layout.pieces(rank)) {
            expected.addAll(ofPiece(layout, piece, density, i -> {
                double weight = Math.sqrt(9 - lastSent[i] + 1);
                return Math.abs((moment[i] + residual[i]) * (float) weight);
            }));
        }
        assertEquals(expected, selected);
    }

    private interface Statistic {
        float of(int index);
    }

    private static List<Integer> ofPiece(ShardLayout layout, Piece piece, double density, Statistic statistic) {
        List<Integer> whole = new ArrayList<>();
        List<Integer> sparse = new ArrayList<>();
        for (int i = piece.range().start(); i < piece.range().end(); i++) {
            BlockRole role = roleOf(layout, i);
            if (role == BlockRole.SPARSE) {
                sparse.add(i);
            } else if (role != BlockRole.FROZEN) {
                whole.add(i);
            }
        }
        sparse.sort(Comparator.comparing((Integer i) -> -statistic.of(i)).thenComparing(Comparator.naturalOrder()));
        whole.addAll(sparse.subList(0, DensitySchedule.count(density, sparse.size())));
        whole.sort(null);
        return whole;
    }

    private static BlockRole roleOf(ShardLayout layout, int index) {
        for (ParameterBlock block : layout.parameters().blocks()) {
            if (index >= block.range().start() && index < block.range().end()) {
                return block.role();
            }
        }
        throw new AssertionError("no block holds " + index);
    }

    @Test
    void shouldSelectAllAtDensityOne() {
        ShardLayout layout = new ShardLayout(Layouts.ofAllRoles(7, 8, 30, 26), 3);
        Mask everything = Mask.everything(layout);
        for (int rank = 0; rank < 3; rank++) {
            StatisticCall call = new StatisticCall();
            call.residual = new float[56];
            call.moment = new float[layout.shardLength(rank)];
            MaskSelector selector = new MaskSelector(layout, rank, new VectorKernels());
            selector.select(call, 1, false);
            assertEquals(everything.end(rank) - everything.start(rank), selector.count());
            for (int j = 0; j < selector.count(); j++) {
                assertEquals(everything.indices()[everything.start(rank) + j], selector.selected()[j]);
            }
        }
    }
}
