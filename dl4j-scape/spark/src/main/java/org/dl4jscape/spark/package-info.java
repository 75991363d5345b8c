/**
 * SCAPE as a Deeplearning4j {@code TrainingMaster} on Apache Spark: ranks are the tasks of one barrier stage.
 *
 * <p>Knows core, the Deeplearning4j bridge and Spark; finds transports and kernels by name.
 */
@NullMarked
package org.dl4jscape.spark;

import org.jspecify.annotations.NullMarked;
