// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.Exits;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

/** What the fabric tells SMMUs and interrupt controllers about bus masters, and where their accesses go. */
class RequestersTest {
  private static final long RAM = 0x4000_0000L;
  private static final AddressWindow DOORBELL = new AddressWindow(0x0808_0000, 0x1000);
  private static final PlatformNode SMMU = FakeNode.at("/smmu").cells("phandle", 5).build();
  private static final PlatformNode ITS = FakeNode.at("/its").cells("phandle", 6).build();
  private static final PlatformNode HOST = FakeNode.at("/pcie").cells("iommu-map", 0, 5, 0x100, 0x100, 0x100, 5, 0x1000, 0xFF00)
      .cells("msi-map", 0, 6, 0x8000, 0x1_0000).build();

  private final List<String> told = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final RamBanks ram = new RamBanks(List.of(new AddressWindow(RAM, 0x10_0000)), (chunk, offset, length) -> {});
  private final AddressSpace space = new AddressSpace(ram, List.of(), (kind, place, text) -> told.add(kind));
  private BusWindow doorbell;

  private Requesters requesters(PlatformNode... nodes) {
    Platform platform = new Platform("test", Fdt.of(new FdtNode("", List.of(), List.of())), List.of(nodes), Platform.Timing.STANDARD);
    return new Requesters(platform, space, new BusMaster(space), new Initiator(List.of()), (kind, place, text) -> told.add(kind + " "
        + place));
  }

  @BeforeEach
  void window() {
    doorbell = new BusWindow(DOORBELL, "/its", 0, false, new Exits(), new Entered());
    doorbell.attach(AccessRule.WORD, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        told.add("mmio");
      }
    }, failures::add);
    space.add(DOORBELL, doorbell);
    doorbell.attach((device, offset, size, value) -> told.add("message %x %x %d %x".formatted(device, offset, size, value)));
  }

  @Test
  void messagesTellWhoSentThem() {
    PlatformNode host = FakeNode.at("/pcie").cells("msi-map", 0, 6, 0x8000, 0x100, 0x200, 6, 0, 0x100).build();
    Requesters requesters = requesters(host, ITS);
    requesters.port(host, 0x10).write(DOORBELL.base() + 0x40, 4, 0x123);
    requesters.port(host, 0x2FF).write(DOORBELL.base() + 0x40, 4, 1);
    requesters.port(host, 0x100).write(DOORBELL.base() + 0x40, 4, 1);
    assertEquals(List.of("message 8010 40 4 123", "message ff 40 4 1", "message ffffffffffffffff 40 4 1"), told);
  }

  @Test
  void aMapForAnotherControllerSaysNothing() {
    PlatformNode host = FakeNode.at("/pcie").cells("msi-map", 0, 9, 0, 0x1_0000).build();
    requesters(host, ITS, FakeNode.at("/other").cells("phandle", 9).build()).port(host, 3).write(DOORBELL.base(), 4, 7);
    assertEquals(List.of("message ffffffffffffffff 0 4 7"), told);
  }

  @Test
  void withoutAMapTheIdIsTheRequesters() {
    PlatformNode host = FakeNode.at("/pcie").cells("msi-parent", 6).build();
    requesters(host, ITS).port(host, 0x18).write(DOORBELL.base(), 4, 7);
    assertEquals(List.of("message 18 0 4 7"), told);
  }

  @Test
  void masksApplyBeforeMaps() {
    PlatformNode host = FakeNode.at("/pcie").cells("msi-map", 0, 6, 0, 0x1_0000).cells("msi-map-mask", 0xFFF8).build();
    requesters(host, ITS).port(host, 0x1F).write(DOORBELL.base(), 4, 7);
    assertEquals(List.of("message 18 0 4 7"), told);
  }

  @Test
  void ramIsReachedAndOtherWindowsAreNot() {
    Requesters requesters = requesters(FakeNode.at("/dev").build());
    DmaPort port = requesters.port(FakeNode.at("/dev").build(), 0);
    port.write(RAM + 8, 8, 0x1122_3344_5566_7788L);
    assertEquals(0x5566_7788L, port.read(RAM + 8, 4));
    assertThrows(ExternalAbort.class, () -> port.read(DOORBELL.base(), 4));
    doorbell.vanish();
    assertThrows(ExternalAbort.class, () -> port.write(DOORBELL.base(), 4, 1));
    assertEquals(List.of("refused-dma", "refused-dma"), told);
  }

  @Test
  void smmusTranslateEachPage() {
    Requesters requesters = requesters(HOST, SMMU, ITS);
    List<String> asked = new ArrayList<>();
    requesters.attach("/smmu", (stream, address, write) -> {
      asked.add("%x %x %s".formatted(stream, address, write ? "w" : "r"));
      if ((address & 0x8000) != 0) {
        throw ExternalAbort.INSTANCE;
      }
      return address >>> 12 == 0x70 ? DOORBELL.base() + (address & 0xFFF) : RAM + (address & 0x7FFF ^ 0x1000);
    }, failures::add);
    DmaPort port = requesters.port(HOST, 0x108);
    port.write(0xFFE, new byte[] {1, 2, 3, 4}, 0, 4);
    assertEquals(List.of("1008 ffe w", "1008 1000 w"), asked);
    byte[] back = new byte[4];
    port.read(0xFFE, back, 0, 4);
    assertEquals("[1, 2, 3, 4]", java.util.Arrays.toString(back));
    assertEquals(0x0403_0201L, port.read(0xFFE, 4), "across the border");
    assertEquals(0x0201L, ram.chunk(RAM).read(0x1FFE, 2), "pages are elsewhere");
    port.write(0x7_0040, 4, 5);
    assertEquals("message 8108 40 4 5", told.getLast());
    assertThrows(ExternalAbort.class, () -> port.write(0x8000, 4, 5));
    assertEquals("refused-dma /smmu", told.getLast());
    assertThrows(ExternalAbort.class, () -> port.read(0x7FFE, back, 0, 4));
  }

  @Test
  void nothingPassesAnSmmuThatIsGoneOrBroken() {
    Requesters requesters = requesters(HOST, SMMU, ITS);
    DmaPort port = requesters.port(HOST, 0x108);
    assertThrows(ExternalAbort.class, () -> port.write(RAM, 4, 1));
    assertEquals(List.of("refused-dma /smmu"), told);
    requesters.attach("/smmu", (stream, address, write) -> {
      throw new IllegalStateException("broken");
    }, failures::add);
    assertThrows(ExternalAbort.class, () -> port.write(RAM, 4, 1));
    assertEquals("broken", failures.getFirst().getMessage());
    requesters.detach("/smmu");
    assertThrows(ExternalAbort.class, () -> port.read(RAM, 4));
    assertEquals(0, ram.chunk(RAM).read(0, 4));
  }

  @Test
  void brokenMapsAreNamed() {
    PlatformNode odd = FakeNode.at("/pcie").cells("iommu-map", 0, 5, 0).build();
    ModelException groups = assertThrows(ModelException.class, () -> requesters(odd, SMMU).port(odd, 0));
    assertTrue(groups.getMessage().contains("/pcie: iommu-map: expected groups of 4"), groups.getMessage());
    ModelException nobody = assertThrows(ModelException.class, () -> requesters(HOST, ITS).port(HOST, 0));
    assertTrue(nobody.getMessage().contains("no node has phandle 0x5"), nobody.getMessage());
  }
}
