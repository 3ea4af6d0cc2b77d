// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.VcpuHvmContext;
import org.xenolith.xen.abi.VcpuHvmMode;
import org.xenolith.xen.abi.VcpuHvmRegisters32;
import org.xenolith.xen.abi.VcpuHvmRegisters64;

/**
 * The registers that a guest gives a virtual CPU by VCPUOP_initialise (Xen public header {@code hvm/hvm_vcpu.h}): which ones are refused is as in Xen 4.17. Values that no CPU can have, which Xen finds out
 * when it enters the guest, are refused, too.
 */
final class VcpuContext {
  private static final int OK = 0;
  private static final int REFUSED = -org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final long CR0_BITS = ControlBits.PE | ControlBits.MP | ControlBits.EM | ControlBits.TS | ControlBits.ET | ControlBits.NE
      | ControlBits.WP | ControlBits.AM | ControlBits.NW | ControlBits.CD | ControlBits.PG;
  private static final long EFER_BITS = ControlBits.SCE | ControlBits.LME | ControlBits.LMA | ControlBits.NXE;
  private static final int CANONICAL_SHIFT = 16;
  /** Bits of a segment's attributes as the header has them. */
  private static final int TYPE = 0xF;
  private static final int CODE = 1 << 3;
  /** Of data: stores are allowed; of code: loads. */
  private static final int OPEN = 1 << 1;
  private static final int ACCESSED = 1;
  private static final int NOT_SYSTEM = 1 << 4;
  private static final int PRESENT = 1 << 7;
  private static final int GRANULAR = 1 << 11;
  private static final int BUSY_TSS = 0xB;
  private static final int FLAT_CODE_64 = 0xA9B;
  private static final int FLAT_DATA = 0xC93;
  private static final int TASK = 0x8B;
  private static final long TASK_LIMIT = 0x67;

  private final AbiBytes memory;
  private final VcpuHvmContext context = new VcpuHvmContext();
  private final VcpuHvmRegisters32 narrow = new VcpuHvmRegisters32();
  private final VcpuHvmRegisters64 wide = new VcpuHvmRegisters64();
  private final GuestRegisters made = new GuestRegisters();
  private final long cr4Bits;

  /** @param bytes where the caller's {@link VcpuHvmContext} is copied to @param cr4Bits of CR4 that the CPUs have */
  VcpuContext(byte[] bytes, long cr4Bits) {
    memory = new AbiBytes(bytes);
    context.at(memory, 0);
    this.cr4Bits = cr4Bits;
  }

  /** Gives a virtual CPU the registers. @return 0, or a negative errno: then it has those that it had */
  int give(GuestRegisters to) {
    if (context.pad() != 0) {
      return REFUSED;
    }
    made.reset();
    int result = switch (context.mode()) {
      case VcpuHvmMode.VCPU_HVM_MODE_32B -> narrow();
      case VcpuHvmMode.VCPU_HVM_MODE_64B -> wide();
      default -> REFUSED;
    };
    if (result == OK) {
      to.take(made);
    }
    return result;
  }

  private int control(long cr0, long cr3, long cr4, long efer) {
    return control(made, cr4Bits, cr0, cr3, cr4, efer) ? OK : REFUSED;
  }

  /** Gives registers those that control a CPU. @return false if no CPU can have them; then they are as they were */
  static boolean control(GuestRegisters to, long cr4Bits, long cr0, long cr3, long cr4, long efer) {
    long active = (efer & ControlBits.LME) == 0 ? efer : efer | ControlBits.LMA;
    boolean paging = (cr0 & ControlBits.PG) != 0;
    boolean never = paging && (cr0 & ControlBits.PE) == 0 || (cr0 & (ControlBits.NW | ControlBits.CD)) == ControlBits.NW
        || (active & ControlBits.LMA) != 0 && paging && (cr4 & ControlBits.PAE) == 0;
    if ((cr4 & ~cr4Bits) != 0 || (active & ~EFER_BITS) != 0 || never) {
      return false;
    }
    // A CPU is in long mode while it has paging, and only then.
    to.control(cr0 & CR0_BITS, cr3, cr4, paging ? active : active & ~ControlBits.LMA);
    return true;
  }

  private int narrow() {
    narrow.at(context, VcpuHvmContext.CPU_REGS);
    boolean padded = narrow.pad1() != 0;
    for (int i = 0; i < VcpuHvmRegisters32.PAD2_BYTES; i++) {
      padded |= memory.read8(VcpuHvmContext.CPU_REGS + VcpuHvmRegisters32.PAD2 + i) != 0;
    }
    return padded || !segments() || (narrow.efer() & (ControlBits.LME | ControlBits.LMA)) == ControlBits.LMA ? REFUSED : narrowRegisters();
  }

  private int narrowRegisters() {
    int[] general = {narrow.eax(), narrow.ecx(), narrow.edx(), narrow.ebx(), narrow.esp(), narrow.ebp(), narrow.esi(), narrow.edi()};
    for (int i = 0; i < general.length; i++) {
      made.general(i, general[i] & LOW);
    }
    made.pc(narrow.eip() & LOW);
    made.flags(narrow.eflags() & LOW);
    return control(narrow.cr0() & LOW, narrow.cr3() & LOW, narrow.cr4() & LOW, narrow.efer());
  }

  private boolean segments() {
    int cs = present(narrow.csAr());
    int ss = present(narrow.ssAr());
    int ds = present(narrow.dsAr());
    int es = present(narrow.esAr());
    int tr = (narrow.trAr() & PRESENT) == 0 ? narrow.trAr() : narrow.trAr() | OPEN;
    boolean right = memory(cs) && (cs & CODE) != 0 && memory(ss) && (ss & (CODE | OPEN)) == OPEN && data(ds) && data(es)
        && tr >>> 12 == 0 && (tr & (NOT_SYSTEM | PRESENT | TYPE)) == (PRESENT | BUSY_TSS);
    if (!right || Integer.compareUnsigned(narrow.eip(), (int) limit(narrow.csLimit(), cs)) > 0 || level(ss) != level(cs)
        || (ds & PRESENT) != 0 && level(ds) > level(cs) || (es & PRESENT) != 0 && level(es) > level(cs)) {
      return false;
    }
    segment(CpuState.CS, narrow.csBase(), narrow.csLimit(), cs);
    segment(CpuState.SS, narrow.ssBase(), narrow.ssLimit(), ss);
    segment(CpuState.DS, narrow.dsBase(), narrow.dsLimit(), ds);
    segment(CpuState.ES, narrow.esBase(), narrow.esLimit(), es);
    segment(CpuState.TR, narrow.trBase(), narrow.trLimit(), tr);
    return true;
  }

  /** A segment that is there has been accessed. */
  private static int present(int attributes) {
    return (attributes & PRESENT) == 0 ? attributes : attributes | ACCESSED;
  }

  private static boolean memory(int attributes) {
    return attributes >>> 12 == 0 && (attributes & (NOT_SYSTEM | PRESENT)) == (NOT_SYSTEM | PRESENT);
  }

  /** Data that can be read, or none. */
  private static boolean data(int attributes) {
    return attributes == 0 || memory(attributes) && (attributes & (CODE | OPEN)) != CODE;
  }

  private static int level(int attributes) {
    return attributes >>> 5 & 3;
  }

  private static long limit(int limit, int attributes) {
    return (attributes & GRANULAR) == 0 ? limit & LOW : (limit & LOW) << 12 & LOW | 0xFFF;
  }

  /** The header has attributes without the four bits of the limit that a descriptor has among them. */
  private void segment(int number, int base, int limit, int attributes) {
    made.segment(number, 0, base & LOW, limit(limit, attributes), attributes & 0xFF | (attributes & 0xF00) << 4);
  }

  private int wide() {
    wide.at(context, VcpuHvmContext.CPU_REGS);
    long pc = wide.rip();
    if (pc << CANONICAL_SHIFT >> CANONICAL_SHIFT != pc || (wide.cr0() & ControlBits.PG) == 0 || (wide.cr4() & ControlBits.PAE) == 0
        || (wide.efer() & ControlBits.LME) == 0) {
      return REFUSED;
    }
    long[] general = {wide.rax(), wide.rcx(), wide.rdx(), wide.rbx(), wide.rsp(), wide.rbp(), wide.rsi(), wide.rdi()};
    for (int i = 0; i < general.length; i++) {
      made.general(i, general[i]);
    }
    made.pc(pc);
    made.flags(wide.rflags());
    segment(CpuState.CS, 0, -1, FLAT_CODE_64);
    for (int data : new int[] {CpuState.DS, CpuState.SS, CpuState.ES}) {
      segment(data, 0, -1, FLAT_DATA);
    }
    segment(CpuState.TR, 0, (int) TASK_LIMIT, TASK);
    return control(wide.cr0(), wide.cr3(), wide.cr4(), wide.efer());
  }
}
