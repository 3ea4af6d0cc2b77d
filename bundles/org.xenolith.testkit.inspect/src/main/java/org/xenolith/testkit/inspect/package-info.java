// SPDX-License-Identifier: EPL-2.0
/** For bundles that look into machines: what they must show, and memory for them. */
@NullMarked
package org.xenolith.testkit.inspect;

import org.jspecify.annotations.NullMarked;
