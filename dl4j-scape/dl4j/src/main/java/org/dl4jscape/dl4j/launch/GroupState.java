package org.dl4jscape.dl4j.launch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When the ranks of all nodes start, stop and end: the decisions of a {@link GroupHost}, without sockets and clocks.
 *
 * <p>All nodes join, then all start. When a rank fails, all stop; when all have stopped, all start again as the next
 * generation, or, with no restart left, end. When every node has said that its ranks are done, all end. A node that is gone ends
 * the group. Any thread.
 */
final class GroupState {
    /** The launcher of one node, as it can be told something. */
    interface Node {
        /** Tells it; never throws, a launcher that cannot be reached is reported by {@link #gone}. */
        void tell(String message);

        /** For messages. */
        String address();
    }

    private enum Phase {
        GATHERING,
        RUNNING,
        STOPPING,
        ENDED
    }

    private final int processesPerNode;
    private final int maxRestarts;
    private final @Nullable Node[] nodes;
    private final boolean[] done;
    private final boolean[] stopped;
    private Phase phase = Phase.GATHERING;
    private int generation;
    private boolean isNodeLost;
    private String cause = "";

    GroupState(int nodeCount, int processesPerNode, int maxRestarts) {
        this.processesPerNode = processesPerNode;
        this.maxRestarts = maxRestarts;
        nodes = new @Nullable Node[nodeCount];
        done = new boolean[nodeCount];
        stopped = new boolean[nodeCount];
    }

    int worldSize() {
        return nodes.length * processesPerNode;
    }

    synchronized int generation() {
        return generation;
    }

    /** A launcher comes; returns why it may not, or an empty string. When all are there, they start. */
    synchronized String join(int index, int nodeCount, int processes, Node node) {
        if (nodeCount != nodes.length || processes != processesPerNode) {
            return "--nnodes " + nodeCount + " --nproc-per-node " + processes + " at node " + index
                    + " (expected: --nnodes "
                    + nodes.length + " --nproc-per-node " + processesPerNode
                    + ", as node 0 has them); start all launchers with the same numbers";
        }
        if (index < 0 || index >= nodes.length) {
            return "--node-rank " + index + " (expected: 0 to " + (nodes.length - 1) + ")";
        }
        Node other = nodes[index];
        if (other != null || phase != Phase.GATHERING) {
            return "--node-rank " + index
                    + (other == null ? " comes to a group that has ended" : " is taken by " + other.address())
                    + "; give every launcher a node rank of its own, and start all anew";
        }
        nodes[index] = node;
        if (Arrays.stream(nodes).allMatch(one -> one != null)) {
            start();
        }
        return "";
    }

    private void start() {
        phase = Phase.RUNNING;
        Arrays.fill(done, false);
        Arrays.fill(stopped, false);
        tellAll(GroupHost.START + " " + generation);
    }

    /** A rank of a node has failed. */
    synchronized void failed(int ofGeneration, String sentence) {
        if (phase == Phase.RUNNING && ofGeneration == generation) {
            stop(sentence);
        }
    }

    private void stop(String sentence) {
        phase = Phase.STOPPING;
        cause = sentence;
        boolean again = generation < maxRestarts && !isNodeLost;
        tellAll(GroupHost.STOP + " " + sentence
                + (again ? "; all ranks start again (restart " + (generation + 1) + " of " + maxRestarts + ")" : ""));
    }

    /** No rank of a node runs any more. */
    synchronized void stopped(int index) {
        stopped[index] = true;
        goOnIfAllStopped();
    }

    private void goOnIfAllStopped() {
        for (int index = 0; index < nodes.length; index++) {
            if (phase != Phase.STOPPING || nodes[index] != null && !stopped[index]) {
                return;
            }
        }
        if (isNodeLost || generation >= maxRestarts) {
            end(1, cause);
        } else {
            generation++;
            start();
        }
    }

    /** All ranks of a node have ended well. */
    synchronized void done(int index, int ofGeneration) {
        if (phase != Phase.RUNNING || ofGeneration != generation) {
            return;
        }
        done[index] = true;
        for (boolean one : done) {
            if (!one) {
                return;
            }
        }
        end(0, "");
    }

    private void end(int status, String sentence) {
        phase = Phase.ENDED;
        tellAll(GroupHost.END + " " + status + " " + sentence);
    }

    /** The connection to a node's launcher has ended. */
    synchronized void gone(int index) {
        Node node = nodes[index];
        nodes[index] = null;
        if (node != null && (phase == Phase.RUNNING || phase == Phase.STOPPING)) {
            isNodeLost = true;
            String sentence = "the launcher of node " + index + " (" + node.address()
                    + ") is gone; see its output there, and start all launchers anew";
            if (phase == Phase.RUNNING) {
                stop(sentence);
            }
            cause = sentence;
            goOnIfAllStopped();
        }
        notifyAll();
    }

    /** Waits until every launcher has closed its connection, so that none is left without the last word; or the time is up. */
    synchronized void awaitDeparture(long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (Arrays.stream(nodes).anyMatch(node -> node != null)) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return;
            }
            wait(leftMs);
        }
    }

    private void tellAll(String message) {
        for (Node node : nodes) {
            if (node != null) {
                node.tell(message);
            }
        }
    }
}
