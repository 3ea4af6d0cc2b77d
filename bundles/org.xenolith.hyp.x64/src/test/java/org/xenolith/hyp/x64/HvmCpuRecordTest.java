// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.x64.arch.GuestRegisters.Register;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HvmHwCpu;
import org.xenolith.xen.abi.HvmHwMtrr;

/** Registers and memory types of a virtual CPU as records of an HVM context. */
class HvmCpuRecordTest {
  private static final long CR4 = ControlBits.PAE | ControlBits.PGE | ControlBits.OSFXSR;

  private final byte[] bytes = new byte[HvmHwCpu.SIZE];
  private final AbiBytes memory = new AbiBytes(bytes);
  private final HvmHwCpu record = new HvmHwCpu();

  HvmCpuRecordTest() {
    record.at(memory, 0);
  }

  /** What libxenguest gives the first virtual CPU of a PVH guest. */
  private void pvh() {
    record.cr0(0x11);
    record.rip(0x100_0850);
    record.rbx(0x3E0_0000);
    record.dr6(0xFFFF_0FF0L);
    record.dr7(0x400);
    record.csLimit(-1);
    record.csArbytes(0xC9B);
    record.dsLimit(-1);
    record.dsArbytes(0xC93);
    record.ssLimit(-1);
    record.ssArbytes(0xC93);
    record.trLimit(0x67);
    record.trArbytes(0x8B);
  }

  @Test
  void aPvhGuestsFirstRegistersAreTaken() {
    pvh();
    GuestRegisters registers = HvmCpuRecord.read(memory, 0, CR4);
    assertNotNull(registers);
    assertEquals(0x100_0850, registers.pc());
    assertEquals(0x3E0_0000, registers.general(CpuState.RBX));
    assertEquals(0xC09B, registers.attributes(CpuState.CS), "the bits of the limit are left out in the record");
    assertEquals(0xFFFF_FFFFL, registers.limit(CpuState.CS));
    assertEquals(0x67, registers.limit(CpuState.TR));
    assertEquals(0x400, registers.debug(7));
    assertEquals(2, registers.flags());
  }

  /** Every byte of a record that has a meaning comes back. */
  @Test
  void whatIsWrittenIsReadAgain() {
    pvh();
    int[] wide = {HvmHwCpu.RAX, HvmHwCpu.RCX, HvmHwCpu.RDX, HvmHwCpu.RBX, HvmHwCpu.RBP, HvmHwCpu.RSI, HvmHwCpu.RDI, HvmHwCpu.RSP,
        HvmHwCpu.R8, HvmHwCpu.R9, HvmHwCpu.R10, HvmHwCpu.R11, HvmHwCpu.R12, HvmHwCpu.R13, HvmHwCpu.R14, HvmHwCpu.R15, HvmHwCpu.CR2,
        HvmHwCpu.DR0, HvmHwCpu.DR1, HvmHwCpu.DR2, HvmHwCpu.DR3, HvmHwCpu.CS_BASE, HvmHwCpu.DS_BASE, HvmHwCpu.ES_BASE, HvmHwCpu.FS_BASE,
        HvmHwCpu.GS_BASE, HvmHwCpu.SS_BASE, HvmHwCpu.TR_BASE, HvmHwCpu.LDTR_BASE, HvmHwCpu.IDTR_BASE, HvmHwCpu.GDTR_BASE,
        HvmHwCpu.SYSENTER_CS, HvmHwCpu.SYSENTER_ESP, HvmHwCpu.SYSENTER_EIP, HvmHwCpu.SHADOW_GS, HvmHwCpu.MSR_LSTAR, HvmHwCpu.MSR_STAR,
        HvmHwCpu.MSR_CSTAR, HvmHwCpu.MSR_SYSCALL_MASK, HvmHwCpu.MSR_TSC_AUX};
    for (int i = 0; i < wide.length; i++) {
      memory.write64(wide[i], 0x1111_0000_0000_0001L * (i + 1));
    }
    int[] selectors = {HvmHwCpu.CS_SEL, HvmHwCpu.DS_SEL, HvmHwCpu.ES_SEL, HvmHwCpu.FS_SEL, HvmHwCpu.GS_SEL, HvmHwCpu.SS_SEL,
        HvmHwCpu.TR_SEL, HvmHwCpu.LDTR_SEL, HvmHwCpu.IDTR_LIMIT, HvmHwCpu.GDTR_LIMIT};
    for (int i = 0; i < selectors.length; i++) {
      memory.write32(selectors[i], 0x100 + i);
    }
    record.rflags(0x202);
    record.cr0(ControlBits.PG | ControlBits.PE | ControlBits.ET);
    record.cr3(0x12_3000);
    record.cr4(ControlBits.PAE);
    record.msrEfer(ControlBits.LME | ControlBits.LMA | ControlBits.SCE);
    record.tsc(77);
    byte[] before = bytes.clone();
    GuestRegisters registers = HvmCpuRecord.read(memory, 0, CR4);
    java.util.Arrays.fill(bytes, (byte) 0xFF);
    HvmCpuRecord.write(registers, 77, memory, 0);
    assertArrayEquals(before, bytes);
  }

  @Test
  void valuesThatNoCpuCanHaveAreRefused() {
    pvh();
    record.cr0(ControlBits.PG);
    assertNull(HvmCpuRecord.read(memory, 0, CR4), "paging without protection");
    record.cr0(0x11);
    record.cr4(1L << 20);
    assertNull(HvmCpuRecord.read(memory, 0, CR4));
    record.cr4(0);
    record.msrEfer(1L << 40);
    assertNull(HvmCpuRecord.read(memory, 0, CR4));
    record.msrEfer(0);
    GuestRegisters registers = HvmCpuRecord.read(memory, 0, CR4);
    assertEquals(0x11, registers.register(Register.CR0));
  }

  @Test
  void memoryTypesComeAndGo() {
    long[] words = new long[MemoryTypes.WORDS];
    MemoryTypes.reset(words);
    AbiBytes to = new AbiBytes(new byte[HvmHwMtrr.SIZE]);
    MemoryTypes.write(words, to, 0);
    assertArrayEquals(words, MemoryTypes.read(to, 0));
    HvmHwMtrr mtrr = new HvmHwMtrr();
    mtrr.at(to, 0);
    assertEquals(0x508, mtrr.msrMtrrCap());
    mtrr.msrMtrrVar(15, 5);
    mtrr.msrMtrrFixed(10, 6);
    mtrr.msrMtrrDefType(0x806);
    long[] read = MemoryTypes.read(to, 0);
    assertEquals(5, read[MemoryTypes.place(0x20F)]);
    assertEquals(6, read[MemoryTypes.place(0x26F)]);
    assertEquals(0x806, read[MemoryTypes.place(0x2FF)]);
    mtrr.msrPatCr(2);
    assertNull(MemoryTypes.read(to, 0), "there is no type 2");
    mtrr.msrPatCr(0);
    mtrr.msrMtrrCap(9);
    assertNull(MemoryTypes.read(to, 0), "more ranges than there are");
  }
}
