package org.dl4jscape.cuda.verify;

import java.util.ArrayList;
import java.util.List;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.cuda.CudaKernels;
import org.dl4jscape.cuda.driver.CudaDevice;
import org.dl4jscape.cuda.driver.CudaException;

/**
 * Opens the first GPU and compares every kernel with the reference at the lengths that are given.
 *
 * <pre>
 *   java ... SweepProgram [--quick] LENGTH...
 * </pre>
 *
 * Exit status: 0 where all bits are equal, 1 where some differ or the GPU failed, 2 where there is none or a length is wrong.
 * Every length is compared twice for every kind of values; above 50 million elements (memory: about 60 bytes an element) for
 * uniform values and ties. {@code --quick}, for emulated devices: above 100 000 elements once, and uniform values only.
 */
public final class SweepProgram {
    private static final long SEED = 20_260_701;
    private static final int LARGE = 50_000_000;
    private static final int LONG = 100_000;

    private SweepProgram() {}

    /** Runs the sweep. */
    public static void main(String[] arguments) {
        String reason = CudaDevice.unavailableBecause();
        List<String> lengths = new ArrayList<>(List.of(arguments));
        boolean quick = lengths.remove("--quick");
        if (lengths.isEmpty() || !reason.isEmpty()) {
            System.err.println(reason.isEmpty() ? "no length was given (expected: [--quick] LENGTH...)" : reason);
            System.exit(2);
        }
        List<String> findings = new ArrayList<>();
        try (CudaDevice device = CudaDevice.open()) {
            System.out.println("device: " + device.name());
            findings.addAll(CodecSweep.run(device, WirePrecision.BF16, SEED));
            findings.addAll(CodecSweep.run(device, WirePrecision.FP16, SEED));
            KernelSweep sweep = new KernelSweep(new CudaKernels(device), SEED);
            for (String length : lengths) {
                sweep(sweep, Integer.parseInt(length), quick);
            }
            findings.addAll(sweep.findings());
        } catch (CudaException failed) {
            findings.add(failed.getMessage());
        }
        findings.forEach(System.out::println);
        System.out.println(findings.isEmpty() ? "all bits are equal" : findings.size() + " differences");
        System.exit(findings.isEmpty() ? 0 : 1);
    }

    private static void sweep(KernelSweep sweep, int n, boolean quick) {
        boolean onlyUniform = quick && n > LONG;
        for (SweepValues values : SweepValues.values()) {
            if (values == SweepValues.UNIFORM || !onlyUniform && (n <= LARGE || values == SweepValues.TIES)) {
                sweep.run(n, values, onlyUniform ? 1 : 2);
            }
        }
        System.out.println("n=" + n + ": " + sweep.findings().size() + " differences so far");
    }
}
