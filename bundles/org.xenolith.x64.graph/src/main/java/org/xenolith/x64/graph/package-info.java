// SPDX-License-Identifier: EPL-2.0
/** Decoded x86-64 instructions as closures that link to each other, and the interpreter that executes them. */
@NullMarked
package org.xenolith.x64.graph;

import org.jspecify.annotations.NullMarked;
