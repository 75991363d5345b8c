/**
 * Checkpoint format 1: one file a rank, complete or absent.
 *
 * <p>All numbers are little-endian. A file is the eight bytes {@code SCAPECP1}, then sections, then the end section. A section
 * is: 4 bytes tag, 8 bytes length of the payload in bytes, the payload, 4 bytes CRC32C of the payload.
 *
 * <pre>
 *   tag  payload
 *    1   identity: 8 bytes layout fingerprint, 8 bytes configuration digest, then 4 bytes each: rank, world size, step,
 *        skipped steps, noise steps, step in which the mask was made
 *    2   attributes: pairs of texts, each 4 bytes length and UTF-8: data position, seeds, whatever the engine needs
 *    3   parameters            fp32     4  residual        fp32     5  first moment    fp32
 *    6   last sent             int32    7  noise           fp32     8  master          fp32
 *    9   sent steps            int32   10  mask offsets    int32   11  mask indices    int32
 *   12   mask noise            fp32
 *    0   end, empty
 * </pre>
 *
 * <p>A file is written under another name, forced to the disk, and renamed in one move: a crash leaves the file before it. The
 * reader checks every length and sum before it uses them; a section that it does not know is an error, since the format is
 * frozen under its version. Knows the step.
 */
@NullMarked
package org.dl4jscape.core.checkpoint;

import org.jspecify.annotations.NullMarked;
