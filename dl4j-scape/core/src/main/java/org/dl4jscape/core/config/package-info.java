/**
 * What a user can choose, validated once, immutable afterwards. This package knows no other.
 */
@NullMarked
package org.dl4jscape.core.config;

import org.jspecify.annotations.NullMarked;
