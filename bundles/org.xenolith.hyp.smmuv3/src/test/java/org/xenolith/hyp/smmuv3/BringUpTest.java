// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeMachine;

/** What an SMMU is told when it is brought up (Arm IHI 0070, 3.11 and 6.3), and SMMUs that can't or won't. */
class BringUpTest {
  private static final int RID = 0x08;
  private static final long ALLOCATE = 1L << 62;
  private final Rig rig = new Rig();

  private long held() {
    return rig.hypervisor.port(FrameHeapPort.class).count(FrameHeap.HYPERVISOR);
  }

  /** It isn't driven, has given back all it took, and says why. */
  private void isNotDriven(String why) {
    long before = held();
    rig.dom0();
    assertEquals(List.of("not driven, as " + why), rig.events(Faults.ERROR));
    assertEquals(List.of(), rig.iommu.nodes());
    assertEquals(before + 1, held(), "Dom0's shared_info only");
    assertEquals(0, rig.smmu.get(Registers.CR0), "it is off, so that it writes no events where there is no queue any more");
    assertEquals(0, rig.smmu.get(Registers.IRQ_CTRL));
    assertEquals(List.of(), rig.smmu.improper());
  }

  @Test
  void tablesAndQueuesAreWhereItIsTold() {
    rig.smmu.set(Registers.GERROR, 0x1C);
    rig.smmu.set(Registers.EVENTQ_PROD, 5);
    rig.smmu.set(Registers.EVENTQ_CONS, 3);
    rig.smmu.set(Registers.CMDQ_PROD, 9);
    rig.smmu.set(Registers.GERROR_IRQ_CFG0, 0xFEE0_0000L);
    rig.smmu.set(Registers.EVENTQ_IRQ_CFG0, 0xFEE0_0000L);
    rig.dom0();
    long commands = rig.smmu.get(Registers.CMDQ_BASE);
    assertEquals(ALLOCATE | 8, commands & (ALLOCATE | 0xFFF), "a page of 256 commands");
    assertEquals(commands - 8 + 4096 | 7, rig.smmu.get(Registers.EVENTQ_BASE), "a page of 128 events");
    assertEquals(ALLOCATE, rig.smmu.get(Registers.STRTAB_BASE) & (ALLOCATE | 0xFFF));
    assertEquals(0xD75, rig.smmu.get(Registers.CR1));
    assertEquals(6, rig.smmu.get(Registers.CR2));
    assertEquals(0x1C, rig.smmu.get(Registers.GERRORN), "old errors are no news");
    assertEquals(0, rig.smmu.get(Registers.EVENTQ_PROD));
    assertEquals(0, rig.smmu.get(Registers.EVENTQ_CONS));
    assertEquals(0, rig.smmu.get(Registers.GERROR_IRQ_CFG0), "by wire");
    assertEquals(0, rig.smmu.get(Registers.EVENTQ_IRQ_CFG0));
    assertEquals(List.of(), rig.events(Faults.ERROR));
  }

  @Test
  void queuesAreNoLongerThanItHasThem() {
    rig.smmu.set(Registers.IDR1, 4 << 21 | 3 << 16 | 16);
    FakeDomain dom0 = rig.dom0();
    assertEquals(4, rig.smmu.get(Registers.CMDQ_BASE) & 0x1F);
    assertEquals(3, rig.smmu.get(Registers.EVENTQ_BASE) & 0x1F);
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, dom0));
    for (int i = 0; i < 100; i++) {
      rig.p2m.changed(dom0);
    }
    for (int i = 0; i < 20; i++) {
      rig.smmu.event(0x10, RID, true, i);
      rig.interrupt();
    }
    assertEquals(List.of(), rig.events(Faults.ERROR));
    rig.replace();
    rig.hypervisor.renew();
    rig.smmu.told();
    rig.p2m.changed(rig.hypervisor.byId(0));
    assertEquals("28:" + dom0.serial() + " sync", rig.smmu.told());
  }

  @Test
  void streamsAreNoMoreThanItHas() {
    rig.smmu.set(Registers.IDR1, 10 << 21 | 10 << 16 | 6);
    FakeDomain dom0 = rig.dom0();
    assertEquals(6, rig.smmu.get(Registers.STRTAB_BASE_CFG));
    assertTrue(rig.iommu.covers(rig.bridge, 0x3F));
    assertFalse(rig.iommu.covers(rig.bridge, 0x40));
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, 0x40, dom0));
    assertEquals(0, rig.iommu.attach(rig.bridge, 0x3F, dom0));
  }

  @Test
  void whatItHasntItIsntTold() {
    rig.smmu.set(Registers.IDR0, rig.smmu.get(Registers.IDR0) & ~(1 << 9 | 1 << 13 | 1 << 27));
    rig.smmu.set(Registers.GERROR_IRQ_CFG0, 0x77);
    rig.smmu.set(Registers.IDR1, 10 << 21 | 10 << 16 | 9);
    rig.dom0();
    assertEquals("4:0 30:0 sync", rig.smmu.told(), "no EL2");
    assertEquals(0x77, rig.smmu.get(Registers.GERROR_IRQ_CFG0), "no messages");
    assertEquals(9, rig.smmu.get(Registers.STRTAB_BASE_CFG), "no second level");
  }

  @ParameterizedTest @ValueSource(longs = {1, 4})
  void oneWhoseInterruptsStayOffIsNotDriven(long stuck) {
    rig.smmu.stuckInterrupts(stuck);
    isNotDriven("it does not answer");
  }

  @Test
  void oneMayTakeItsTimeWithinBounds() {
    rig.smmu.set(Registers.CR0ACK, 1);
    rig.smmu.acknowledging(Registers.POLLS);
    rig.dom0();
    assertEquals(List.of(Rig.SMMU), rig.iommu.nodes());
    Rig slow = new Rig();
    slow.smmu.set(Registers.CR0ACK, 1);
    slow.smmu.acknowledging(Registers.POLLS + 1);
    slow.dom0();
    assertEquals(List.of("not driven, as it does not answer"), slow.events(Faults.ERROR));
  }

  @Test
  void oneThatWasInUseIsTurnedOffFirst() {
    rig.smmu.set(Registers.CR0, FakeSmmu.ENABLED);
    rig.smmu.set(Registers.CR0ACK, FakeSmmu.ENABLED);
    rig.smmu.set(Registers.IRQ_CTRLACK, 5);
    rig.dom0();
    assertEquals(List.of(), rig.smmu.improper());
    assertEquals(List.of(Rig.SMMU), rig.iommu.nodes());
  }

  @Test
  void oneThatComesBackColdAndDoesntTakeWhatItIsToldIsReported() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.smmu.cold();
    rig.smmu.stuck(1);
    rig.p2m.changed(dom0);
    assertEquals(List.of("it was off: it is brought up again", "it does not do as it is told"), rig.events(Faults.ERROR));
    assertFalse(rig.iommu.covers(rig.bridge, RID));
  }

  /** GBPA.Update, SMMUEN, EVENTQEN and CMDQEN. */
  @ParameterizedTest @ValueSource(longs = {1L << 31, 1, 4, 8})
  void oneThatDoesntTakeWhatItIsToldIsNotDriven(long stuck) {
    rig.smmu.stuck(stuck);
    isNotDriven("it does not answer");
  }

  @Test
  void oneThatStaysOnIsNotDriven() {
    rig.smmu.set(Registers.CR0ACK, 1);
    rig.smmu.ignoreControl(true);
    isNotDriven("it does not answer");
  }

  @Test
  void oneThatDoesNoCommandIsNotDriven() {
    rig.smmu.deaf(true);
    long before = held();
    rig.dom0();
    assertEquals(List.of("command 0x4 is not consumed", "not driven, as it does not answer"), rig.events(Faults.ERROR));
    assertEquals(before + 1, held());
    assertEquals(0, rig.smmu.get(Registers.CR0));
  }

  /** @param left frames that there are for it */
  @ParameterizedTest @ValueSource(ints = {0, 1, 2})
  void withoutRoomForTablesItIsNotDriven(int left) {
    FrameHeap heap = rig.hypervisor.port(FrameHeapPort.class);
    while (heap.free() > left + 1) {
      heap.allocate(77, 1, 1);
    }
    rig.hypervisor.create(3, new DomainSpec("guest", new UUID(1, 2), 1, 4096, DomainSpec.Kind.DOMU, 31, 256, 0));
    assertEquals(List.of("not driven, as there is no room for its tables"), rig.events(Faults.ERROR));
    assertEquals(0, rig.smmu.get(Registers.CR0));
    assertEquals(left, heap.free(), "what it took is given back");
  }

  /** A heap without a free frame of RAM, and with others. */
  private FrameTable only(AddressWindow... others) {
    List<AddressWindow> banks = new ArrayList<>(List.of(others));
    AddressWindow ram = new AddressWindow(FakeMachine.RAM, FakeMachine.SIZE);
    banks.add(ram);
    FrameTable frames = new FrameTable(banks);
    assertTrue(frames.allocateAt(77, ram.base() >>> 12, ram.size() >>> 12));
    rig.hypervisor.port(FrameHeapPort.class).attach(frames, rig.context());
    return frames;
  }

  private void first() {
    rig.hypervisor.create(3, new DomainSpec("guest", new UUID(1, 2), 1, 4096, DomainSpec.Kind.DOMU, 31, 256, 0));
  }

  /** Nothing answers, but there was room. */
  private void hadRoom(FrameTable frames, int free) {
    rig.smmu.deaf(true);
    first();
    assertEquals(List.of("command 0x4 is not consumed", "not driven, as it does not answer"), rig.events(Faults.ERROR));
    assertEquals(free, frames.free(), "all but shared_info");
  }

  @Test
  void queuesMayLieInTheFirstFrames() {
    hadRoom(only(new AddressWindow(0, 4096L * 4)), 3);
  }

  @Test
  void aTableMayLieInTheFirstFrames() {
    rig.smmu.set(Registers.IDR0, rig.smmu.get(Registers.IDR0) & ~(1 << 27));
    hadRoom(only(new AddressWindow(0, 4096L * 1024), new AddressWindow(0x2000_0000L, 0x3000)), 1024 + 2);
  }

  @Test
  void atTheFirstFrameThereIsRoomThoughTheQueuesLieBeyondWhatItReaches() {
    rig.smmu.set(Registers.IDR5, 7 << 4);
    rig.smmu.set(Registers.IDR0, rig.smmu.get(Registers.IDR0) & ~(1 << 27));
    FrameTable frames = only(new AddressWindow(0, 4096L * 1024), new AddressWindow(0x1_0000_0000L, 0x3000));
    first();
    assertEquals(List.of("not driven, as its tables would lie beyond the addresses that it reaches"), rig.events(Faults.ERROR));
    assertEquals(1024 + 2, frames.free());
  }

  @Test
  void atTheFirstFrameThereIsRoomThoughTheTableLiesBeyondWhatItReaches() {
    rig.smmu.set(Registers.IDR5, 7 << 4);
    FrameTable frames = only(new AddressWindow(0, 4096L * 2), new AddressWindow(0x1_0000_0000L, 0x2000));
    first();
    assertEquals(List.of("not driven, as its tables would lie beyond the addresses that it reaches"), rig.events(Faults.ERROR));
    assertEquals(2 + 1, frames.free());
  }

  @Test
  void aTableBeginsEmptyAndWhatLiesBehindItStays() {
    FrameHeap heap = rig.hypervisor.port(FrameHeapPort.class);
    // The highest one is for the domain's shared_info.
    long top = heap.allocate(77, 1, 1);
    long marker = heap.allocate(77, 1, 1);
    long below = heap.allocate(77, 1, 1);
    for (long page : new long[] {marker, below}) {
      for (int at = 0; at < 4096; at += 8) {
        rig.hypervisor.memory().write64((page << 12) + at, -1);
      }
    }
    heap.free(77, below);
    heap.free(77, top);
    first();
    assertEquals(below << 12, rig.smmu.get(Registers.STRTAB_BASE) & 0xF_FFFF_FFFF_F000L);
    for (int at = 0; at < 4096; at += 8) {
      assertEquals(0, rig.hypervisor.memory().read64((below << 12) + at));
      assertEquals(-1, rig.hypervisor.memory().read64((marker << 12) + at));
    }
  }

  private void highMemory(long base, long size) {
    FrameTable frames = new FrameTable(List.of(new AddressWindow(FakeMachine.RAM, FakeMachine.SIZE), new AddressWindow(base, size)));
    rig.hypervisor.port(FrameHeapPort.class).attach(frames, rig.context());
    rig.smmu.set(Registers.IDR5, 7 << 4);
  }

  @Test
  void tablesMayLieAtTheVeryEndOfWhatItReaches() {
    // Dom0's shared_info takes the highest page.
    highMemory(0xFFFF_0000L, 0x1_1000);
    rig.dom0();
    assertEquals(List.of(), rig.events(Faults.ERROR));
    assertEquals(List.of(Rig.SMMU), rig.iommu.nodes());
  }

  @Test
  void tablesMayNotLieBeyondWhatItReaches() {
    highMemory(0xFFFF_0000L, 0x1_2000);
    isNotDriven("its tables would lie beyond the addresses that it reaches");
  }

  @Test
  void aDomainWithoutTablesHasNoStreams() {
    FakeDomain dom0 = rig.dom0();
    rig.rootless = true;
    assertEquals(-XEN_ENOMEM, rig.iommu.attach(rig.bridge, RID, dom0));
    rig.rootless = false;
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, dom0));
  }

  @Test
  void eachOfItsWiresIsServedAndNoOther() {
    VirtualGicPort gic = rig.hypervisor.port(VirtualGicPort.class);
    assertFalse(gic.serveHost(rig.hypervisor.machine().cpus().getFirst(), Rig.EVENTS_INTID), "nobody drives it yet");
    rig.dom0();
    assertTrue(gic.host(Rig.EVENTS_INTID).edge());
    assertTrue(gic.host(32 + 77).edge());
    assertEquals(null, gic.host(32 + 75), "of no queue that it has");
    rig.smmu.set(Registers.GERROR, rig.smmu.get(Registers.GERRORN) ^ 4);
    gic.serveHost(rig.hypervisor.machine().cpus().getFirst(), 32 + 77);
    assertEquals(List.of("global error 0x4"), rig.events(Faults.ERROR));
    rig.without(() -> assertEquals(null, gic.host(Rig.EVENTS_INTID)));
    assertNotEquals(null, gic.host(Rig.EVENTS_INTID));
  }

  @Test
  void aColdStartForgetsThatItWasDriven() {
    rig.dom0();
    rig.model.reset();
    assertEquals(List.of(), rig.iommu.nodes());
    rig.smmu.cold();
    rig.hypervisor.domU(3, 1);
    assertEquals(List.of("not driven, as the hardware domain has it"), rig.events(Faults.ERROR), "Dom0 was there before");
  }
}
