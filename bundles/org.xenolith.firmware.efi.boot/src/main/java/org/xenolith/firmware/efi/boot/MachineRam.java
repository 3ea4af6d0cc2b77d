// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** A machine's RAM, as a guest's memory. */
final class MachineRam extends FirmwareRam {
  private final DmaPort ram;

  MachineRam(DmaPort ram) {
    this.ram = ram;
  }

  @Override
  boolean read(long address, byte[] to, int length) {
    try {
      ram.read(address, to, 0, length);
      return true;
    } catch (ExternalAbort e) {
      return false;
    }
  }

  @Override
  boolean write(long address, byte[] from, int length) {
    try {
      ram.write(address, from, 0, length);
      return true;
    } catch (ExternalAbort e) {
      return false;
    }
  }

  @Override
  long get(long address, int size) {
    if ((address & size - 1) != 0) {
      return super.get(address, size);
    }
    try {
      return ram.read(address, size);
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }

  @Override
  void put(long address, int size, long value) {
    if ((address & size - 1) != 0) {
      super.put(address, size, value);
      return;
    }
    try {
      ram.write(address, size, value);
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }
}
