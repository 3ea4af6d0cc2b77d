// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/** Is told of a device's registers as they are stored, by who looks into a machine; see {@link DeviceState#visitRegisters}. */
public interface RegisterVisitor {
  /**
   * One register.
   *
   * @param window the name under which the table was declared, behind those of the things that it belongs to
   * @param value  what is stored
   * @param stored whether that is what a guest would read; else a read computes it, and may act
   */
  void register(String window, Register register, long value, boolean stored);
}
