// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;

/**
 * A standard feature of a target description.
 *
 * @param name      as GDB has it, {@code org.gnu.gdb.} before it
 * @param types     elements that define types of its registers, as XML; empty for none
 * @param registers in the feature's order
 */
public record DebuggerFeature(String name, String types, List<DebuggerRegister> registers) {
  /** Keeps a copy. */
  public DebuggerFeature {
    registers = List.copyOf(registers);
  }
}
