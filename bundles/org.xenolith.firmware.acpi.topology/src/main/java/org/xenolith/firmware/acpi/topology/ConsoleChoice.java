// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.Dbg2;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.platform.api.AddressWindow;

/** The console: the UART of SPCR, or else the first serial port of DBG2. */
final class ConsoleChoice {
  private static final int REGISTERS = 0x1000;

  private final TablesToTree machine;
  private final DeviceNodes devices;

  ConsoleChoice(TablesToTree machine, DeviceNodes devices) {
    this.machine = machine;
    this.devices = devices;
  }

  /** The path of its node; empty: no table names one, or no kind knows it. */
  String path() {
    Optional<Structure> spcr = machine.tables().find("SPCR").map(table -> table.structure());
    Optional<Structure> port = machine.tables().find("DBG2").flatMap(table -> table.structure().all(Dbg2.DEVICE).stream()
        .filter(device -> device.get(Dbg2.Device.PORT_TYPE) == Dbg2.SERIAL && !device.all(Dbg2.BASE_ADDRESS).isEmpty()).findFirst());
    if (spcr.isPresent()) {
      List<AcpiInterrupt> interrupts = (spcr.get().get(Spcr.Field.INTERRUPT_TYPE) & Spcr.INTERRUPT_GIC) != 0
          ? List.of(new AcpiInterrupt(spcr.get().get(Spcr.Field.GLOBAL_SYSTEM_INTERRUPT), false, false)) : List.of();
      return path("SPCR", (int) spcr.get().get(Spcr.Field.INTERFACE_TYPE), spcr.get().address(Spcr.Field.BASE_ADDRESS), interrupts);
    }
    return port.map(device -> path("DBG2", (int) device.get(Dbg2.Device.PORT_SUBTYPE),
        device.all(Dbg2.BASE_ADDRESS).getFirst().address(Dbg2.BaseAddress.ADDRESS), List.of())).orElse("");
  }

  private String path(String table, int type, GenericAddress registers, List<AcpiInterrupt> interrupts) {
    if (registers.space() != GenericAddress.MEMORY || registers.address() == 0) {
      machine.untold(table, "its UART isn't in memory", "name a console with stdout-path in the topology");
      return "";
    }
    if (devices.at(registers.address()).isEmpty()) {
      devices.addPort(new FoundDevice(table, "", List.of(new AddressWindow(registers.address(), REGISTERS)), interrupts, Map.of(), false),
          type);
    }
    Optional<String> path = devices.at(registers.address());
    if (path.isEmpty()) {
      machine.untold(table, "no node was made of its UART of type " + type + " at 0x" + Long.toHexString(registers.address()),
          "write it into the topology, or install a bundle that makes it");
    }
    return path.orElse("");
  }
}
