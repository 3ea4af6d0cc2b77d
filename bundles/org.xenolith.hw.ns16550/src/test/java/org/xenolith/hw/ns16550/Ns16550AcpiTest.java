// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiSerialPort;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.api.Untold;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class Ns16550AcpiTest {
  private final List<AmlTerm> objects = new ArrayList<>();
  private Optional<AcpiSerialPort> port = Optional.empty();

  private List<Untold> describe(FakeNode uart) {
    AcpiTableBuilder builder = new AcpiTableBuilder() {
      @Override
      public String signature() {
        return "DSDT";
      }

      @Override
      public Optional<AcpiTable> build(AcpiMachine machine) {
        for (AcpiDevice device : machine.devices()) {
          machine.told(device.node());
          objects.addAll(device.kind().objects(machine, device));
          port = device.kind().serialPort(machine, device);
        }
        return Optional.empty();
      }
    };
    List<PlatformNode> nodes = List.of(FakeNode.at("/gic").compatible("arm,gic-400").cells("phandle", 1).build(), uart.build());
    return AcpiTables.of(new Platform("sample", Fdt.of(FdtBuilder.root().build()), nodes, Platform.Timing.STANDARD), new AcpiParts(
        List.of(builder), Map.of("ns16550a", new Ns16550Acpi()), Map.of()), AcpiSetting.of(new TableIdentity("A", "B", 1, "C", 1))).untold()
        .stream().filter(each -> !each.path().equals("/gic")).toList();
  }

  /** The console of APM's Mustang (Debian's kernel 6.1.192, apm-mustang.dtb). */
  private static FakeNode mustang() {
    return FakeNode.at("/soc/serial@1c020000").compatible("ns16550a").window(0x1c02_0000, 0x1000).interrupt("/gic", 0, 0x4c, 4)
        .cells("clock-frequency", 10_000_000);
  }

  @Test
  void registersInWordsHaveAnIdThatDriversKnow() {
    assertEquals(List.of(), describe(mustang().cells("reg-shift", 2)));
    assertEquals(Aml.name("_HID", Aml.text("APMC0D08")), objects.getFirst());
    assertEquals(Aml.properties(List.of(Aml.pack(Aml.text("reg-shift"), Aml.number(2)), Aml.pack(Aml.text("reg-io-width"), Aml.number(4)),
        Aml.pack(Aml.text("clock-frequency"), Aml.number(10_000_000)))), objects.getLast());
    assertEquals(Optional.of(new AcpiSerialPort(0x12, GenericAddress.words(0x1c02_0000), 0x1000)), port);
  }

  @Test
  void registersInBytesHaveNoId() {
    List<Untold> untold = describe(mustang());
    assertEquals("/soc/serial@1c020000: there is no id in ACPI for a 16550 whose registers are 1 bytes apart; boot by device tree, or "
        + "give it reg-shift 2", untold.getFirst().toString());
    assertEquals(List.of(), objects);
  }
}
