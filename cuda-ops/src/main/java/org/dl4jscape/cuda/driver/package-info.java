/**
 * A GPU through the CUDA driver API: what is there, memory, transfers, kernels from the committed PTX, launches.
 *
 * <p>The driver library is loaded at run time through JNA, which ND4J brings; nothing here is compiled against CUDA, and no
 * part of ND4J's CUDA backend is needed. <b>No card has run this yet</b>: the tests run it on a driver that emulates a
 * device on the CPU. Knows neither the core nor ND4J.
 */
@NullMarked
package org.dl4jscape.cuda.driver;

import org.jspecify.annotations.NullMarked;
