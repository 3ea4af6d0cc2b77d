// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.x64.arch.Core;

/** Memory at the linear addresses of a domain's kernel on an x86-64 CPU, by its tables and the nested ones. */
final class X64GuestPointers implements CallerMemory {
  private static final int PAGE = 4096;

  private final Core cpu;

  /** @param caller executes now */
  X64GuestPointers(Vcpu caller) {
    cpu = (Core) caller.loaded();
  }

  @Override
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    return cpu.host.read(address, bytes, 0, length) ? bytes : null;
  }

  /** Asked by writing a byte of each page that is there already. */
  @Override
  public boolean isWritable(long address, int length) {
    byte[] one = new byte[1];
    for (long at = address; at - address < length; at = (at | PAGE - 1) + 1) {
      if (!cpu.host.read(at, one, 0, 1) || !cpu.host.write(at, one, 0, 1)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean write(long address, byte[] bytes) {
    return isWritable(address, bytes.length) && cpu.host.write(address, bytes, 0, bytes.length);
  }
}
