// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class RequesterIdTest {
  private static final PlatformNode SMMU = FakeNode.at("/smmu").cells("phandle", 1).build();
  private static final PlatformNode ITS = FakeNode.at("/its").cells("phandle", 7).build();
  private final Platform platform = new FakeContext(FakeNode.at("/pcie").build()).beside(SMMU, ITS).platform();

  private static FakeNode bridge() {
    return FakeNode.at("/pcie").property(new FdtProperty("device_type", "pci\0".getBytes(StandardCharsets.UTF_8)));
  }

  private static Optional<RequesterId> at(PlatformNode node, long id) {
    return Optional.of(new RequesterId(node, id));
  }

  @Test
  void mapsHaveRowsAndAMask() {
    PlatformNode node = bridge().cells("iommu-map", 0, 1, 0x1000, 0x100, 0x100, 1, 0x4000, 0x100).cells("iommu-map-mask", 0xFFF8).build();
    assertEquals(at(SMMU, 0x1010), RequesterId.stream(platform, node, 0x11));
    assertEquals(at(SMMU, 0x4010), RequesterId.stream(platform, node, 0x117));
    assertEquals(Optional.empty(), RequesterId.stream(platform, node, 0x200), "no row");
    assertEquals(OptionalInt.empty(), RequesterId.ofStream(platform, node, "/smmu", 0x1010), "eight functions have it");
    assertEquals(List.of(new RequesterId.Row(0, SMMU, 0x1000, 0x100), new RequesterId.Row(0x100, SMMU, 0x4000, 0x100)),
        RequesterId.streams(platform, node));
    PlatformNode messages = bridge().cells("msi-map", 0, 7, 0x2_0000, 0x1_0000).cells("msi-parent", 1).build();
    assertEquals(at(ITS, 0x2_0011), RequesterId.message(platform, messages, 0x11));
    assertEquals(OptionalInt.of(0x11), RequesterId.ofMessage(platform, messages, "/its", 0x2_0011));
    assertEquals(OptionalInt.empty(), RequesterId.ofMessage(platform, messages, "/its", 0x3_0000));
    assertEquals(OptionalInt.empty(), RequesterId.ofMessage(platform, messages, "/smmu", 0x2_0011));
  }

  /** A second cell is for a device that is none of PCI: a function's id is its own. */
  @Test
  void withoutMapsTheParentsCount() {
    assertEquals(at(ITS, 0x11), RequesterId.message(platform, bridge().cells("msi-parent", 7, 9).build(), 0x11));
    assertEquals(at(ITS, 9), RequesterId.message(platform, FakeNode.at("/dma").cells("msi-parent", 7, 9).build(), 0));
    assertEquals(at(SMMU, 9), RequesterId.stream(platform, bridge().cells("iommus", 1, 9).build(), 0x11));
    assertEquals(Optional.empty(), RequesterId.stream(platform, bridge().build(), 0x11));
    assertEquals(Optional.empty(), RequesterId.message(platform, bridge().build(), 0x11));
  }

  @Test
  void brokenPropertiesAreNamed() {
    for (PlatformNode broken : List.of(bridge().cells("msi-map", 0, 7, 0).build(), bridge().cells("msi-map", 0, 9, 0, 1).build(),
        bridge().flag("msi-map").build(), bridge().property(new FdtProperty("msi-parent", new byte[3])).build())) {
      PlatformException told = assertThrows(PlatformException.class, () -> RequesterId.message(platform, broken, 0));
      assertTrue(told.getMessage().startsWith("/pcie: msi-"), told.getMessage());
    }
  }
}
