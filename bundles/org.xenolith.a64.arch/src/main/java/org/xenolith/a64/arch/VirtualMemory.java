// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.Ram;

/**
 * Memory at the virtual addresses of a CPU's software, with the rights of its exception level: for what stands in a higher level's place
 * and is given pointers. Both stages are walked as they are programmed now, without a TLB and with tables in RAM only; a fault is a
 * result, no exception, and leaves no trace. Only RAM is reached, never a device.
 */
public final class VirtualMemory {
  private static final int PAGE = 0x1000;

  private final Cpu cpu;
  private final Walker walker;
  private final Translation translation = new Translation();

  /** The memory of what a CPU executes at its current level. */
  public VirtualMemory(Cpu cpu) {
    this.cpu = cpu;
    walker = Walker.ofMemory(cpu, null);
  }

  /** The bytes there; null if they can't all be read. */
  public byte[] read(long va, int length) {
    return new GuestView(cpu).bytes(va, cpu.el, length);
  }

  /** Whether all of these bytes can be written. */
  public boolean isWritable(long va, int length) {
    for (long done = 0; done < length; done += PAGE - (va + done & PAGE - 1)) {
      if (page(va + done) == null) {
        return false;
      }
    }
    return true;
  }

  /** Writes bytes; if they can't all be written nothing is, and the result is false. */
  public boolean write(long va, byte[] bytes) {
    if (!isWritable(va, bytes.length)) {
      return false;
    }
    for (int done = 0; done < bytes.length;) {
      long at = va + done;
      Ram ram = page(at);
      int place = (int) ((translation.frame | at & PAGE - 1) - ram.base);
      int piece = Math.min(bytes.length - done, PAGE - (int) (at & PAGE - 1));
      ram.write(place, bytes, done, piece);
      done += piece;
    }
    return true;
  }

  /** The RAM behind a page that can be written, whose frame is then in the translation; null if there is none. */
  private @Nullable Ram page(long va) {
    walker.walk(translation, Math.max(cpu.el, 1), va, cpu.el == 0 ? Tlb.USER_WRITE : Tlb.WRITE, false);
    return translation.fault ? null : cpu.env.bus().ram(translation.frame | va & PAGE - 1);
  }
}
