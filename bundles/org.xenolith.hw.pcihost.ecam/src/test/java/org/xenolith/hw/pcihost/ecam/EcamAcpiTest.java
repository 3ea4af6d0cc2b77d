// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.firmware.api.AcpiBridgeKind.Configuration;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.testkit.FakeNode;

class EcamAcpiTest {
  private static Optional<Configuration> configuration(FakeNode node) {
    return new EcamAcpi().configuration(null, node.build());
  }

  private static FakeNode bridge(long bytes) {
    return FakeNode.at("/pcie").window(0x40_1000_0000L, bytes);
  }

  @Test
  void mcfgNamesThePlaceOfBus0() {
    assertEquals(Optional.of(new Configuration(0x40_1000_0000L, 0, 0xff)), configuration(bridge(256 << 20)));
    assertEquals(Optional.of(new Configuration(0x40_0e00_0000L, 0x20, 0x2f)),
        configuration(bridge(16 << 20).cells("bus-range", 0x20, 0x2f)));
  }

  @Test
  void aWindowThatIsSmallerThanTheRangeEndsIt() {
    assertEquals(Optional.of(new Configuration(0x40_1000_0000L, 0, 15)), configuration(bridge(16 << 20).cells("bus-range", 0, 0xff)));
    assertTrue(assertThrows(PlatformException.class, () -> configuration(bridge(0x1000))).getMessage().startsWith("/pcie: bus-range:"));
    assertThrows(PlatformException.class, () -> configuration(FakeNode.at("/pcie")));
  }
}
