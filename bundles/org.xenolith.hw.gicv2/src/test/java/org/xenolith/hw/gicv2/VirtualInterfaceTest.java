// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The hypervisor's window GICH and the guest's window GICV. */
class VirtualInterfaceTest {
  private static final int DIST = 0;
  private static final int CPU = 1;
  private static final int HYP = 2;
  private static final int GUEST = 3;
  private static final int HCR = 0x0;
  private static final int VTR = 0x4;
  private static final int VMCR = 0x8;
  private static final int MISR = 0x10;
  private static final int EISR = 0x20;
  private static final int ELRSR = 0x30;
  private static final int HYP_APR = 0xF0;
  private static final int LR = 0x100;
  private static final int CTLR = 0x0;
  private static final int PMR = 0x4;
  private static final int BPR = 0x8;
  private static final int IAR = 0xC;
  private static final int EOIR = 0x10;
  private static final int RPR = 0x14;
  private static final int HPPIR = 0x18;
  private static final int ABPR = 0x1C;
  private static final int AIAR = 0x20;
  private static final int DIR = 0x1000;
  private static final int PENDING = 1 << 28;
  private static final int ACTIVE = 1 << 29;
  private static final int GROUP1 = 1 << 30;
  private static final int HARDWARE = 1 << 31;
  private static final int EOI = 1 << 19;
  private static final int NONE = 1023;

  private FakeContext context;
  private DeviceModel model;

  @BeforeEach
  void start() {
    context = new FakeContext(FakeNode.at("/intc@8000000").compatible("arm,cortex-a15-gic").window(0x800_0000, 0x1_0000)
        .window(0x801_0000, 0x1_0000).window(0x803_0000, 0x1_0000).window(0x804_0000, 0x1_0000)
        .interrupt("/intc@8000000", 1, 9, 4).build(), 2);
    model = context.create(new Gicv2Component());
    write(HYP, HCR, 1);
    write(GUEST, CTLR, 1);
    write(GUEST, PMR, 0xFF);
  }

  private long read(int window, long offset) {
    return context.read(window, offset, 4);
  }

  private void write(int window, long offset, long value) {
    context.write(window, offset, 4, value & 0xFFFF_FFFFL);
  }

  private boolean virq() {
    return context.cpus().get(0).signal(Signal.VIRQ);
  }

  private boolean maintenance() {
    return context.interrupt(0, 0).level();
  }

  private static int entry(int id, int priority, int flags) {
    return flags | priority >> 3 << 23 | id;
  }

  @Test
  void typeTellsFourListRegistersAndFivePriorityBits() {
    assertEquals(0x9000_0003L, read(HYP, VTR));
    assertEquals(0xF, read(HYP, ELRSR));
    assertEquals(0, read(HYP, EISR));
  }

  @Test
  void pendingEntryIsSignalledAcknowledgedAndEnded() {
    write(HYP, LR, entry(40, 0xA0, PENDING));
    assertTrue(virq());
    assertFalse(context.cpus().get(1).signal(Signal.VIRQ), "banked by CPU");
    assertEquals(0xE, read(HYP, ELRSR));
    assertEquals(40, read(GUEST, HPPIR));
    assertEquals(40, read(GUEST, IAR));
    assertFalse(virq());
    assertEquals(entry(40, 0xA0, ACTIVE), (int) read(HYP, LR));
    assertEquals(0xA0, read(GUEST, RPR));
    assertEquals(1 << 0xA0 / 8, read(HYP, HYP_APR));
    assertEquals(NONE, read(GUEST, IAR));
    write(GUEST, EOIR, 40);
    assertEquals(0xFF, read(GUEST, RPR));
    assertEquals(0xF, read(HYP, ELRSR));
  }

  @Test
  void higherPriorityPreemptsAndLowerWaits() {
    write(HYP, LR, entry(40, 0xA0, PENDING));
    assertEquals(40, read(GUEST, IAR));
    write(HYP, LR + 4, entry(41, 0xA0, PENDING));
    assertFalse(virq());
    write(HYP, LR + 8, entry(42, 0x80, PENDING));
    assertTrue(virq());
    assertEquals(42, read(GUEST, IAR));
    write(GUEST, EOIR, 42);
    assertFalse(virq());
    write(GUEST, EOIR, 40);
    assertEquals(41, read(GUEST, IAR));
  }

  @Test
  void nothingIsSignalledWhenMaskedOrDisabled() {
    write(HYP, LR, entry(40, 0xA0, PENDING));
    write(GUEST, PMR, 0xA0);
    assertFalse(virq());
    assertEquals(NONE, read(GUEST, IAR));
    write(GUEST, PMR, 0xFF);
    write(GUEST, CTLR, 0);
    assertFalse(virq());
    write(GUEST, CTLR, 1);
    assertTrue(virq());
    write(HYP, HCR, 0);
    assertFalse(virq());
    assertEquals(NONE, read(GUEST, HPPIR));
  }

  @Test
  void endOfAHardwareEntryDeactivatesThePhysicalInterrupt() {
    write(DIST, CTLR, 1);
    write(CPU, CTLR, 0x201);
    write(CPU, PMR, 0xFF);
    write(DIST, 0x100, 1 << 27);
    context.inputs().set(27, 0, true);
    assertEquals(27, read(CPU, IAR));
    write(CPU, EOIR, 27);
    write(HYP, LR, entry(27, 0xA0, PENDING | HARDWARE | 27 << 10));
    assertEquals(27, read(GUEST, IAR));
    assertFalse(context.cpus().get(0).signal(Signal.IRQ), "still active");
    assertEquals(1 << 27, read(DIST, 0x300));
    write(GUEST, EOIR, 27);
    assertEquals(0, read(DIST, 0x300));
    assertTrue(context.cpus().get(0).signal(Signal.IRQ), "the level is still up");
    assertEquals(0xF, read(HYP, ELRSR));
  }

  @Test
  void softwareInterruptShowsItsSourceAndEndsByIt() {
    write(HYP, LR, entry(3 | 5 << 10, 0xA0, PENDING));
    assertEquals(3 | 5 << 10, read(GUEST, IAR));
    write(GUEST, EOIR, 3);
    assertEquals(1 << 27, read(HYP, HCR) & ~1, "no entry of source 0: counted");
    write(GUEST, EOIR, 3);
    assertEquals(1 << 27, read(HYP, HCR) & ~1, "no active priority: not counted");
    write(HYP, HYP_APR, 1 << 20);
    write(GUEST, EOIR, 3 | 5 << 10);
    assertEquals(0xF, read(HYP, ELRSR));
  }

  @Test
  void withEoiModeDeactivationIsApart() {
    write(GUEST, CTLR, 0x201);
    write(HYP, LR, entry(40, 0xA0, PENDING));
    read(GUEST, IAR);
    write(GUEST, EOIR, 40);
    assertEquals(0xFF, read(GUEST, RPR));
    assertEquals(entry(40, 0xA0, ACTIVE), (int) read(HYP, LR));
    write(GUEST, DIR, 40);
    assertEquals(0xF, read(HYP, ELRSR));
  }

  @Test
  void maintenanceIsAskedForByAnEndThatWantsToBeTold() {
    write(HYP, LR, entry(40, 0xA0, PENDING | EOI));
    read(GUEST, IAR);
    assertFalse(maintenance());
    write(GUEST, EOIR, 40);
    assertTrue(maintenance());
    assertEquals(1, read(HYP, MISR));
    assertEquals(1, read(HYP, EISR));
    assertEquals(0xE, read(HYP, ELRSR));
    write(HYP, LR, 0);
    assertFalse(maintenance());
  }

  @Test
  void maintenanceReasonsFollowTheirEnables() {
    write(HYP, HCR, 1 | 1 << 1);
    assertEquals(2, read(HYP, MISR), "underflow: no entry");
    write(HYP, LR, entry(40, 0xA0, PENDING));
    assertEquals(2, read(HYP, MISR), "underflow: one entry");
    write(HYP, LR + 4, entry(41, 0xA0, ACTIVE));
    assertEquals(0, read(HYP, MISR));
    assertFalse(maintenance());
    write(HYP, HCR, 1 | 1 << 3);
    assertEquals(0, read(HYP, MISR));
    write(HYP, LR, 0);
    assertEquals(8, read(HYP, MISR), "nothing pending");
    write(HYP, HCR, 1 | 0xF0);
    assertEquals(0x90, read(HYP, MISR), "group 0 enabled, group 1 disabled");
    assertTrue(maintenance());
    write(GUEST, CTLR, 2);
    assertEquals(0x60, read(HYP, MISR));
    write(HYP, HCR, 0xF0);
    assertFalse(maintenance(), "the interface is off");
    write(HYP, HCR, 1 | 1 << 2 | 3 << 27);
    assertEquals(4, read(HYP, MISR));
  }

  @Test
  void guestsRegistersAreFieldsOfVmcr() {
    assertEquals(2, read(GUEST, BPR));
    assertEquals(3, read(GUEST, ABPR));
    write(GUEST, CTLR, 0x21F);
    write(GUEST, PMR, 0x57);
    write(GUEST, BPR, 5);
    write(GUEST, ABPR, 6);
    assertEquals(0x50, read(GUEST, PMR));
    assertEquals(0x5000_0000L | 5 << 21 | 6 << 18 | 0x21F, read(HYP, VMCR));
    write(HYP, VMCR, 0xF800_0001L);
    assertEquals(0xF8, read(GUEST, PMR));
    assertEquals(1, read(GUEST, CTLR));
    assertEquals(2, read(GUEST, BPR), "the least there is");
    assertEquals(3, read(GUEST, ABPR));
  }

  @Test
  void groupOneIsAcknowledgedByItsOwnRegisterOrWithAckCtl() {
    write(GUEST, CTLR, 3);
    write(HYP, LR, entry(40, 0xA0, PENDING | GROUP1));
    assertEquals(1022, read(GUEST, IAR));
    assertEquals(40, read(GUEST, AIAR));
    write(HYP, LR + 4, entry(41, 0x10, PENDING | GROUP1));
    write(GUEST, CTLR, 7);
    assertEquals(41, read(GUEST, IAR));
  }

  @Test
  void groupZeroMayComeAsFiq() {
    write(GUEST, CTLR, 0xB);
    write(HYP, LR, entry(40, 0xA0, PENDING));
    assertFalse(virq());
    assertTrue(context.cpus().get(0).signal(Signal.VFIQ));
    write(HYP, LR, entry(40, 0xA0, PENDING | GROUP1));
    assertTrue(virq());
    assertFalse(context.cpus().get(0).signal(Signal.VFIQ));
  }

  @Test
  void removedControllerInterruptsNoGuest() {
    write(HYP, LR, entry(40, 0xA0, PENDING));
    model.removed();
    assertFalse(virq());
  }

  @Test
  void handOverKeepsWhatIsPending() {
    write(HYP, LR, entry(40, 0xA0, PENDING | EOI));
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Gicv2Component());
    successor.state().restore(model.state().save());
    successor.restored();
    context = next;
    assertTrue(virq());
    assertEquals(40, read(GUEST, IAR));
    write(GUEST, EOIR, 40);
    assertTrue(maintenance());
  }
}
