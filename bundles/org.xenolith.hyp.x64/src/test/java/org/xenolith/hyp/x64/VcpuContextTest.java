// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.VcpuHvmContext;
import org.xenolith.xen.abi.VcpuHvmMode;
import org.xenolith.xen.abi.VcpuHvmRegisters32;
import org.xenolith.xen.abi.VcpuHvmRegisters64;
import org.xenolith.xen.abi.XenErrno;

/** What VCPUOP_initialise takes and refuses. */
class VcpuContextTest {
  private static final long CR4 = ControlBits.PAE | ControlBits.PGE | ControlBits.OSFXSR;
  private static final int EINVAL = -XenErrno.XEN_EINVAL;

  private final byte[] bytes = new byte[VcpuHvmContext.SIZE];
  private final VcpuHvmContext context = new VcpuHvmContext();
  private final VcpuHvmRegisters32 narrow = new VcpuHvmRegisters32();
  private final VcpuHvmRegisters64 wide = new VcpuHvmRegisters64();
  private final GuestRegisters registers = new GuestRegisters();
  private final VcpuContext given = new VcpuContext(bytes, CR4);

  VcpuContextTest() {
    context.at(new AbiBytes(bytes), 0);
    narrow.at(context, VcpuHvmContext.CPU_REGS);
    wide.at(context, VcpuHvmContext.CPU_REGS);
  }

  private void flat() {
    Arrays.fill(bytes, (byte) 0);
    context.mode(VcpuHvmMode.VCPU_HVM_MODE_32B);
    narrow.eip(0x10_0000);
    narrow.cr0(1);
    narrow.csLimit(-1);
    narrow.csAr(0xC9A);
    narrow.dsLimit(-1);
    narrow.dsAr(0xC93);
    narrow.ssLimit(-1);
    narrow.ssAr(0xC92);
    narrow.esAr(0);
    narrow.trLimit(0x67);
    narrow.trAr(0x89);
  }

  private void longMode() {
    Arrays.fill(bytes, (byte) 0);
    context.mode(VcpuHvmMode.VCPU_HVM_MODE_64B);
    wide.rip(0xFFFF_8000_1234_5678L);
    wide.cr0(ControlBits.PG | ControlBits.PE);
    wide.cr3(0x12_3000);
    wide.cr4(ControlBits.PAE);
    wide.efer(ControlBits.LME | ControlBits.NXE);
  }

  @Test
  void flatProtectedModeIsTaken() {
    flat();
    narrow.ebx(0x8000_0001);
    narrow.eflags(0x202);
    assertEquals(0, given.give(registers));
    assertEquals(0x10_0000, registers.pc());
    assertEquals(0x8000_0001L, registers.general(3));
    assertEquals(0x202, registers.flags());
    assertEquals(-1, registers.pointersAt());
  }

  @Test
  void pageDirectoryPointersAreLoadedForPaePagingAlone() {
    flat();
    narrow.cr0(0x8000_0001);
    narrow.cr3(0x12_3FE0);
    narrow.cr4((int) ControlBits.PAE);
    assertEquals(0, given.give(registers));
    assertEquals(0x12_3FE0, registers.pointersAt());
    longMode();
    assertEquals(0, given.give(registers));
    assertEquals(-1, registers.pointersAt());
  }

  @Test
  void longModeIsTaken() {
    longMode();
    wide.rdi(-2);
    assertEquals(0, given.give(registers));
    assertEquals(0xFFFF_8000_1234_5678L, registers.pc());
    assertEquals(-2, registers.general(7));
  }

  private void refused(Runnable right, Consumer<VcpuContextTest> wrong, String what) {
    right.run();
    registers.reset();
    wrong.accept(this);
    assertEquals(EINVAL, given.give(registers), what);
    assertEquals(0xFFF0, registers.pc(), "it has the registers that it had: " + what);
  }

  @Test
  void segmentsThatNoGuestCanStartInAreRefused() {
    refused(this::flat, t -> t.narrow.csAr(0xC93), "CS is data");
    refused(this::flat, t -> t.narrow.csAr(0), "no CS");
    refused(this::flat, t -> t.narrow.csAr(0xC8A), "CS is a system segment");
    refused(this::flat, t -> t.narrow.csAr(0xC1A), "CS isn't present");
    refused(this::flat, t -> t.narrow.csAr(0x1C9A), "bits above the attributes");
    refused(this::flat, t -> t.narrow.csLimit(0xFF), "EIP is outside: the limit is 0xfffff");
    refused(this::flat, t -> t.narrow.ssAr(0xC9A), "SS is code");
    refused(this::flat, t -> t.narrow.ssAr(0xC90), "SS is read-only");
    refused(this::flat, t -> t.narrow.ssAr(0xCF2), "SS has another level");
    refused(this::flat, t -> t.narrow.dsAr(0xC98), "DS can't be read");
    refused(this::flat, t -> t.narrow.dsAr(0xCF2), "DS has a higher level");
    refused(this::flat, t -> t.narrow.trAr(0x82), "TR is an LDT");
    refused(this::flat, t -> t.narrow.trAr(0x9B), "TR is code");
    refused(this::flat, t -> t.narrow.trAr(0), "no TR");
  }

  @Test
  void valuesThatNoProcessorHasAreRefused() {
    refused(this::flat, t -> t.context.mode(2), "mode");
    refused(this::flat, t -> t.context.pad(1), "pad");
    refused(this::flat, t -> t.narrow.pad1(1), "pad1");
    refused(this::flat, t -> t.bytes[VcpuHvmContext.CPU_REGS + VcpuHvmRegisters32.PAD2 + 5] = 1, "pad2");
    refused(this::flat, t -> t.narrow.cr4((int) ControlBits.SMAP), "CR4");
    refused(this::flat, t -> t.narrow.efer(ControlBits.LMA), "LMA without LME");
    refused(this::flat, t -> t.narrow.efer(2), "EFER");
    refused(this::flat, t -> t.narrow.cr0(0x8000_0000), "paging without protected mode");
    refused(this::longMode, t -> t.wide.rip(0x8000_0000_0000L), "RIP isn't canonical");
    refused(this::longMode, t -> t.wide.cr0(1), "no paging");
    refused(this::longMode, t -> t.wide.cr4(0), "no PAE");
    refused(this::longMode, t -> t.wide.efer(0), "no long mode");
    refused(this::longMode, t -> t.wide.cr0(ControlBits.PG), "no protected mode");
  }
}
