// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.VirtualMemory;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.machine.api.CpuPort;

/** Memory at the addresses of who executes on a CPU. */
final class VirtualPointers implements CallerMemory {
  private final VirtualMemory memory;

  VirtualPointers(CpuPort caller) {
    memory = new VirtualMemory(caller.as(Cpu.class));
  }

  @Override
  public byte[] read(long address, int length) {
    return memory.read(address, length);
  }

  @Override
  public boolean isWritable(long address, int length) {
    return memory.isWritable(address, length);
  }

  @Override
  public boolean write(long address, byte[] bytes) {
    return memory.write(address, bytes);
  }
}
