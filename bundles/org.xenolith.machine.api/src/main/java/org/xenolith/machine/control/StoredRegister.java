// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.util.OptionalLong;
import org.xenolith.regs.RegisterWords;

/**
 * A register of a device, as its model's table has it.
 *
 * @param window    the device's name for the registers that it belongs to; behind those of the parts that these are of
 * @param name      as in the manual
 * @param offset    of its first byte there
 * @param bytes     its size
 * @param reference clause of the manual
 * @param value     what is stored; empty if what a guest reads is made when it reads, which may act
 * @param words     what the manual says of it, as far as the model has that
 */
public record StoredRegister(String window, String name, int offset, int bytes, String reference, OptionalLong value, RegisterWords words) {
  /** One of which nothing is said. */
  public StoredRegister(String window, String name, int offset, int bytes, String reference, OptionalLong value) {
    this(window, name, offset, bytes, reference, value, RegisterWords.UNSAID);
  }
}
