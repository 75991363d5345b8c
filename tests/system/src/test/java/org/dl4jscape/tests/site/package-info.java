/**
 * What the documentation site takes from the code: the snippets on its pages, compiled and run here; the configuration
 * reference, generated from builders, records and options; and the proof that messages quoted on pages are thrown.
 *
 * <p>Pages include a snippet by its {@code #region}. A page that differs from the code fails a test, which says how to
 * bring it up to date.
 */
@NullMarked
package org.dl4jscape.tests.site;

import org.jspecify.annotations.NullMarked;
