/**
 * Finds out, before a training, what of a machine and a class path would stop or slow it, and says the remedy.
 *
 * <p>{@link org.dl4jscape.dl4j.doctor.Doctor} runs the checks; {@link org.dl4jscape.dl4j.doctor.DoctorProgram} prints them.
 */
@NullMarked
package org.dl4jscape.dl4j.doctor;

import org.jspecify.annotations.NullMarked;
