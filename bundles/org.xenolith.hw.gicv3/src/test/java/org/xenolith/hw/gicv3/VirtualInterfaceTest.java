// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.gicv3.IccRegisters.HCR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_CTLR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_DIR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_HPPIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_PMR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_RPR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI1R_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_AP1R0_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_EISR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_ELRSR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_HCR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_LR0_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_MISR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_VMCR_EL2;
import static org.xenolith.hw.gicv3.IccRegisters.ICH_VTR_EL2;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

/** The hypervisor's registers ICH_* and what a guest at EL1 sees as ICC_*. */
class VirtualInterfaceTest {
  private static final int DIST = 0;
  private static final int REDIST = 1;
  private static final int SGI = 0x1_0000;
  private static final int FMO = 8;
  private static final int IMO = 16;
  private static final long PENDING = 1L << 62;
  private static final long ACTIVE = 1L << 63;
  private static final long HARDWARE = 1L << 61;
  private static final long GROUP1 = 1L << 60;
  private static final long EOI = 1L << 41;
  private static final int NONE = 1023;

  private FakeContext context;
  private FakeCpu cpu;
  private DeviceModel model;

  @BeforeEach
  void start() {
    context = new FakeContext(FakeNode.at("/intc@8000000").compatible("arm,gic-v3").window(0x800_0000, 0x1_0000)
        .window(0x80A_0000, 0xF6_0000).interrupt("/intc@8000000", 1, 9, 4).build(), 2);
    cpu = context.cpus().get(0);
    context.cpus().forEach(each -> each.systemRegister(IccRegisters.ID_AA64PFR0_EL1, 0x111));
    model = context.create(new Gicv3Component());
    cpu.systemRegister(HCR_EL2, FMO | IMO);
    hyp(ICH_HCR_EL2, 1);
    guest(ICC_IGRPEN1_EL1, 1);
    guest(ICC_PMR_EL1, 0xFF);
  }

  private void hyp(int register, long value) {
    cpu.exceptionLevel(2);
    cpu.msr(register, value);
  }

  private long hyp(int register) {
    cpu.exceptionLevel(2);
    return cpu.mrs(register);
  }

  private void guest(int register, long value) {
    cpu.exceptionLevel(1);
    cpu.msr(register, value);
  }

  private long guest(int register) {
    cpu.exceptionLevel(1);
    return cpu.mrs(register);
  }

  private boolean virq() {
    return cpu.signal(Signal.VIRQ);
  }

  private boolean maintenance() {
    return context.interrupt(0, 0).level();
  }

  private static long entry(int id, int priority, long flags) {
    return flags | GROUP1 | (long) priority << 48 | id;
  }

  @Test
  void typeTellsFourListRegistersAndFivePriorityBits() {
    assertEquals(0x90B8_0003L, hyp(ICH_VTR_EL2));
    assertEquals(0xF, hyp(ICC_SRE_EL2));
    assertEquals(0xF, hyp(ICH_ELRSR_EL2));
    assertThrows(SystemRegisterTrap.class, () -> hyp(ICH_VTR_EL2, 0));
    assertThrows(SystemRegisterTrap.class, () -> hyp(ICH_LR0_EL2 + 4));
  }

  @Test
  void pendingEntryIsSignalledAcknowledgedAndEnded() {
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING));
    assertTrue(virq());
    assertFalse(context.cpus().get(1).signal(Signal.VIRQ), "banked by CPU");
    assertEquals(0xE, hyp(ICH_ELRSR_EL2));
    assertEquals(40, guest(ICC_HPPIR1_EL1));
    assertEquals(40, guest(ICC_IAR1_EL1));
    assertFalse(virq());
    assertEquals(entry(40, 0xA0, ACTIVE), hyp(ICH_LR0_EL2));
    assertEquals(0xA0, guest(ICC_RPR_EL1));
    assertEquals(1 << 0xA0 / 8, hyp(ICH_AP1R0_EL2));
    assertEquals(NONE, guest(ICC_IAR1_EL1));
    guest(ICC_EOIR1_EL1, 40);
    assertEquals(0xFF, guest(ICC_RPR_EL1));
    assertEquals(0xF, hyp(ICH_ELRSR_EL2));
  }

  @Test
  void accessesFromEl2AndWithoutRedirectionAreThePhysicalOnes() {
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING));
    assertEquals(NONE, hyp(ICC_IAR1_EL1));
    assertEquals(0, hyp(ICC_PMR_EL1));
    hyp(ICC_PMR_EL1, 0x80);
    assertEquals(0xF8, guest(ICC_PMR_EL1));
    cpu.systemRegister(HCR_EL2, 0);
    assertEquals(0x80, guest(ICC_PMR_EL1));
    cpu.systemRegister(HCR_EL2, FMO);
    assertEquals(NONE, guest(ICC_IAR1_EL1), "IMO redirects group 1");
    assertEquals(0xF8, guest(ICC_PMR_EL1), "either redirects what both groups share");
    cpu.systemRegister(HCR_EL2, IMO);
    assertEquals(40, guest(ICC_IAR1_EL1));
  }

  @Test
  void higherPriorityPreemptsAndLowerWaits() {
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING));
    assertEquals(40, guest(ICC_IAR1_EL1));
    hyp(ICH_LR0_EL2 + 1, entry(41, 0xA0, PENDING));
    assertFalse(virq());
    hyp(ICH_LR0_EL2 + 2, entry(42, 0x80, PENDING));
    assertTrue(virq());
    assertEquals(42, guest(ICC_IAR1_EL1));
    guest(ICC_EOIR1_EL1, 42);
    assertFalse(virq());
    guest(ICC_EOIR1_EL1, 40);
    assertEquals(41, guest(ICC_IAR1_EL1));
  }

  @Test
  void endOfAHardwareEntryDeactivatesThePhysicalInterrupt() {
    context.write(DIST, 0, 4, 3);
    context.write(REDIST, 0x14, 4, 0);
    context.write(REDIST, SGI + 0x80, 4, 0xFFFF_FFFFL);
    context.write(REDIST, SGI + 0x100, 4, 1 << 27);
    hyp(ICC_PMR_EL1, 0xFF);
    hyp(ICC_IGRPEN1_EL1, 1);
    hyp(ICC_CTLR_EL1, 2);
    context.inputs().set(27, 0, true);
    assertEquals(27, hyp(ICC_IAR1_EL1));
    hyp(ICC_EOIR1_EL1, 27);
    hyp(ICH_LR0_EL2, entry(27, 0xA0, PENDING | HARDWARE | 27L << 32));
    assertEquals(27, guest(ICC_IAR1_EL1));
    assertFalse(cpu.signal(Signal.IRQ), "still active");
    guest(ICC_EOIR1_EL1, 27);
    assertEquals(0, context.read(REDIST, SGI + 0x300, 4));
    assertTrue(cpu.signal(Signal.IRQ), "the level is still up");
    assertEquals(0xF, hyp(ICH_ELRSR_EL2));
  }

  @Test
  void withEoiModeDeactivationIsApart() {
    guest(ICC_CTLR_EL1, 2);
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING));
    guest(ICC_IAR1_EL1);
    guest(ICC_EOIR1_EL1, 40);
    assertEquals(0xFF, guest(ICC_RPR_EL1));
    assertEquals(entry(40, 0xA0, ACTIVE), hyp(ICH_LR0_EL2));
    guest(ICC_DIR_EL1, 40);
    assertEquals(0xF, hyp(ICH_ELRSR_EL2));
    guest(ICC_DIR_EL1, 40);
    assertEquals(1 << 27 | 1, hyp(ICH_HCR_EL2), "no entry: counted");
  }

  @Test
  void anEndWithoutEntryIsCountedOnlyIfItDroppedAPriority() {
    guest(ICC_EOIR1_EL1, 40);
    assertEquals(1, hyp(ICH_HCR_EL2));
    hyp(ICH_AP1R0_EL2, 1 << 20);
    guest(ICC_EOIR0_EL1, 40);
    assertEquals(1, hyp(ICH_HCR_EL2), "another group");
    guest(ICC_EOIR1_EL1, 40);
    assertEquals(1 << 27 | 1, hyp(ICH_HCR_EL2));
    assertEquals(0, hyp(ICH_AP1R0_EL2));
  }

  @Test
  void maintenanceIsAskedForByAnEndThatWantsToBeTold() {
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING | EOI));
    guest(ICC_IAR1_EL1);
    assertFalse(maintenance());
    guest(ICC_EOIR1_EL1, 40);
    assertTrue(maintenance());
    assertEquals(1, hyp(ICH_MISR_EL2));
    assertEquals(1, hyp(ICH_EISR_EL2));
    assertEquals(0xE, hyp(ICH_ELRSR_EL2));
    hyp(ICH_LR0_EL2, 0);
    assertFalse(maintenance());
  }

  @Test
  void maintenanceReasonsFollowTheirEnables() {
    hyp(ICH_HCR_EL2, 1 | 1 << 1);
    assertEquals(2, hyp(ICH_MISR_EL2), "underflow: no entry");
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING));
    hyp(ICH_LR0_EL2 + 1, entry(41, 0xA0, ACTIVE));
    assertEquals(0, hyp(ICH_MISR_EL2));
    assertFalse(maintenance());
    hyp(ICH_HCR_EL2, 1 | 1 << 3);
    hyp(ICH_LR0_EL2, 0);
    assertEquals(8, hyp(ICH_MISR_EL2), "nothing pending");
    hyp(ICH_HCR_EL2, 1 | 0xF0);
    assertEquals(0x60, hyp(ICH_MISR_EL2), "group 0 disabled, group 1 enabled");
    assertTrue(maintenance());
    hyp(ICH_HCR_EL2, 0xF0);
    assertFalse(maintenance(), "the interface is off");
    hyp(ICH_HCR_EL2, 1 | 1 << 2 | 3 << 27);
    assertEquals(4, hyp(ICH_MISR_EL2));
  }

  @Test
  void guestsRegistersAreFieldsOfVmcr() {
    assertEquals(2, guest(ICC_BPR0_EL1));
    assertEquals(3, guest(ICC_BPR1_EL1));
    assertEquals(0x8C00, guest(ICC_CTLR_EL1));
    guest(ICC_CTLR_EL1, 3);
    guest(ICC_PMR_EL1, 0x57);
    guest(ICC_BPR0_EL1, 5);
    guest(ICC_BPR1_EL1, 4);
    guest(ICC_IGRPEN0_EL1, 1);
    assertEquals(6, guest(ICC_BPR1_EL1), "common binary point");
    assertEquals(0x5000_0000L | 5 << 21 | 3 << 18 | 0x210 | 8 | 3, hyp(ICH_VMCR_EL2));
    hyp(ICH_VMCR_EL2, 0xFF00_0002L);
    assertEquals(0xF8, guest(ICC_PMR_EL1));
    assertEquals(1, guest(ICC_IGRPEN1_EL1));
    assertEquals(0, guest(ICC_IGRPEN0_EL1));
    assertEquals(2, guest(ICC_BPR0_EL1), "the least there is");
  }

  @Test
  void groupZeroComesAsFiq() {
    guest(ICC_IGRPEN0_EL1, 1);
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING) & ~GROUP1);
    assertFalse(virq());
    assertTrue(cpu.signal(Signal.VFIQ));
    assertEquals(NONE, guest(ICC_IAR1_EL1));
    assertEquals(40, guest(ICC_IAR0_EL1));
    guest(ICC_EOIR0_EL1, 40);
    assertEquals(0xF, hyp(ICH_ELRSR_EL2));
  }

  @Test
  void hypervisorMayTrapWhatItWants() {
    assertSame(SystemRegisterTrap.TO_EL2, trap(() -> guest(ICC_SGI1R_EL1, 0)));
    hyp(ICH_HCR_EL2, 1 | 1 << 10);
    assertSame(SystemRegisterTrap.TO_EL2, trap(() -> guest(ICC_PMR_EL1)));
    assertSame(SystemRegisterTrap.TO_EL2, trap(() -> guest(ICC_DIR_EL1, 40)));
    assertEquals(NONE, guest(ICC_IAR1_EL1));
    hyp(ICH_HCR_EL2, 1 | 1 << 11);
    assertSame(SystemRegisterTrap.TO_EL2, trap(() -> guest(ICC_IAR0_EL1)));
    assertEquals(NONE, guest(ICC_IAR1_EL1));
    hyp(ICH_HCR_EL2, 1 | 1 << 12);
    assertSame(SystemRegisterTrap.TO_EL2, trap(() -> guest(ICC_IAR1_EL1)));
    hyp(ICH_HCR_EL2, 1 | 1 << 14);
    assertSame(SystemRegisterTrap.TO_EL2, trap(() -> guest(ICC_DIR_EL1, 40)));
    assertEquals(7, guest(ICC_SRE_EL1));
    assertEquals(NONE, hyp(ICC_IAR0_EL1), "EL2 itself traps nothing");
  }

  private static SystemRegisterTrap trap(Runnable access) {
    return assertThrows(SystemRegisterTrap.class, access::run);
  }

  @Test
  void handOverKeepsWhatIsPending() {
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING | EOI));
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Gicv3Component());
    successor.state().restore(model.state().save());
    successor.restored();
    context = next;
    assertTrue(virq());
    assertEquals(40, guest(ICC_IAR1_EL1));
    guest(ICC_EOIR1_EL1, 40);
    assertTrue(maintenance());
  }

  @Test
  void removedControllerInterruptsNoGuest() {
    hyp(ICH_LR0_EL2, entry(40, 0xA0, PENDING));
    model.removed();
    assertFalse(virq());
  }
}
