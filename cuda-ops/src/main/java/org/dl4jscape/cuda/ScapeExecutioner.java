package org.dl4jscape.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dl4jscape.cuda.ops.OpSet;
import org.dl4jscape.cuda.ops.ScapeOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

/**
 * ND4J's executioner of the CPU backend that also knows the {@code scape_} ops; everything else goes where it went.
 *
 * <p>Why a subclass: ND4J 1.0.0-M2.1 has no public door for an op that is written in Java. Put in place by {@link
 * ScapeOps#install()}, or at start with {@code -Dopexec=org.dl4jscape.cuda.ScapeExecutioner}. Any thread.
 */
public final class ScapeExecutioner extends NativeOpExecutioner {
    private final OpSet ops = new OpSet();
    private @Nullable Map<String, CustomOpDescriptor> known;

    /** Called by ND4J or {@link ScapeOps}. */
    public ScapeExecutioner() {}

    @Override
    public synchronized Map<String, CustomOpDescriptor> getCustomOperations() {
        Map<String, CustomOpDescriptor> all = known;
        if (all == null) {
            all = new HashMap<>(super.getCustomOperations());
            for (ScapeOp op : ops.instances()) {
                all.put(op.opName(), op.descriptor());
            }
            all = Map.copyOf(all);
            known = all;
        }
        return all;
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(CustomOp op) {
        return calculateOutputShape(op, null);
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(CustomOp op, @Nullable OpContext context) {
        ScapeOp ours = ops.resolve(op);
        return ours == null ? super.calculateOutputShape(op, context) : ours.calculateOutputShape(context);
    }

    @Override
    public INDArray[] exec(CustomOp op) {
        ScapeOp ours = ops.resolve(op);
        if (ours == null) {
            return super.exec(op);
        }
        boolean given = op.numOutputArguments() > 0;
        INDArray[] outputs = ours.run(op.inputArguments(), op.outputArguments());
        if (!given) {
            op.addOutputArgument(outputs);
        }
        return outputs;
    }

    @Override
    public INDArray[] exec(CustomOp op, OpContext context) {
        ScapeOp ours = ops.resolve(op);
        return ours == null ? super.exec(op, context) : ours.run(context.getInputArrays(), context.getOutputArrays());
    }
}
