// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDescription;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.PlatformReader;

/** Describes a board by ACPI, with the tables and device kinds that are installed when the kernel is started. */
@Component
public final class AcpiFirmware implements LaunchShaper {
  /** A hypervisor, which is in a machine from the beginning, takes its own memory from the end of RAM; 2 MiB, so that no block is split. */
  private static final long HYPERVISOR_ROOM = 2 << 20;
  /** Event: what the board has and its tables can't say. */
  private static final String UNTOLD = "acpi-untold";

  @Reference
  private PlatformReader reader;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile AcpiDescriber describer;

  @Override
  public boolean serves(LaunchRequest request) {
    return request.option(AcpiKind.OPTION).contains(AcpiKind.NAME);
  }

  @Override
  public Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
    Platform shown = reader.platform(platform.name(), tree, Map.of());
    AcpiDescriber now = describer;
    if (now == null) {
      throw new PlatformException("no installed bundle describes boards by ACPI; start with org.xenolith.firmware.acpi.topology, or boot "
          + "by device tree");
    }
    AcpiDescription description = now.describe(shown, AcpiDescriber.BOARD, OptionalLong.empty());
    // What a hypervisor boots has virtual processors, of which it tells itself.
    Set<String> taken = request.has("hypervisor") ? shown.cpus().stream().map(PlatformNode::path).collect(Collectors.toSet()) : Set.of();
    description.untold().stream().filter(each -> !taken.contains(each.path())).forEach(each -> machine.eventLog().report(UNTOLD, each
        .path(), each.what() + "; " + each.remedy()));
    List<MemoryRange> ram = platform.memory().stream().filter(bank -> bank.size() != 0)
        .map(bank -> new MemoryRange(bank.base(), bank.size())).toList();
    return Optional.of(AcpiMemory.of(description.tables(), AcpiDescriber.BOARD, new FreeRam(ram, ReservedMemory.of(shown, ram),
        request.has("hypervisor") ? HYPERVISOR_ROOM : 0), RuntimePart.of(machine), !request.has("hypervisor")));
  }
}
