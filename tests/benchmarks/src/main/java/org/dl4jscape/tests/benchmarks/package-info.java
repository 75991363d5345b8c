/**
 * JMH benchmarks, one class per question, and the program that runs them all and writes the table of ratios.
 *
 * <p>Every class has its baseline beside the subject: {@code arrayCopy}, a {@code System.arraycopy} of a float array of the
 * stated length. Ratios are taken within one run, since times of a shared machine mean little.
 */
@NullMarked
package org.dl4jscape.tests.benchmarks;

import org.jspecify.annotations.NullMarked;
