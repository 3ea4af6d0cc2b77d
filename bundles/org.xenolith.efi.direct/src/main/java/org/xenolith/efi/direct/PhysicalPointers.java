// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.machine.api.DmaPort;

/** The machine's RAM, where firmware's own tables are. */
record PhysicalPointers(DmaPort ram) implements CallerMemory {
  @Override
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    ram.read(address, bytes, 0, length);
    return bytes;
  }

  @Override
  public boolean isWritable(long address, int length) {
    return true;
  }

  @Override
  public boolean write(long address, byte[] bytes) {
    ram.write(address, bytes, 0, bytes.length);
    return true;
  }
}
