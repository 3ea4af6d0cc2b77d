// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.Dbg2;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiSerialPort;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class ConsoleTablesTest {
  private static final String GIC = "/gic";

  /** A UART of a type that nobody else has. */
  private record Uart() implements AcpiDeviceKind {
    @Override
    public String prefix() {
      return "COM";
    }

    @Override
    public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
      return List.of();
    }

    @Override
    public Optional<AcpiSerialPort> serialPort(AcpiMachine machine, AcpiDevice device) {
      return Optional.of(new AcpiSerialPort(0x42, GenericAddress.words(device.node().windows().getFirst().base()), 0x1000));
    }
  }

  private static TableSet tables(String stdout) {
    return tables(FakeNode.at("/chosen").property(FdtProperty.ofStrings("stdout-path", stdout)));
  }

  private static TableSet tables(FakeNode chosen) {
    List<PlatformNode> nodes = List.of(chosen.build(),
        FakeNode.at("/aliases").property(FdtProperty.ofStrings("serial1", "/uart@2000")).build(),
        FakeNode.at(GIC).compatible("arm,gic-400").build(),
        FakeNode.at("/uart@1000").compatible("acme,uart").window(0x1000, 0x1000).interrupt(GIC, 0, 1, 4).build(),
        FakeNode.at("/uart@2000").compatible("acme,uart").window(0x2000, 0x1000).interrupt(GIC, 0, 2, 4).build(),
        FakeNode.at("/screen").compatible("acme,screen").build());
    Platform platform = new Platform("sample", Fdt.of(FdtBuilder.root().build()), nodes, Platform.Timing.STANDARD);
    return AcpiTables.of(platform, new AcpiParts(List.of(new SpcrBuilder(), new Dbg2Builder()), Map.of("acme,uart", new Uart()), Map.of()),
        AcpiSetting.of(new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1))).set();
  }

  @Test
  void theConsoleIsFoundByItsAliasWithItsRate() {
    TableSet set = tables("serial1:115200n8");
    assertEquals(List.of(), MachineCheck.faults(set));
    Structure spcr = set.find("SPCR").orElseThrow().structure();
    assertEquals(0x42, spcr.get(Spcr.Field.INTERFACE_TYPE));
    assertEquals(0x2000, spcr.address(Spcr.Field.BASE_ADDRESS).address());
    assertEquals(34, spcr.get(Spcr.Field.GLOBAL_SYSTEM_INTERRUPT));
    assertEquals(7, spcr.get(Spcr.Field.CONFIGURED_BAUD_RATE));
    Structure port = set.find("DBG2").orElseThrow().structure().all(Dbg2.DEVICE).getFirst();
    assertEquals(0x42, port.get(Dbg2.Device.PORT_SUBTYPE));
    assertEquals("\\_SB.COM1\0", new String(port.data(Dbg2.NAMESPACE), StandardCharsets.US_ASCII));
    assertEquals(0x1000, port.all(Dbg2.ADDRESS_SIZE).getFirst().get(Dbg2.AddressSize.SIZE));
  }

  @Test
  void theConsoleIsFoundByItsPathAndTheRateIsAsItIs() {
    Structure spcr = tables("/uart@1000").find("SPCR").orElseThrow().structure();
    assertEquals(0x1000, spcr.address(Spcr.Field.BASE_ADDRESS).address());
    assertEquals(0, spcr.get(Spcr.Field.CONFIGURED_BAUD_RATE));
  }

  @Test
  void aBoardThatNamesNoConsoleHasItsFirstSerialPort() {
    Structure spcr = tables(FakeNode.at("/chosen")).find("SPCR").orElseThrow().structure();
    assertEquals(0x1000, spcr.address(Spcr.Field.BASE_ADDRESS).address());
    assertEquals(33, spcr.get(Spcr.Field.GLOBAL_SYSTEM_INTERRUPT));
  }

  @Test
  void aConsoleThatIsNoSerialPortHasNoTables() {
    assertEquals(List.of(), tables("/screen").tables());
    assertEquals(List.of(), tables("nowhere").tables());
  }
}
