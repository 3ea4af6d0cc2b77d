// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * A register by the name that debuggers have for it.
 *
 * @param name  the debuggers'
 * @param bits  its width for them
 * @param type  a type that they know, or one that its feature defines
 * @param group {@code general}, {@code float} or {@code vector}
 * @param of    the {@link RegisterDescription} whose value it shows; empty for one that is always 0
 * @param low   the lowest bit of that which it shows
 */
public record DebuggerRegister(String name, int bits, String type, String group, String of, int low) {
  /** One that shows a register from its lowest bit on. */
  public DebuggerRegister(String name, int bits, String type, String group, String of) {
    this(name, bits, type, group, of, 0);
  }
}
