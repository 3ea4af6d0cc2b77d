// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.PhysicalBus;

/** A physical address space that lets who is in a hurry have the bytes of its RAM. */
public interface RamBus extends PhysicalBus {
  /**
   * The RAM chunk behind an address, allocated if it had not been touched; null if the address is a window or nothing. A
   * chunk stays the same object for the machine's life.
   */
  @Nullable
  Ram ram(long address);

  /**
   * The chunk whose bytes a read or fetch at an address has: RAM, or the memory of a window that is direct now; null if the read
   * must go through {@link #read}. It may not be written. What is kept of one that isn't {@link #ram} holds until the CPU is told
   * that a window changed.
   */
  default Ram readable(long address) {
    return ram(address);
  }

  /**
   * The same address space with its RAM.
   *
   * @throws IllegalArgumentException if it has none to give: no machine core's
   */
  static RamBus of(PhysicalBus bus) {
    if (bus instanceof RamBus ram) {
      return ram;
    }
    throw new IllegalArgumentException(bus.getClass().getName() + " gives no RAM away");
  }
}
