// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;

/**
 * How debuggers know processors of an architecture. Source: GDB manual, appendix "Target Descriptions", whose standard features have names, registers and their order.
 *
 * @param architecture GDB's name for it
 * @param triple       LLVM's
 * @param machine      {@code e_machine} of its ELF files (System V ABI)
 * @param features     the standard ones, in their order
 */
public record DebuggerTarget(String architecture, String triple, int machine, List<DebuggerFeature> features) {
  /** Keeps a copy. */
  public DebuggerTarget {
    features = List.copyOf(features);
  }
}
