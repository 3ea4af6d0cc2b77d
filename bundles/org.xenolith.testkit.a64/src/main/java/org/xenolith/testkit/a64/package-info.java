// SPDX-License-Identifier: EPL-2.0
/** Guests for the tests of CPU engines. */
@NullMarked
package org.xenolith.testkit.a64;

import org.jspecify.annotations.NullMarked;
