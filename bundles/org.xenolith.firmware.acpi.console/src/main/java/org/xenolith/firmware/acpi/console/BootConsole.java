// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.console;

import java.util.Optional;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiSerialPort;
import org.xenolith.platform.api.Platform;

/**
 * The serial port that {@code stdout-path} of {@code /chosen} names (Devicetree Specification 0.4, 3.6), or the first one of a board that
 * names none, such as Mustang's.
 *
 * @param device  in the namespace
 * @param port    how to use it
 * @param options behind the path's colon, {@code 115200n8} for instance; may be empty
 */
record BootConsole(AcpiDevice device, AcpiSerialPort port, String options) {
  static Optional<BootConsole> of(AcpiMachine machine) {
    Platform platform = machine.platform();
    Optional<String> said = platform.node("/chosen").flatMap(chosen -> chosen.property("stdout-path")).map(FdtProperty::string);
    if (said.isEmpty()) {
      return machine.devices().stream().flatMap(device -> console(machine, device, "").stream()).findFirst();
    }
    String[] parts = said.get().split(":", 2);
    String path = parts[0].startsWith("/") ? parts[0] : platform.node("/aliases").flatMap(aliases -> aliases.property(parts[0]))
        .map(FdtProperty::string).orElse("");
    return machine.devices().stream().filter(device -> device.node().path().equals(path)).findFirst()
        .flatMap(device -> console(machine, device, parts.length > 1 ? parts[1] : ""));
  }

  private static Optional<BootConsole> console(AcpiMachine machine, AcpiDevice device, String options) {
    return device.kind().serialPort(machine, device).map(port -> new BootConsole(device, port, options));
  }
}
