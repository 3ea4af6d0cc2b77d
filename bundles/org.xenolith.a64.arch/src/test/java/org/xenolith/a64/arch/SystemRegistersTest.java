// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.FlatMachine.msr;
import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;

/** Who may read and write what, identification, and registers that devices claim. */
class SystemRegistersTest {
  private static final int TIMER = id(3, 3, 14, 3, 1);
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
  }

  private long undefined(Runnable access) {
    assertThrows(GuestFault.class, access::run);
    int el = cpu.el;
    cpu.exceptions.takeNoted();
    cpu.enter(el, el == 0 ? 0 : 1);
    return cpu.sys(SysReg.ESR_EL1);
  }

  private long read(int id) {
    return cpu.registers.read(id, 0);
  }

  @Test
  void writesKeepReservedBits() {
    msr(cpu, SysReg.SCTLR_EL1, 0);
    assertEquals(0x3050_0800L, read(SysReg.SCTLR_EL1.id) & ~(1L << 23));
    msr(cpu, SysReg.VBAR_EL1, -1);
    assertEquals(-2048, read(SysReg.VBAR_EL1.id));
  }

  @Test
  void unknownRegistersAreUndefinedAndReported() {
    assertEquals(0x0200_0000L, undefined(() -> read(id(3, 3, 15, 2, 1))));
    assertEquals(List.of("unknown-system-register cpu0 S3_3_C15_C2_1 read at EL1, X0"), machine.events);
  }

  @Test
  void usersReachOnlyTheirOwn() {
    cpu.enter(0, 0);
    assertEquals(0x0200_0000L, undefined(() -> read(SysReg.SCTLR_EL1.id)));
    assertEquals(0x0200_0000L, undefined(() -> read(id(3, 0, 0, 4, 0))));
    cpu.registers.write(SysReg.TPIDR_EL0.id, 0, 9);
    assertEquals(9, read(SysReg.TPIDR_EL0.id));
    assertEquals(0x0200_0000L, undefined(() -> cpu.registers.write(SysReg.TPIDRRO_EL0.id, 0, 9)));
    assertEquals(0x6200_0000L | Syndrome.system(SysReg.CTR_EL0.id, 0, true), undefined(() -> read(SysReg.CTR_EL0.id)));
    assertEquals(0x14, read(SysReg.DCZID_EL0.id), "DZE is clear");
    assertTrue(machine.events.isEmpty());
  }

  /** Arm ARM, D19.2: SP_EL0 is UNDEFINED while it is the stack pointer itself (SPSel 0); SP_EL1 is EL2's and EL3's, SP_EL2 EL3's, whatever SPSel says. */
  @Test
  void theStackPointersOfLowerLevelsAreReachedFromAbove() {
    SysReg[] stacks = {SysReg.SP_EL0, SysReg.SP_EL1, SysReg.SP_EL2};
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withLevels(true, true));
    for (int el = 1; el <= 3; el++) {
      for (int sel = 0; sel <= 1; sel++) {
        for (int owner = 0; owner < stacks.length; owner++) {
          cpu.enter(el, sel);
          int id = stacks[owner].id;
          String which = stacks[owner] + " at EL" + el + ", SPSel " + sel;
          if (owner == 0 ? sel == 1 : el > owner) {
            cpu.registers.write(id, 0, el * 0x100 + sel * 0x10 + owner);
            assertEquals(el * 0x100 + sel * 0x10 + owner, read(id), which);
          } else {
            assertThrows(GuestFault.class, () -> read(id), which);
            assertThrows(GuestFault.class, () -> cpu.registers.write(id, 0, 1), which);
          }
        }
      }
    }
  }

  /** A hypervisor that knows Cortex-A57 by its MIDR_EL1 saves and restores them, whatever ID_AA64PFR0_EL1 says. */
  @Test
  void viewsOfAArch32RegistersKeepWhatIsWritten() {
    int[] views = {id(3, 4, 3, 0, 0), id(3, 4, 4, 3, 0), id(3, 4, 4, 3, 1), id(3, 4, 4, 3, 2), id(3, 4, 4, 3, 3), id(3, 4, 5, 0, 1),
        id(3, 4, 5, 3, 0), id(2, 4, 0, 7, 0)};
    long[] kept = {0xFFFF_FFFFL, 0xFFFF_FFFFL, 0xFFFF_FFFFL, 0xFFFF_FFFFL, 0xFFFF_FFFFL, 0x163F, 0x4000_0700, 0xDE00_00DEL};
    for (int view : views) {
      assertEquals(0x0200_0000L, undefined(() -> read(view)), "without EL2: " + SystemRegister.name(view));
    }
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withLevels(true, true));
    cpu.enter(2, 1);
    for (int i = 0; i < views.length; i++) {
      cpu.registers.write(views[i], 0, -1);
      assertEquals(kept[i], read(views[i]), SystemRegister.name(views[i]));
    }
    assertEquals(List.of(), machine.events);
    msr(cpu, SysReg.CPTR_EL2, 1 << 10);
    assertThrows(GuestFault.class, () -> read(id(3, 4, 5, 3, 0)), "FPEXC32_EL2 traps as FP registers do");
    cpu.exceptions.takeNoted();
    assertEquals(0x1FE0_0000L, cpu.sys(SysReg.ESR_EL2));
    int debug = id(3, 6, 1, 1, 1);
    msr(cpu, SysReg.CPTR_EL2, 0);
    assertThrows(GuestFault.class, () -> read(debug), "SDER32_EL3 is EL3's");
    cpu.exceptions.takeNoted();
    cpu.enter(3, 1);
    cpu.registers.write(debug, 0, -1);
    assertEquals(3, read(debug));
    cpu.enter(1, 1);
    for (int view : views) {
      assertThrows(GuestFault.class, () -> read(view), "from EL1: " + SystemRegister.name(view));
      cpu.exceptions.takeNoted();
      cpu.enter(1, 1);
    }
  }

  @Test
  void hypervisorRegistersAreUndefinedWithoutEl2() {
    assertEquals(0x0200_0000L, undefined(() -> read(SysReg.HCR_EL2.id)));
    assertTrue(machine.events.isEmpty());
  }

  @Test
  void identificationSaysWhatIsBuilt() {
    assertEquals(0x411F_D070L, read(SysReg.MIDR_EL1.id));
    assertEquals(0x8000_0000L, read(SysReg.MPIDR_EL1.id));
    assertEquals(0x11, read(id(3, 0, 0, 4, 0)));
    assertEquals(0x1_1120, read(id(3, 0, 0, 6, 0)));
    assertEquals(0x0F00_0024L, read(id(3, 0, 0, 7, 0)));
    assertEquals(0, read(id(3, 0, 0, 7, 7)));
    assertEquals(0x8444_C004L, read(SysReg.CTR_EL0.id));
    assertEquals(4, read(SysReg.DCZID_EL0.id));
    msr(cpu, SysReg.CSSELR_EL1, 2);
    assertEquals(0x70FF_E07AL, read(SysReg.CCSIDR_EL1.id));
    cpu = new FlatMachine().cpu(CpuConfig.cortexA57(0x102).withLevels(true, true).withLse(true).withPan(true));
    cpu.enter(3, 1);
    assertEquals(0x1111, read(id(3, 0, 0, 4, 0)));
    assertEquals(0x21_1120, read(id(3, 0, 0, 6, 0)));
    assertEquals(0x10_0000, read(id(3, 0, 0, 7, 1)));
    assertEquals(0x8000_0102L, read(SysReg.MPIDR_EL1.id));
  }

  @Test
  void interruptControllerThatClaimsRegistersIsIdentified() {
    SystemRegisterHandler gic = new Recorder();
    cpu.claim(gic, id(3, 0, 12, 12, 0));
    assertEquals(0x100_0011L, read(id(3, 0, 0, 4, 0)));
    cpu.release(gic);
    assertEquals(0x11, read(id(3, 0, 0, 4, 0)));
  }

  @Test
  void claimedRegistersGoToTheirDevice() {
    Recorder timer = new Recorder();
    cpu.claim(timer, TIMER);
    cpu.registers.write(TIMER, 4, 5);
    assertEquals(105, read(TIMER));
    assertEquals(105, cpu.systemRegister(TIMER));
    assertThrows(IllegalArgumentException.class, () -> cpu.claim(new Recorder(), TIMER));
    timer.refusal = SystemRegisterTrap.TO_EL1;
    cpu.enter(0, 0);
    assertEquals(0x6200_0000L | Syndrome.system(TIMER, 4, false), undefined(() -> cpu.registers.write(TIMER, 4, 5)));
    timer.refusal = SystemRegisterTrap.UNDEFINED;
    assertEquals(0x0200_0000L, undefined(() -> read(TIMER)));
    RegisterSlot slot = cpu.slot(TIMER);
    cpu.release(timer);
    assertEquals(0x0200_0000L, undefined(() -> read(TIMER)));
    cpu.claim(new Recorder(), TIMER);
    assertEquals(slot, cpu.slot(TIMER), "slots are permanent");
  }

  private static final class Recorder implements SystemRegisterHandler {
    private long last;
    private SystemRegisterTrap refusal;

    @Override
    public long read(ArmCpu port, int id) {
      if (refusal != null) {
        throw refusal;
      }
      return last + 100;
    }

    @Override
    public void write(ArmCpu port, int id, long value) {
      if (refusal != null) {
        throw refusal;
      }
      last = value;
    }
  }

  @Test
  void floatingPointTrapsUntilItIsEnabled() {
    assertTrue(cpu.fpTrapped);
    assertEquals(0x1FE0_0000L, undefined(() -> read(SysReg.FPCR.id)));
    msr(cpu, SysReg.CPACR_EL1, 1 << 20);
    assertEquals(0, read(SysReg.FPCR.id));
    cpu.enter(0, 0);
    assertTrue(cpu.fpTrapped);
    cpu.enter(1, 1);
    msr(cpu, SysReg.CPACR_EL1, 3 << 20);
    cpu.enter(0, 0);
    cpu.registers.write(SysReg.FPCR.id, 0, -1);
    assertEquals(0x07C0_0000L, read(SysReg.FPCR.id));
    cpu.registers.write(SysReg.FPSR.id, 0, -1);
    assertEquals(0x0800_009FL, read(SysReg.FPSR.id));
  }

  @Test
  void stackPointersOfOtherLevels() {
    cpu.registers.write(SysReg.SP_EL0.id, 0, 0x70);
    assertEquals(0x70, read(SysReg.SP_EL0.id));
    cpu.registers.setStackSelection(0);
    assertEquals(0x70, cpu.x[Cpu.SP]);
    undefined(() -> read(SysReg.SP_EL0.id));
  }

  @Test
  void maskBitsOfUsersAreTrappedUnlessAllowed() {
    cpu.enter(0, 0);
    assertEquals(0x18L << 26, undefined(() -> cpu.registers.write(SysReg.DAIF.id, 0, 0)) & 0xFC00_0000L);
    cpu.enter(1, 1);
    msr(cpu, SysReg.SCTLR_EL1, 1 << 9);
    cpu.enter(0, 0);
    cpu.registers.changeDaif(15, false, 0);
    assertEquals(0, cpu.daif);
  }
}
