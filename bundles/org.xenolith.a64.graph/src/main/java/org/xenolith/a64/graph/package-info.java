// SPDX-License-Identifier: EPL-2.0
/**
 * Decoded A64 code as a graph of closures, one for each instruction: what engines execute that have nothing better yet. An
 * engine that has puts nodes of its own where branches lead to ({@link org.xenolith.a64.graph.BranchTargets}).
 */
@NullMarked
package org.xenolith.a64.graph;

import org.jspecify.annotations.NullMarked;
