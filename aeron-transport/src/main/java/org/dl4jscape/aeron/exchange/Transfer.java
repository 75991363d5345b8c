package org.dl4jscape.aeron.exchange;

/** What passes through the queues between the training thread and the exchange thread. */
sealed interface Transfer permits Outbound, Inbound {}
