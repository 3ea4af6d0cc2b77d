// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EBUSY;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.regs.StateMismatch;
import org.xenolith.testkit.hyp.FakeDomain;

/** Memory that firmware has for devices is in the tables of the domain that has one of them, and only as long. */
class UnityRangesTest {
  private static final int DISK = 0x08;
  private static final int CARD = 0x10;
  private static final int OTHER = 0x18;
  /** Two pages of no RAM for two functions, and one that may only be read. */
  private static final String TEXT = "8-10@e0000000+2000 10@0xe0008000+1000:ro";
  private static final long FRAME = 0xE0000;
  private static final long READ_ONLY = 0xE0008;

  private final IommuRig rig = new IommuRig(TEXT);
  private final FakeDomain dom0 = rig.dom0();
  private final FakeDomain guest = rig.hypervisor.domU(3, 1);

  private List<PageType> types(Domain domain) {
    return List.of(rig.p2m.type(domain, FRAME), rig.p2m.type(domain, FRAME + 1), rig.p2m.type(domain, FRAME + 2), rig.p2m.type(domain,
        READ_ONLY));
  }

  private static final List<PageType> NOTHING = List.of(PageType.NONE, PageType.NONE, PageType.NONE, PageType.NONE);
  private static final List<PageType> FIRST = List.of(PageType.DEVICE, PageType.DEVICE, PageType.NONE, PageType.NONE);
  private static final List<PageType> BOTH = List.of(PageType.DEVICE, PageType.DEVICE, PageType.NONE, PageType.RAM_READ_ONLY);

  @Test
  void itIsThereWhileADomainHasADevice() {
    assertEquals(NOTHING, types(dom0));
    rig.iommu.attach(rig.bridge, OTHER, dom0);
    assertEquals(NOTHING, types(dom0), "not one of them");
    rig.iommu.attach(rig.bridge, DISK, dom0);
    assertEquals(FIRST, types(dom0));
    rig.iommu.attach(rig.bridge, CARD, dom0);
    assertEquals(BOTH, types(dom0));
    rig.iommu.detach(rig.bridge, DISK);
    assertEquals(BOTH, types(dom0), "the other one needs it still");
    rig.iommu.detach(rig.bridge, CARD);
    assertEquals(NOTHING, types(dom0));
    assertEquals(List.of(), rig.events(IommuFaults.ERROR));
  }

  @Test
  void itGoesWithTheDeviceToAnotherDomain() {
    rig.iommu.attach(rig.bridge, DISK, dom0);
    assertEquals(0, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(NOTHING, types(dom0));
    assertEquals(FIRST, types(guest));
    rig.hypervisor.destroy(guest);
    assertEquals(0, rig.iommu.attach(rig.bridge, DISK, dom0));
    assertEquals(FIRST, types(dom0));
  }

  @Test
  void whatADomainHasThereAtOtherAddressesIsNotReplaced() {
    long frame = rig.p2m.translate(guest, 0x4000_0000L, true) >>> 12;
    rig.p2m.map(guest, FRAME + 1, frame, 1, PageType.RAM);
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(List.of(PageType.NONE, PageType.RAM, PageType.NONE, PageType.NONE), types(guest), "nor is half of it mapped");
    assertEquals(3, rig.entry(DISK, 0), "closed");
    assertTrue(rig.log().contains("0000:00:01.0 can't go to d3, which can't have what firmware keeps for it"), rig::log);
    rig.iommu.attach(rig.bridge, DISK, dom0);
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(FIRST, types(dom0), "it is whose it was");
  }

  /** RAM that is the domain's at the same address, as the hardware domain's is, stays when the device goes. */
  @Test
  void whatADomainHasThereAtTheSameAddressStays() {
    rig.p2m.map(dom0, FRAME, FRAME, 1, PageType.RAM);
    assertEquals(0, rig.iommu.attach(rig.bridge, DISK, dom0));
    assertEquals(List.of(PageType.RAM, PageType.DEVICE, PageType.NONE, PageType.NONE), types(dom0));
    rig.iommu.detach(rig.bridge, DISK);
    assertEquals(List.of(PageType.RAM, PageType.NONE, PageType.NONE, PageType.NONE), types(dom0));
  }

  @Test
  void ramOfItIsNobodysElse() {
    IommuRig own = new IommuRig("8@41000000+3000");
    own.dom0();
    for (long frame = 0x41000; frame < 0x41003; frame++) {
      assertEquals(FrameHeap.HYPERVISOR, own.hypervisor.port(FrameHeapPort.class).owner(frame));
    }
    assertEquals(0, own.hypervisor.port(FrameHeapPort.class).owner(0x40FFF));
    assertEquals(0, own.hypervisor.port(FrameHeapPort.class).owner(0x41003));
  }

  @Test
  void anotherVersionOfTheDriverKnowsWhatItMapped() {
    rig.iommu.attach(rig.bridge, DISK, dom0);
    rig.replace();
    rig.hypervisor.renew();
    assertEquals(FIRST, types(dom0));
    rig.iommu.detach(rig.bridge, DISK);
    assertEquals(NOTHING, types(dom0));
  }

  @Test
  void anOptionThatIsNoneIsToldAndIgnored() {
    IommuRig broken = new IommuRig("8@e0000001+1000");
    assertEquals(List.of(IommuRig.IOMMU + ": unity: '8@e0000001+1000': expected devices in ascending order, and whole pages of 4 KiB"),
        broken
            .events(IommuFaults.ERROR));
    FakeDomain domain = broken.dom0();
    assertEquals(0, broken.iommu.attach(broken.bridge, DISK, domain));
  }

  /** Only who has the machine's addresses as its own has a device there at the same address. */
  @Test
  void whereADomainHasADeviceItIsTheSameForTheHardwareDomainOnly() {
    for (FakeDomain domain : List.of(dom0, guest)) {
      rig.p2m.map(domain, FRAME, FRAME, 1, PageType.DEVICE);
    }
    assertEquals(0, rig.iommu.attach(rig.bridge, DISK, dom0));
    rig.iommu.detach(rig.bridge, DISK);
    assertEquals(List.of(PageType.DEVICE, PageType.NONE, PageType.NONE, PageType.NONE), types(dom0));
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(List.of(PageType.DEVICE, PageType.NONE, PageType.NONE, PageType.NONE), types(guest));
  }

  /** Of a range that is written, a page that may only be read is another thing. */
  @Test
  void aPageThatMayOnlyBeReadIsNotOneThatIsWritten() {
    rig.p2m.map(dom0, FRAME, FRAME, 1, PageType.RAM_READ_ONLY);
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, DISK, dom0));
    rig.p2m.unmap(dom0, FRAME, 1);
    rig.p2m.map(dom0, READ_ONLY, READ_ONLY, 1, PageType.RAM_READ_ONLY);
    assertEquals(0, rig.iommu.attach(rig.bridge, CARD, dom0));
    rig.iommu.detach(rig.bridge, CARD);
    assertEquals(List.of(PageType.NONE, PageType.NONE, PageType.NONE, PageType.RAM_READ_ONLY), types(dom0), "it was its own");
  }

  @Test
  void aDomainThatCantHaveItLeavesNoTableOfMessages() {
    long frame = rig.p2m.translate(guest, 0x4000_0000L, true) >>> 12;
    rig.p2m.map(guest, FRAME, frame, 1, PageType.RAM);
    long held = rig.hypervisor.port(FrameHeapPort.class).count(FrameHeap.HYPERVISOR);
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(held, rig.hypervisor.port(FrameHeapPort.class).count(FrameHeap.HYPERVISOR));
  }

  @Test
  void whatAnIommuRefusesIsNotMapped() {
    rig.hardware.refuse();
    rig.iommu.attach(rig.bridge, DISK, guest);
    assertEquals(NOTHING, types(guest));
    assertEquals(0, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(FIRST, types(guest));
  }

  @Test
  void aGuestHasOfTwoDevicesWhatBothShareOnce() {
    assertEquals(0, rig.iommu.attach(rig.bridge, DISK, guest));
    assertEquals(0, rig.iommu.attach(rig.bridge, CARD, guest));
    assertEquals(BOTH, types(guest));
    rig.iommu.detach(rig.bridge, CARD);
    assertEquals(FIRST, types(guest));
    rig.iommu.detach(rig.bridge, DISK);
    assertEquals(NOTHING, types(guest));
  }

  @Test
  void whereItCantBeMappedTheDeviceStaysWhereItIs() {
    rig.iommu.attach(rig.bridge, DISK, dom0);
    rig.mapped = -XEN_ENOMEM;
    assertEquals(-XEN_ENOMEM, rig.iommu.attach(rig.bridge, DISK, guest));
    rig.mapped = 0;
    assertEquals(FIRST, types(dom0));
    assertEquals(NOTHING, types(guest));
  }

  @Test
  void rangesThatLieSideBySideAreTwo() {
    IommuRig side = new IommuRig("8@e0000000+2000 10@e0002000+1000");
    FakeDomain domain = side.dom0();
    side.iommu.attach(side.bridge, DISK, domain);
    side.iommu.attach(side.bridge, CARD, domain);
    assertEquals(PageType.DEVICE, side.p2m.type(domain, FRAME + 2));
    side.iommu.detach(side.bridge, CARD);
    assertEquals(PageType.NONE, side.p2m.type(domain, FRAME + 2));
    assertEquals(PageType.DEVICE, side.p2m.type(domain, FRAME + 1));
  }

  @Test
  void twoDomainsHaveEachTheirOwn() {
    rig.iommu.attach(rig.bridge, DISK, dom0);
    rig.iommu.attach(rig.bridge, CARD, guest);
    assertEquals(FIRST, types(dom0));
    assertEquals(BOTH, types(guest));
    rig.iommu.detach(rig.bridge, DISK);
    assertEquals(NOTHING, types(dom0));
    assertEquals(BOTH, types(guest));
    rig.iommu.detach(rig.bridge, CARD);
    assertEquals(NOTHING, types(guest));
  }

  @Test
  void aRecordOfHalfARangeIsRefused() {
    UnityRanges ranges = new UnityRanges(List.of(), new StreamAttachments(), rig.p2m, rig.hypervisor.port(FrameHeapPort.class));
    ranges.restore(new byte[40]);
    ranges.restore(new byte[40]);
    assertEquals(40, ranges.save().length);
    String said = assertThrows(StateMismatch.class, () -> ranges.restore(new byte[41])).getMessage();
    assertEquals("unity ranges: 41 bytes, expected a multiple of 20", said);
    ranges.clear();
    assertEquals(0, ranges.save().length);
  }
}
