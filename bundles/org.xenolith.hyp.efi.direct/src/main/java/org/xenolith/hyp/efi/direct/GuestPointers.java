// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.kit.ArmVcpu;

/** Memory at the addresses of a domain's kernel, by its translation and that of the hypervisor. */
final class GuestPointers implements CallerMemory {
  private final Cpu cpu;

  /** @param caller executes now */
  GuestPointers(Vcpu caller) {
    cpu = ArmVcpu.cpu(caller);
  }

  @Override
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    return cpu.el2.memory.read(address, bytes, 0, length, false) == 0 ? bytes : null;
  }

  @Override
  public boolean isWritable(long address, int length) {
    return cpu.el2.memory.isWritable(address, length);
  }

  @Override
  public boolean write(long address, byte[] bytes) {
    return isWritable(address, bytes.length) && cpu.el2.memory.write(address, bytes, 0, bytes.length, false) == 0;
  }
}
