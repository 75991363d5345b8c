package org.dl4jscape.spark;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;

/** A routing listener in the form of Deeplearning4j's {@code StatsListener}: one report about the worker, one an iteration. */
final class ReportingListener extends BaseTrainingListener implements RoutingIterationListener {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // As in StatsListener: whoever sends it away takes the router out.
    private @Nullable StatsStorageRouter router;

    private @Nullable String worker;
    private @Nullable String session;
    private boolean introduced;

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        StatsStorageRouter destination = router;
        if (destination == null) {
            throw new IllegalStateException("no router was set");
        }
        if (!introduced) {
            introduced = true;
            destination.putStaticInfo(new Report(String.valueOf(session), String.valueOf(worker), 0));
        }
        destination.putUpdate(new Report(String.valueOf(session), String.valueOf(worker), iteration));
    }

    @Override
    public void setStorageRouter(@Nullable StatsStorageRouter value) {
        router = value;
    }

    @Override
    public @Nullable StatsStorageRouter getStorageRouter() {
        return router;
    }

    @Override
    public void setWorkerID(String value) {
        worker = value;
    }

    @Override
    public @Nullable String getWorkerID() {
        return worker;
    }

    @Override
    public void setSessionID(String value) {
        session = value;
    }

    @Override
    public @Nullable String getSessionID() {
        return session;
    }

    @Override
    public ReportingListener clone() {
        ReportingListener copy = new ReportingListener();
        copy.router = router;
        copy.session = session;
        return copy;
    }

    /** Who reports, and when. */
    record Report(String session, String worker, int iteration) implements Persistable {
        @Override
        public String getSessionID() {
            return session;
        }

        @Override
        public String getTypeID() {
            return "report";
        }

        @Override
        public String getWorkerID() {
            return worker;
        }

        @Override
        public long getTimeStamp() {
            return iteration;
        }

        @Override
        public int encodingLengthBytes() {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }

        @Override
        public byte[] encode() {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }

        @Override
        public void encode(ByteBuffer buffer) {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }

        @Override
        public void encode(OutputStream out) {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }

        @Override
        public void decode(byte[] bytes) {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }

        @Override
        public void decode(ByteBuffer buffer) {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }

        @Override
        public void decode(InputStream in) {
            throw new UnsupportedOperationException("reports of this test are compared, not encoded");
        }
    }
}
