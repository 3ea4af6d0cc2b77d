// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.pci.kit.Capability.Express;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.regs.DeviceState;

/** Where capabilities and BARs are put, and what is refused. */
class ConfigTableTest {
  private static ConfigTable.Builder bridge() {
    return ConfigTable.bridge(0x177D, 0xAF01, 0x06_0400, 0);
  }

  private static ConfigSpace space(ConfigTable.Builder builder) {
    return new ConfigSpace(new DeviceState(), "config", builder.build());
  }

  private static void refused(String message, Runnable made) {
    String said = assertThrows(IllegalArgumentException.class, made::run).getMessage();
    assertTrue(said.contains(message), said);
  }

  /** As Intel's root ports have theirs: 0x40, 0x80, 0x90, 0xA0; and one whose list begins at the far end. */
  @Test
  void capabilitiesAreWhereTheHardwareHasThem() {
    ConfigSpace port = space(bridge().bar(0, BarKind.MEMORY64, 0x4000).capability(Capability.msix(4, 0, 0, 0x2000), 0xB0)
        .capability(Capability.express(Express.ROOT_PORT), 0x70).capability(Capability.powerManagement(true, true), 0x40)
        .capability(Capability.advancedErrors(true), 0x100).capability(Capability.accessControl(), 0x400));
    assertEquals(0xB0, port.read(0x34, 1));
    assertEquals(0x7011, port.read(0xB0, 2));
    assertEquals(0x4010, port.read(0x70, 2));
    assertEquals(0x0001, port.read(0x40, 2));
    assertEquals(0x4002_0001, port.read(0x100, 4));
    assertEquals(0x0001_000D, port.read(0x400, 4));
    assertEquals(0x70, port.table().capability(Capability.EXPRESS));
    assertEquals(0x400, port.table().extendedCapability(Capability.ACCESS_CONTROL));
  }

  @Test
  void whatHasNoPlaceOfItsOwnFillsTheGaps() {
    ConfigTable table = bridge().capability(Capability.express(Express.ROOT_PORT), 0x50).capability(Capability.powerManagement(true))
        .capability(Capability.msi(0)).build();
    assertEquals(0x40, table.capability(Capability.POWER_MANAGEMENT));
    assertEquals(0x8C, table.capability(Capability.MSI));
  }

  @Test
  void whatOverlapsIsRefused() {
    refused("capability 0x1 at 0x74..0x7b overlaps capability 0x10 at 0x40..0x7b",
        () -> bridge().capability(Capability.express(Express.ROOT_PORT), 0x40).capability(Capability.powerManagement(true), 0x74));
    refused("extended capability 0xd at 0x134..0x13b overlaps extended capability 0x1 at 0x100..0x137",
        () -> bridge().capability(Capability.advancedErrors(true)).capability(Capability.accessControl(), 0x134));
    refused("BAR 1: its register is BAR 0's already",
        () -> bridge().bar(0, BarKind.MEMORY64, 0x1000).bar(1, BarKind.MEMORY32, 0x1000));
    refused("BAR 0: its register is BAR 0's already", () -> bridge().bar(0, BarKind.IO, 16).bar(0, BarKind.IO, 16));
    refused("BAR 2: the header has 2", () -> bridge().bar(2, BarKind.MEMORY32, 0x1000));
  }

  @Test
  void whatIsNowhereIsRefused() {
    for (int at : new int[] {0, 0x3C, 0x42, 0xC8, 0x100}) {
      refused("with all of it from 0x40 to 0xff", () -> bridge().capability(Capability.express(Express.ROOT_PORT), at));
    }
    for (int at : new int[] {0xC0, 0x102, 0xFCC, 0x1000}) {
      refused("with all of it from 0x100 to 0xfff", () -> bridge().capability(Capability.advancedErrors(true), at));
    }
    refused("the first extended capability is at 0x100", () -> bridge().capability(Capability.advancedErrors(true), 0x140));
    refused("no room for its 60 bytes below 0x100", () -> bridge().capability(Capability.express(Express.ROOT_PORT), 0x60)
        .capability(Capability.msi(0), 0xC0).capability(Capability.express(Express.ROOT_PORT)));
    refused("a field of 4 bytes at 6", () -> new Capability(9, false, 0, 8, List.of(new Capability.Field(6, 4, 0, 0, 0))));
    refused("0 to 31", () -> Capability.express(Express.ROOT_PORT, 32));
  }

  @Test
  void messagesNeedABarThatHoldsThem() {
    refused("capability 0x11 at 0x40..0x4b: table: BAR 0 is no memory of at least 0x40 bytes",
        () -> bridge().capability(Capability.msix(4, 0, 0, 0x800)).build());
    refused("pending bits: BAR 0 is no memory of at least 0x1008 bytes",
        () -> bridge().bar(0, BarKind.MEMORY32, 0x1000).capability(Capability.msix(4, 0, 0, 0x1000)).build());
    refused("the pending bits at 0x38 overlap the table at 0x0, which has 4 vectors",
        () -> bridge().bar(0, BarKind.MEMORY32, 0x1000).capability(Capability.msix(4, 0, 0, 0x38)).build());
    refused("BAR 0 is no memory", () -> bridge().bar(0, BarKind.IO, 0x1000).capability(Capability.msix(4, 0, 0, 0x800)).build());
  }
}
