package org.dl4jscape.cuda.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.CustomOp;

/** All ops of this module, by name. Immutable. */
public final class OpSet {
    private static final List<Supplier<ScapeOp>> ALL = List.of(
            Accumulate::new,
            MagnitudeHistogram::new,
            SelectLargest::new,
            Pack::new,
            Unpack::new,
            AdamSUpdate::new,
            ClipNorm::new,
            MaskEncode::new,
            MaskDecode::new,
            Narrow.ToBf16::new,
            Narrow.ToFp16::new,
            Widen.FromBf16::new,
            Widen.FromFp16::new);

    private final Map<String, Supplier<ScapeOp>> byName = new LinkedHashMap<>();

    /** The ops. */
    public OpSet() {
        for (Supplier<ScapeOp> op : ALL) {
            byName.put(op.get().opName(), op);
        }
    }

    /** One new instance of each, without arrays or arguments. */
    public List<ScapeOp> instances() {
        List<ScapeOp> all = new ArrayList<>();
        ALL.forEach(op -> all.add(op.get()));
        return all;
    }

    /**
     * The op that a call means: itself, or, for a call built by name with {@code DynamicCustomOp.builder}, one with the same
     * arguments; null if the name is not one of this module's.
     */
    public @Nullable ScapeOp resolve(CustomOp call) {
        if (call instanceof ScapeOp op) {
            return op;
        }
        Supplier<ScapeOp> known = byName.get(call.opName());
        if (known == null) {
            return null;
        }
        ScapeOp op = known.get();
        op.arguments(call.iArgs(), call.tArgs());
        op.addInputArgument(call.inputArguments().toArray(org.nd4j.linalg.api.ndarray.INDArray[]::new));
        return op;
    }
}
