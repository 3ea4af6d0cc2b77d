// SPDX-License-Identifier: EPL-2.0
/**
 * An extension of JUnit for tests in machines: each test has a fork of a machine that was booted once. Plain Java, on the class path of tests; the product's bundles are started beside them, in
 * the same process.
 */
@NullMarked
package org.xenolith.junit;

import org.jspecify.annotations.NullMarked;
