package org.dl4jscape.cuda;

import java.lang.reflect.Field;
import org.dl4jscape.cuda.ops.OpSet;
import org.dl4jscape.cuda.ops.ScapeOp;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes the {@code scape_} ops known to ND4J: to {@code Nd4j.exec}, to SameDiff, and to graphs that are loaded.
 *
 * <p>ND4J 1.0.0-M2.1 has no public door for ops from Java, so its executioner is replaced by a subclass, {@link
 * ScapeExecutioner}. With this jar on the class path ND4J does that by itself at start (service {@code EnvironmentalAction},
 * see {@link InstallOps}); where another library holds that place, call {@link #install()} before the first use.
 */
public final class ScapeOps {
    private static final String PLAIN_CPU = "org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner";

    private ScapeOps() {}

    /**
     * Installs the ops; does nothing where they are installed. Any thread; not while ops run on others. A
     * profiling mode that was set before is lost: set it afterwards.
     *
     * @throws IllegalStateException where ND4J runs on another backend than nd4j-native, or another library has put an
     *     executioner of its own in place: the sentence says which, and what to do
     */
    public static void install() {
        synchronized (ScapeOps.class) {
            OpExecutioner present = Nd4j.getExecutioner();
            if (!(present instanceof ScapeExecutioner)) {
                requirePlain(present.getClass().getName());
                replace();
            }
            for (ScapeOp op : new OpSet().instances()) {
                ImportClassMapping.getOpNameMapping().put(op.opName(), op);
            }
        }
    }

    /** Whether ND4J knows the ops now. */
    public static boolean installed() {
        return Nd4j.getExecutioner() instanceof ScapeExecutioner;
    }

    /** Refuses all executioners but the one of nd4j-native, by class name. */
    static void requirePlain(String name) {
        if (name.equals(PLAIN_CPU)) {
            return;
        }
        if (name.startsWith("org.nd4j.linalg.jcublas")) {
            throw new IllegalStateException("the scape ops cannot be installed: ND4J runs on its CUDA backend (" + name
                    + ", expected: " + PLAIN_CPU + "); use nd4j-native, the ops read arrays in host memory");
        }
        throw new IllegalStateException(
                "the scape ops cannot be installed: another library has replaced ND4J's executioner ("
                        + name + ", expected: " + PLAIN_CPU + "); start with -Dopexec="
                        + ScapeExecutioner.class.getName()
                        + ", or leave that library out");
    }

    /** The field is private and has no setter; it is written once, before ops run. */
    private static void replace() {
        ScapeExecutioner ours = new ScapeExecutioner();
        try {
            Field field = Nd4j.class.getDeclaredField("OP_EXECUTIONER_INSTANCE");
            field.setAccessible(true);
            field.set(null, ours);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(
                    "the scape ops cannot be installed: this ND4J has no field OP_EXECUTIONER_INSTANCE (expected:"
                            + " version 1.0.0-M2.1); start with -Dopexec="
                            + ScapeExecutioner.class.getName(),
                    missing);
        }
    }
}
