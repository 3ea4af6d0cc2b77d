// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.xenolith.x64.arch.CpuState.CS;
import static org.xenolith.x64.arch.CpuState.DS;
import static org.xenolith.x64.arch.CpuState.ES;
import static org.xenolith.x64.arch.CpuState.FS;
import static org.xenolith.x64.arch.CpuState.GS;
import static org.xenolith.x64.arch.CpuState.LDTR;
import static org.xenolith.x64.arch.CpuState.SS;
import static org.xenolith.x64.arch.CpuState.TR;

import java.util.List;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.x64.arch.GuestRegisters.Register;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HvmHwCpu;

/**
 * Registers of a virtual CPU as the record HVM_SAVE_CODE_CPU has them (Xen public header {@code arch-x86/hvm/save.h}). Registers of x87 and SSE aren't in it: its flags say that they are as after reset.
 */
final class HvmCpuRecord {
  private static final long LOW = 0xFFFF_FFFFL;
  private static final int FIRST_DEBUG_STATUS = 6;

  /** A segment register: its number and where in the record its parts are. */
  private record Segment(int number, int selector, int limit, int base, int attributes) {}

  /** A register of 64 bits, and where in the record it is. */
  private record Wide(Register register, int at) {}

  private static final List<Segment> SEGMENTS = List.of(
      new Segment(CS, HvmHwCpu.CS_SEL, HvmHwCpu.CS_LIMIT, HvmHwCpu.CS_BASE, HvmHwCpu.CS_ARBYTES),
      new Segment(DS, HvmHwCpu.DS_SEL, HvmHwCpu.DS_LIMIT, HvmHwCpu.DS_BASE, HvmHwCpu.DS_ARBYTES),
      new Segment(ES, HvmHwCpu.ES_SEL, HvmHwCpu.ES_LIMIT, HvmHwCpu.ES_BASE, HvmHwCpu.ES_ARBYTES),
      new Segment(FS, HvmHwCpu.FS_SEL, HvmHwCpu.FS_LIMIT, HvmHwCpu.FS_BASE, HvmHwCpu.FS_ARBYTES),
      new Segment(GS, HvmHwCpu.GS_SEL, HvmHwCpu.GS_LIMIT, HvmHwCpu.GS_BASE, HvmHwCpu.GS_ARBYTES),
      new Segment(SS, HvmHwCpu.SS_SEL, HvmHwCpu.SS_LIMIT, HvmHwCpu.SS_BASE, HvmHwCpu.SS_ARBYTES),
      new Segment(TR, HvmHwCpu.TR_SEL, HvmHwCpu.TR_LIMIT, HvmHwCpu.TR_BASE, HvmHwCpu.TR_ARBYTES),
      new Segment(LDTR, HvmHwCpu.LDTR_SEL, HvmHwCpu.LDTR_LIMIT, HvmHwCpu.LDTR_BASE, HvmHwCpu.LDTR_ARBYTES));
  /** Those whose values need no look. */
  private static final List<Wide> REGISTERS = List.of(new Wide(Register.CR2, HvmHwCpu.CR2), new Wide(Register.IDT_BASE,
      HvmHwCpu.IDTR_BASE), new Wide(Register.GDT_BASE, HvmHwCpu.GDTR_BASE), new Wide(Register.SYSENTER_CS, HvmHwCpu.SYSENTER_CS),
      new Wide(Register.SYSENTER_ESP, HvmHwCpu.SYSENTER_ESP), new Wide(Register.SYSENTER_EIP, HvmHwCpu.SYSENTER_EIP), new Wide(
          Register.KERNEL_GS_BASE, HvmHwCpu.SHADOW_GS), new Wide(Register.LSTAR, HvmHwCpu.MSR_LSTAR), new Wide(Register.STAR,
              HvmHwCpu.MSR_STAR), new Wide(Register.CSTAR, HvmHwCpu.MSR_CSTAR), new Wide(Register.FMASK, HvmHwCpu.MSR_SYSCALL_MASK),
      new Wide(Register.TSC_AUX, HvmHwCpu.MSR_TSC_AUX));
  /** Where general registers are, by their number in the encoding of instructions. */
  private static final int[] GENERAL = {HvmHwCpu.RAX, HvmHwCpu.RCX, HvmHwCpu.RDX, HvmHwCpu.RBX, HvmHwCpu.RSP, HvmHwCpu.RBP, HvmHwCpu.RSI,
      HvmHwCpu.RDI, HvmHwCpu.R8, HvmHwCpu.R9, HvmHwCpu.R10, HvmHwCpu.R11, HvmHwCpu.R12, HvmHwCpu.R13, HvmHwCpu.R14, HvmHwCpu.R15};
  /** DR0 to DR3, DR6 and DR7. */
  private static final int[] DEBUG = {HvmHwCpu.DR0, HvmHwCpu.DR1, HvmHwCpu.DR2, HvmHwCpu.DR3, HvmHwCpu.DR6, HvmHwCpu.DR7};

  private HvmCpuRecord() {}

  private static int debug(int place) {
    return place < 4 ? place : FIRST_DEBUG_STATUS + place - 4;
  }

  /** Writes the record. @param tsc what RDTSC would read */
  static void write(GuestRegisters from, long tsc, AbiBytes to, long at) {
    HvmHwCpu cpu = new HvmHwCpu();
    cpu.at(to, at);
    cpu.zero();
    for (int i = 0; i < GENERAL.length; i++) {
      to.write64(at + GENERAL[i], from.general(i));
    }
    for (int i = 0; i < DEBUG.length; i++) {
      to.write64(at + DEBUG[i], from.debug(debug(i)));
    }
    for (Segment segment : SEGMENTS) {
      int attributes = from.attributes(segment.number);
      to.write32(at + segment.selector, from.selector(segment.number));
      to.write32(at + segment.limit, (int) from.limit(segment.number));
      to.write64(at + segment.base, from.base(segment.number));
      // The header has attributes without the four bits of the limit that a descriptor has among them.
      to.write32(at + segment.attributes, attributes & 0xFF | attributes >> 4 & 0xF00);
    }
    for (Wide wide : REGISTERS) {
      to.write64(at + wide.at, from.register(wide.register));
    }
    cpu.idtrLimit((int) from.register(Register.IDT_LIMIT));
    cpu.gdtrLimit((int) from.register(Register.GDT_LIMIT));
    cpu.rip(from.pc());
    cpu.rflags(from.flags());
    cpu.cr0(from.register(Register.CR0));
    cpu.cr3(from.register(Register.CR3));
    cpu.cr4(from.register(Register.CR4));
    cpu.msrEfer(from.register(Register.EFER));
    cpu.tsc(tsc);
  }

  /**
   * Reads a record.
   *
   * @param cr4Bits bits of CR4 that the CPUs have
   * @return the registers; null if no CPU can have them
   */
  static GuestRegisters read(AbiBytes from, long at, long cr4Bits) {
    HvmHwCpu cpu = new HvmHwCpu();
    cpu.at(from, at);
    GuestRegisters to = new GuestRegisters();
    to.reset();
    if (!VcpuContext.control(to, cr4Bits, cpu.cr0(), cpu.cr3(), cpu.cr4(), cpu.msrEfer())) {
      return null;
    }
    for (int i = 0; i < GENERAL.length; i++) {
      to.general(i, from.read64(at + GENERAL[i]));
    }
    for (int i = 0; i < DEBUG.length; i++) {
      to.debug(debug(i), from.read64(at + DEBUG[i]));
    }
    for (Segment segment : SEGMENTS) {
      int attributes = from.read32(at + segment.attributes);
      to.segment(segment.number, from.read32(at + segment.selector) & 0xFFFF, from.read64(at + segment.base), from.read32(at
          + segment.limit) & LOW, attributes & 0xFF | (attributes & 0xF00) << 4);
    }
    for (Wide wide : REGISTERS) {
      to.register(wide.register, from.read64(at + wide.at));
    }
    to.register(Register.IDT_LIMIT, cpu.idtrLimit() & 0xFFFF);
    to.register(Register.GDT_LIMIT, cpu.gdtrLimit() & 0xFFFF);
    to.pc(cpu.rip());
    to.flags(cpu.rflags());
    return to;
  }
}
