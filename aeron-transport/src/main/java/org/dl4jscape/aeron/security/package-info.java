/**
 * The shared secret of a group and the keys that are made of it.
 *
 * <p>What enters: a file or an environment variable. What leaves: keys for one purpose each, never the secret. Primitives
 * are those of the JCA ({@code HmacSHA256}, {@code SHA-256}); nothing here encrypts. This package knows the JDK and the
 * exceptions of {@code core.exchange}.
 */
@NullMarked
package org.dl4jscape.aeron.security;

import org.jspecify.annotations.NullMarked;
