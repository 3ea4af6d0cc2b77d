// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.IommuPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.hyp.FakeX64Cpu;

/** What an IOMMU is told when it is brought up (48882, 2.6, 3.2 and 3.4), and IOMMUs that can't or won't. */
class IommuBringUpTest {
  private static final int RID = 0x08;
  private static final long ONE_PAGE = 8L << 56;
  private final IommuRig rig = new IommuRig();
  private final FrameHeap heap = rig.hypervisor.port(FrameHeapPort.class);

  @Test
  void tablesAndRingsAreWhereItIsTold() {
    rig.hardware.set(IommuRegisters.EXCLUSION_BASE, 3);
    rig.hardware.set(IommuRegisters.STATUS, 7);
    rig.hardware.set(IommuRegisters.COMMAND_TAIL, 0x40);
    rig.dom0();
    long commands = rig.hardware.get(IommuRegisters.COMMAND_BASE);
    assertEquals(ONE_PAGE, commands & 0xF00_0000_0000_0FFFL);
    assertEquals(commands + 4096, rig.hardware.get(IommuRegisters.EVENT_BASE));
    assertEquals(0, rig.hardware.get(IommuRegisters.EXCLUSION_BASE));
    assertEquals(0, rig.hardware.get(IommuRegisters.STATUS) & 7, "old events are no news");
    assertEquals(List.of(), rig.events(IommuFaults.ERROR));
    assertTrue(rig.log().contains("functions behind it reach what their domains have"), rig::log);
  }

  @Test
  void ringsBeginEmpty() {
    long page = heap.allocate(FrameHeap.HYPERVISOR, 64, 1);
    for (long at = page << 12; at < page + 64 << 12; at += 8) {
      rig.hypervisor.memory().write64(at, -1);
    }
    for (int i = 0; i < 64; i++) {
      heap.free(FrameHeap.HYPERVISOR, page + i);
    }
    rig.dom0();
    long base = rig.hardware.get(IommuRegisters.COMMAND_BASE) & 0xF_FFFF_FFFF_F000L;
    assertEquals(0, rig.hypervisor.memory().read64(base + 4088));
    assertEquals(0, rig.hypervisor.memory().read64(base + 8184));
    assertEquals(1, rig.hypervisor.memory().read64(base + 8192), "the first wait");
    assertEquals(0, rig.hypervisor.memory().read64(base + 8200));
  }

  @Test
  void oneThatDoesNoCommandIsNotDrivenAndIsOff() {
    rig.hardware.deaf(true);
    long before = heap.count(FrameHeap.HYPERVISOR);
    rig.dom0();
    assertEquals(List.of("not driven, as it does not do as it is told"), rig.events(IommuFaults.ERROR));
    assertEquals(List.of(), rig.iommu.nodes());
    assertFalse(rig.interrupt(), "nobody serves it");
    assertEquals(before + 1, heap.count(FrameHeap.HYPERVISOR), "Dom0's shared_info only");
    assertEquals(0, rig.hardware.get(IommuRegisters.CONTROL), "it reads no table that is another's by now");
  }

  /** @param left frames that there are for it, which takes 11 */
  @ParameterizedTest @ValueSource(ints = {0, 7, 8, 10})
  void withoutRoomForTablesItIsNotDriven(int left) {
    while (heap.free() > left + 1) {
      heap.allocate(77, 1, 1);
    }
    rig.hypervisor.create(3, new DomainSpec("guest", new UUID(1, 2), 1, 4096, DomainSpec.Kind.DOMU, 31, 256, 0));
    assertEquals(List.of("not driven, as there is no room for its tables"), rig.events(IommuFaults.ERROR));
    assertEquals(0, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals(left, heap.free(), "what it took is given back");
  }

  /** A heap whose first frames are the machine's, and of whose RAM so many frames are left. */
  private FrameTable beginningAtZero(int frames, int left) {
    FrameTable all = new FrameTable(List.of(new AddressWindow(0, 4096L * frames), new AddressWindow(FakeMachine.RAM, FakeMachine.SIZE)));
    long used = FakeMachine.SIZE / 4096 - left;
    assertTrue(all.allocateAt(77, FakeMachine.RAM >>> 12, used));
    rig.hypervisor.port(FrameHeapPort.class).attach(all, rig.context());
    return all;
  }

  private void first() {
    rig.hypervisor.create(3, new DomainSpec("guest", new UUID(1, 2), 1, 4096, DomainSpec.Kind.DOMU, 31, 256, 0));
  }

  @Test
  void aTableMayLieInTheFirstFrames() {
    FrameTable all = beginningAtZero(8, 4);
    first();
    assertEquals(List.of(), rig.events(IommuFaults.ERROR));
    assertEquals(7, rig.hardware.get(IommuRegisters.DEVICE_TABLE));
    assertEquals(0, all.free());
  }

  @Test
  void firstFramesAreGivenBackAlso() {
    FrameTable all = beginningAtZero(8, 4);
    rig.hardware.deaf(true);
    first();
    assertEquals(List.of("not driven, as it does not do as it is told"), rig.events(IommuFaults.ERROR));
    assertEquals(0, all.owner(0));
    assertEquals(8 + 3, all.free());
  }

  /** Nothing answers in the first frames, which are no RAM here: it doesn't do as it is told, but had its room. */
  @Test
  void ringsMayLieInTheFirstFrames() {
    beginningAtZero(3, 9);
    first();
    assertEquals(List.of("not driven, as it does not do as it is told"), rig.events(IommuFaults.ERROR));
  }

  @Test
  void whatLiesBehindTheRingsStays() {
    // The highest one is for the domain's shared_info.
    long top = heap.allocate(77, 1, 1);
    long hole = heap.allocate(77, 4, 1);
    rig.hypervisor.memory().write64(hole + 3 << 12, 0x1234);
    while (heap.free() > 8) {
      heap.allocate(77, 1, 1);
    }
    heap.free(77, top);
    for (int i = 0; i < 3; i++) {
      heap.free(77, hole + i);
    }
    first();
    assertEquals(List.of(IommuRig.IOMMU), rig.iommu.nodes());
    assertEquals(hole << 12, rig.hardware.get(IommuRegisters.COMMAND_BASE) & 0xF_FFFF_FFFF_F000L, "in the hole");
    assertEquals(0x1234, rig.hypervisor.memory().read64(hole + 3 << 12));
  }

  @Test
  void oneThatWasOnIsTurnedOffFirst() {
    rig.hardware.set(IommuRegisters.CONTROL, FakeIommu.ENABLED);
    rig.dom0();
    assertEquals(List.of(), rig.hardware.improper());
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
  }

  @Test
  void withoutRoomForMessagesAFunctionIsNotAttached() {
    FakeDomain dom0 = rig.dom0();
    while (heap.allocate(77, 1, 1) >= 0) {
      // Until none is left.
    }
    assertEquals(-XEN_ENOMEM, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals(3, rig.entry(RID, 0));
    heap.freeAll(77);
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, dom0));
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
  void oneThatStandsStillLeavesTheStreamClosedAndNoTableOfMessages() {
    FakeDomain dom0 = rig.dom0();
    long held = heap.count(FrameHeap.HYPERVISOR);
    rig.hardware.deaf(true);
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals(3, rig.entry(RID, 0));
    assertEquals(1, rig.entry(RID, 2));
    assertEquals(held, heap.count(FrameHeap.HYPERVISOR));
    assertEquals(List.of("it does not do as it is told"), rig.events(IommuFaults.ERROR));
    rig.iommu.attach(rig.bridge, RID, dom0);
    assertTrue(rig.log().contains("0000:00:01.0 can't be attached: it does not do as it is told"), rig::log);
  }

  @Test
  void aColdStartForgetsThatItWasDriven() {
    rig.dom0();
    assertTrue(rig.iommu.drives(IommuRig.FUNCTION));
    rig.model.reset();
    assertEquals(List.of(), rig.iommu.nodes());
    assertFalse(rig.iommu.drives(IommuRig.FUNCTION));
    assertFalse(rig.iommu.all().getFirst().guardsMessages());
    rig.hypervisor.domU(3, 1);
    assertEquals(List.of("not driven, as the hardware domain was there first"), rig.events(IommuFaults.ERROR));
  }

  // ---- Its message

  private FakeConfiguration.Function function() {
    return rig.configuration.at(IommuRig.FUNCTION);
  }

  @Test
  void aNarrowMessageHasItsDataRightBehindTheAddress() {
    function().put(IommuRig.MSI, 4, 0x75_0005).put(IommuRig.MSI + 12, 2, 0x7777).put(IommuRig.MSI + 8, 4, -1);
    rig.dom0();
    int vector = function().get(IommuRig.MSI + 8, 2);
    assertEquals(HostVectorsPort.FIRST, vector);
    assertEquals(0x7777, function().get(IommuRig.MSI + 12, 2));
    assertEquals(0xFEE0_0000 | FakeX64Cpu.APIC_ID << 12, function().get(IommuRig.MSI + 4, 4));
    assertEquals(5, function().get(IommuRig.MSI + 2, 2), "one message, enabled; what else it can stays");
  }

  @Test
  void aWideMessageHasAnUpperHalfOfItsAddress() {
    function().put(IommuRig.MSI + 8, 4, -1).put(IommuRig.MSI + 2, 2, 0x80 | 0x70);
    rig.dom0();
    assertEquals(0, function().get(IommuRig.MSI + 8, 4));
    assertEquals(0x81, function().get(IommuRig.MSI + 2, 2), "one message, whatever it was set to");
    assertEquals(HostVectorsPort.FIRST, rig.vector());
  }

  /** Events are told with the next command then. */
  private void comesNot() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hypervisor.clock().advance(2 * IommuEventLog.SECOND);
    rig.hardware.event(2, 0, RID, 0x1000);
    assertEquals(List.of(), rig.events(IommuFaults.FAULT));
    rig.p2m.changed(dom0);
    assertEquals(1, rig.events(IommuFaults.FAULT).size());
  }

  @Test
  void aFunctionWithoutAListOfCapabilitiesSendsNone() {
    function().put(6, 2, 0);
    comesNot();
    assertEquals(0x80_0005, function().get(IommuRig.MSI, 4), "untouched");
  }

  @Test
  void aListThatEndsWithoutAMessageOrGoesRoundIsLeft() {
    function().put(IommuRig.MSI, 4, 0x80_0001);
    comesNot();
    IommuRig round = new IommuRig();
    round.configuration.at(IommuRig.FUNCTION).put(0x40, 2, 0x400F);
    round.dom0();
    assertEquals(List.of(IommuRig.IOMMU), round.iommu.nodes());
  }

  @Test
  void pointersOfTheListHaveTwoBitsThatDontCount() {
    function().put(0x34, 1, 0x43).put(0x40, 2, 0x570F);
    rig.dom0();
    assertEquals(HostVectorsPort.FIRST, rig.vector());
  }

  @Test
  void aListMayBeginWhereTheHeaderEnds() {
    function().put(0x40, 4, 0x80_0005);
    rig.dom0();
    assertEquals(HostVectorsPort.FIRST, function().get(0x40 + 12, 2));
    IommuRig inHeader = new IommuRig();
    inHeader.configuration.at(IommuRig.FUNCTION).put(0x34, 1, 0x3C).put(0x3C, 4, 0x80_0005);
    inHeader.dom0();
    assertEquals(0x80_0005, inHeader.configuration.at(IommuRig.FUNCTION).get(0x3C, 4), "that is no capability");
  }

  @Test
  void withoutAVectorItSendsNone() {
    HostVectorsPort vectors = rig.hypervisor.port(HostVectorsPort.class);
    for (int vector = HostVectorsPort.FIRST; vector <= HostVectorsPort.LAST; vector++) {
      vectors.claim(vector, (cpu, number) -> {}, rig.context());
    }
    comesNot();
    assertEquals(0, function().get(IommuRig.MSI + 2, 2) & 1);
  }

  // ---- Which nodes are IOMMUs

  private static IommuRig driven(String path, int segment, int... reg) {
    IommuRig rig = new IommuRig(new IommuRig.Node("", path, segment, reg, false));
    rig.dom0();
    assertEquals(List.of(path), rig.iommu.nodes());
    return rig;
  }

  @Test
  void anIommuIsAFunctionOfItsBridge() {
    IommuRig other = driven(IommuRig.IOMMU, 2, 0xF800);
    assertTrue(other.iommu.drives(Sbdf.of(2, 0xF8)));
    assertFalse(other.iommu.drives(Sbdf.of(0, 0xF8)));
    assertTrue(driven(IommuRig.IOMMU, 0, 0x1_1000, 0, 0, 0, 0).iommu.drives(Sbdf.of(0, 0x110)));
    assertTrue(driven("/iommu@1f,0", 2, 0xF800).iommu.drives(Sbdf.of(0, 0xF8)), "of no bridge");
    assertTrue(driven(IommuRig.IOMMU, 2).iommu.drives(Sbdf.of(2, 0)), "it doesn't say which");
  }

  @Test
  void twoIommusAreEachForTheirOwn() {
    IommuRig two = new IommuRig(new IommuRig.Node("", IommuRig.IOMMU, 0, new int[] {0xF800}, true));
    FakeDomain dom0 = two.dom0();
    assertEquals(List.of(IommuRig.IOMMU, IommuRig.SECOND), two.iommu.nodes());
    assertEquals("8 sync", two.second.told());
    long table = two.second.get(IommuRegisters.DEVICE_TABLE) & 0xF_FFFF_FFFF_F000L;
    assertEquals(1, two.hypervisor.memory().read64(table + 32 * IommuRig.IO_APIC + 16), "the I/O interrupt controller is behind the first");
    assertEquals(0, two.entry(IommuRig.IO_APIC, 2));
    two.hypervisor.clock().advance(2 * IommuEventLog.SECOND);
    two.second.event(2, 0, RID, 0x1000);
    assertTrue(two.interrupt());
    assertEquals(List.of(), two.events(IommuFaults.FAULT), "the first one interrupted");
    assertEquals(0, two.iommu.attach(two.bridge, RID, dom0));
    two.p2m.changed(dom0);
    assertEquals("", two.second.told(), "nothing behind it is the domain's");
  }

  @Test
  void aNodeSaysWhereAllItsRegistersAre() {
    int[][] places = {{0, 0xFED8_0000, 0, 0x3FFF}, {0, 0xFED8_0000, 0, 0x4000}, {0, 0xFED8_0000, 0, 0x8_0000}, {0, 0xFED8_0000}, {0,
        0xFED8_0000, 0, 0x4000, 0}};
    boolean[] served = {false, true, true, false, false};
    for (int i = 0; i < places.length; i++) {
      FakeHypervisor hypervisor = new FakeHypervisor().beside(FakeNode.at(IommuRig.IOMMU).compatible("xenolith,amd-iommu").cells(
          "amd,registers", places[i]).build(), FakeNode.at("/other").compatible("xenolith,intel-iommu").cells("amd,registers", places[1])
              .build());
      hypervisor.cpu(0).platformObject(new FakeX64Cpu());
      hypervisor.install("iommu", new AmdViDriverComponent());
      assertEquals(served[i] ? 1 : 0, hypervisor.port(IommusPort.class).all().stream().filter(IommuPort::present).count(), "place " + i);
    }
  }
}
