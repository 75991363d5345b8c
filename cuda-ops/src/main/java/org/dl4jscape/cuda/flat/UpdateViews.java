package org.dl4jscape.cuda.flat;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.dl4jscape.core.compute.UpdateCall;

/**
 * The arrays of an {@link UpdateCall} as views; what each holds is said there.
 *
 * @param indices masked global indices
 * @param packed mean of what the ranks sent
 * @param parameters updated in place
 * @param noise read by the closed form only
 * @param moment first moment, local index, updated in place
 * @param lastSent step last sent, local index, updated in place
 */
public record UpdateViews(
        IntBuffer indices,
        FloatBuffer packed,
        FloatBuffer parameters,
        FloatBuffer noise,
        FloatBuffer moment,
        IntBuffer lastSent) {
    /** The arrays of a call, without a copy. */
    public static UpdateViews of(UpdateCall call) {
        return new UpdateViews(
                IntBuffer.wrap(call.indices),
                FloatBuffer.wrap(call.packed),
                FloatBuffer.wrap(call.parameters),
                FloatBuffer.wrap(call.noise),
                FloatBuffer.wrap(call.moment),
                IntBuffer.wrap(call.lastSent));
    }
}
