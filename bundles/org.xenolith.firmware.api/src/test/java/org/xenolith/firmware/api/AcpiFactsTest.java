// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.platform.api.PlatformNode;

class AcpiFactsTest {
  private static void refused(String reason, Runnable made) {
    assertEquals(reason, assertThrows(IllegalArgumentException.class, made::run).getMessage());
  }

  @Test
  void anInterruptHasANumberThatTablesHold() {
    assertEquals(0xFFFF_FFFFL, new AcpiInterrupt(0xFFFF_FFFFL, false, false).gsiv());
    refused("gsiv -1: expected 0 to 0xffffffff", () -> new AcpiInterrupt(-1, false, false));
    refused("gsiv 4294967296: expected 0 to 0xffffffff", () -> new AcpiInterrupt(1L << 32, true, false));
  }

  @Test
  void busesAreInOrder() {
    assertEquals(255, new AcpiBridgeKind.Configuration(-1L << 20, 255, 255).lastBus());
    refused("buses -1 to 3: expected two of 0 to 255, in order", () -> new AcpiBridgeKind.Configuration(0, -1, 3));
    refused("buses 4 to 3: expected two of 0 to 255, in order", () -> new AcpiBridgeKind.Configuration(0, 4, 3));
    refused("buses 0 to 256: expected two of 0 to 255, in order", () -> new AcpiBridgeKind.Configuration(0, 0, 256));
  }

  @Test
  void aSegmentHasSixteenBits() {
    assertEquals(65535, new AcpiBridge(null, null, "", 65535, null).segment());
    refused("segment 65536: expected 0 to 65535", () -> new AcpiBridge(null, null, "", 65536, null));
    refused("segment -1: expected 0 to 65535", () -> new AcpiBridge(null, null, "", -1, null));
  }

  @Test
  void aSerialPortTakesRoom() {
    GenericAddress none = null;
    assertEquals(1, new AcpiSerialPort(0xFFFF, none, 1).bytes());
    refused("type 65536, 1 bytes: expected a type up to 0xffff, and 1 to 0xffffffff bytes", () -> new AcpiSerialPort(0x1_0000, none, 1));
    refused("type 3, 0 bytes: expected a type up to 0xffff, and 1 to 0xffffffff bytes", () -> new AcpiSerialPort(3, none, 0));
    refused("type 3, 4294967296 bytes: expected a type up to 0xffff, and 1 to 0xffffffff bytes", () -> new AcpiSerialPort(3, none,
        1L << 32));
  }

  @Test
  void aProcessorIsNamedByItsAffinityAlone() {
    assertEquals(0xFF_00FF_FFFFL, new AcpiProcessor(null, 0, "", 0xFF_00FF_FFFFL, OptionalLong.empty()).mpidr());
    refused("mpidr 0x80000000: expected Aff3 to Aff0 only, in 0xff00ffffff", () -> new AcpiProcessor(null, 0, "", 0x8000_0000L, OptionalLong
        .empty()));
  }

  @Test
  void whatIsUntoldIsSaidWithPlaceAndRemedy() {
    assertEquals("/a: no word for it; leave it out", new Untold("/a", "no word for it", "leave it out").toString());
  }

  @Test
  void aKindOfDevicesHasADeviceThatIsNoConsoleUnlessItSaysSo() {
    AcpiDeviceKind kind = new AcpiDeviceKind() {
      @Override
      public String prefix() {
        return "A";
      }

      @Override
      public List<? extends AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
        return List.of();
      }
    };
    assertEquals(Optional.empty(), kind.without(null, null));
    assertEquals(Optional.empty(), kind.serialPort(null, null));
  }

  @Test
  void aKindOfBridgesIsOrdinaryUnlessItSaysSo() {
    AcpiBridgeKind kind = (machine, node) -> Optional.empty();
    PlatformNode none = null;
    TableIdentity board = null;
    assertEquals(Optional.empty(), kind.identity(board));
    assertEquals(List.of(), kind.registers(null, none));
    assertEquals(List.of(), kind.objects(null, none));
  }
}
