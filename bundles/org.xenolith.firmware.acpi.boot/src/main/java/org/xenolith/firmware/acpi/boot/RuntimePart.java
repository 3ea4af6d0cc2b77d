// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.Set;
import java.util.function.Consumer;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimePieces;
import org.xenolith.machine.control.Machine;

/**
 * EFI's runtime services as far as the machine's firmware has them, and who is told what is left in memory.
 *
 * @param supported functions that a caller may expect; without any, there is no code in memory
 * @param placed    is told where it is
 * @param described is told what the system table says
 */
record RuntimePart(Set<RuntimeFunction> supported, Consumer<RuntimeMemory> placed, Consumer<FirmwareDescription> described) {
  /** Without runtime services. */
  static final RuntimePart NONE = new RuntimePart(Set.of(), memory -> {}, told -> {});

  /** What a machine has now. */
  static RuntimePart of(Machine machine) {
    if (machine.platform().node(FirmwareNode.PATH).isEmpty() || !machine.port(FirmwareNode.PATH, RuntimeServicesPort.class).present()) {
      return NONE;
    }
    FirmwareDescriptionPort description = machine.port(FirmwareNode.PATH, FirmwareDescriptionPort.class);
    DirectServicesPort direct = machine.port(FirmwareNode.PATH, DirectServicesPort.class);
    if (!direct.present()) {
      return new RuntimePart(Set.of(), memory -> {}, description::describe);
    }
    Set<RuntimeFunction> supported = RuntimeFunction.offered(machine.port(FirmwareNode.PATH, ClockPort.class).present(), machine.port(
        FirmwareNode.PATH, VariablesPort.class).present());
    return new RuntimePart(supported, direct::placed, description::describe);
  }

  boolean present() {
    return !supported.isEmpty();
  }

  /** Bytes of RAM that it takes. */
  long size() {
    return present() ? RuntimePieces.SIZE : 0;
  }
}
