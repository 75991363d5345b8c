package org.dl4jscape.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects of the user's as bytes, so that every rank gets its own: on a cluster it could not be otherwise, and in local mode
 * ranks of one JVM must not share what is not made for threads.
 */
final class Copies<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    /**
     * Of some objects, as they are now.
     *
     * @param what they are, for the message
     * @throws IllegalArgumentException when one cannot be serialised
     */
    Copies(String what, List<? extends T> objects) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(out)) {
            stream.writeObject(new ArrayList<>(objects));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    what + " of types "
                            + objects.stream()
                                    .map(object -> object.getClass().getName())
                                    .toList()
                            + " cannot be serialised (" + e + "), but every rank gets a copy; make them and what they"
                            + " hold Serializable",
                    e);
        }
        bytes = out.toByteArray();
    }

    /** New objects. */
    @SuppressWarnings("unchecked") // What was written was a list of T.
    List<T> make() {
        try (ObjectInputStream stream = new ContextObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (List<T>) stream.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "a rank does not know the class " + e.getMessage() + "; add its jar to the executors", e);
        }
    }

    /** Sees the classes of the user's jars, which Spark gives to the thread of a task only. */
    private static final class ContextObjectInputStream extends ObjectInputStream {
        ContextObjectInputStream(ByteArrayInputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(
                        description.getName(), false, Thread.currentThread().getContextClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
