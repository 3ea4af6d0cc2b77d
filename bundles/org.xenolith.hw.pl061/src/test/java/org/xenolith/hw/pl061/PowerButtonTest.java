// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class PowerButtonTest {
  private final Map<String, List<? extends AmlTerm>> objects = new TreeMap<>();

  private AcpiTables describe(FakeNode... keys) {
    AcpiTableBuilder builder = new AcpiTableBuilder() {
      @Override
      public String signature() {
        return "DSDT";
      }

      @Override
      public Optional<AcpiTable> build(AcpiMachine machine) {
        for (AcpiDevice device : machine.devices()) {
          machine.told(device.node());
          objects.put(device.path(), device.kind().objects(machine, device));
        }
        return Optional.empty();
      }
    };
    List<PlatformNode> nodes = new ArrayList<>(List.of(FakeNode.at("/pl061@1").compatible("arm,pl061").window(0x1000, 0x1000)
        .cells("phandle", 3).build(), FakeNode.at("/gpio-keys").compatible("gpio-keys").build()));
    for (FakeNode key : keys) {
      nodes.add(key.build());
    }
    Platform platform = new Platform("sample", Fdt.of(FdtBuilder.root().build()), nodes, Platform.Timing.STANDARD);
    return AcpiTables.of(platform, new AcpiParts(List.of(builder), Map.of("arm,pl061", new Pl061Acpi(), "gpio-keys", new GpioKeysAcpi()),
        Map.of()), AcpiSetting.of(new TableIdentity("A", "B", 1, "C", 1)));
  }

  private static FakeNode key(String name, int code, int... gpios) {
    return FakeNode.at("/gpio-keys/" + name).cells("linux,code", code).cells("gpios", gpios);
  }

  @Test
  void anEdgeOfThePinNotifiesTheButton() {
    assertEquals(List.of(), describe(key("poweroff", 116, 3, 3, 0)).untold());
    AmlNamespace gpio = AmlNamespace.ofTerms(List.copyOf(objects.get("\\_SB.GPO0")));
    // Notify (\_SB.PWR0, 0x80)
    assertArrayEquals(HexFormat.of().parseHex("865c2e5f53425f505752300a80"), ((AmlTerm.Bytes) gpio.find(AmlName.of("\\_E03")).orElseThrow()
        .body().getFirst()).value());
    assertTrue(gpio.find(AmlName.of("\\_AEI")).isPresent());
    assertEquals(2, objects.get("\\_SB.PWR0").size());
  }

  @Test
  void thePinIsDescribedAsTheSpecificationHasIt() {
    // ACPI 6.5, 6.4.3.8.1: edge, active low, may wake; one pin in the table; the controller's path
    byte[] bytes = ResourceTemplate.write(Stream.of(GpioInterrupt.edge("\\_SB.GPO0", 3, true)));
    assertEquals("8c2000" + "01" + "00" + "0100" + "1300" + "00" + "0000" + "0000" + "1700" + "00" + "1900" + "2300" + "0000" + "0300"
        + "5c5f53422e47504f3000" + "7900", HexFormat.of().formatHex(bytes));
  }

  @Test
  void otherKeysAreNamedAsUntold() {
    assertTrue(describe(key("volume", 115, 3, 3, 0)).untold().toString().contains("ACPI has no keys but one power button"));
    assertTrue(describe(key("poweroff", 116, 9, 3, 0)).untold().toString().contains("ACPI has no keys but one power button"));
    assertTrue(describe(key("poweroff", 116, 3, 3, 0), key("volume", 115, 3, 4, 0)).untold().toString().contains("/gpio-keys"));
  }
}
