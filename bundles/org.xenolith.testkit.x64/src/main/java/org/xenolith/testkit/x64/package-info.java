// SPDX-License-Identifier: EPL-2.0
/** Programs of x86-64 instructions for engines, and a CPU with just what they need. */
@NullMarked
package org.xenolith.testkit.x64;

import org.jspecify.annotations.NullMarked;
