// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;

/** Registers of the machine's I/O APIC, which keep what is written, until it is taken out. */
final class MachineApic implements MmioHandler {
  final int[] registers = new int[256];
  boolean gone;
  private int select;

  @Override
  public long read(long offset, int size) {
    throw new AssertionError("nobody needs to know what is there");
  }

  @Override
  public void write(long offset, int size, long value) {
    if (gone) {
      throw ExternalAbort.INSTANCE;
    }
    if (size != 4 || offset != 0 && offset != 0x10) {
      throw new AssertionError("a write of %d bytes at 0x%x".formatted(size, offset));
    }
    if (offset == 0) {
      select = (int) value;
    } else {
      registers[select] = (int) value;
    }
  }

  int low(int pin) {
    return registers[0x10 + 2 * pin];
  }

  int destination(int pin) {
    return registers[0x11 + 2 * pin] >>> 24;
  }

  boolean masked(int pin) {
    return (low(pin) & 1 << 16) != 0;
  }

  boolean level(int pin) {
    return (low(pin) & 1 << 15) != 0;
  }

  int vector(int pin) {
    return low(pin) & 0xFF;
  }
}
