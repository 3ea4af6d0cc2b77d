// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/**
 * Registers of a UART in the machine; those of one that was taken out read as all ones.
 *
 * @param base of the first
 * @param size of each in bytes
 */
record UartRegisters(PhysicalBus bus, long base, int size) {
  long read(int register) {
    try {
      return bus.read(base + register, size);
    } catch (ExternalAbort vanished) {
      return -1;
    }
  }

  void write(int register, long value) {
    try {
      bus.write(base + register, size, value);
    } catch (ExternalAbort vanished) {
      // A UART that was taken out swallows what is sent.
    }
  }
}
