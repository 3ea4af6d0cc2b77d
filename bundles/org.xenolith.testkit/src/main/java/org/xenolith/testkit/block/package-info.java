// SPDX-License-Identifier: EPL-2.0
/** Storage for tests of those who use it. */
@NullMarked
package org.xenolith.testkit.block;

import org.jspecify.annotations.NullMarked;
