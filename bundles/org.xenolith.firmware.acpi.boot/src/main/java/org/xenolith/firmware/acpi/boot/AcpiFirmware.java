// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;

/** Describes a board by ACPI, with the tables and device kinds that are installed when the kernel is started. */
@Component
public final class AcpiFirmware implements LaunchShaper {
  private static final TableIdentity IDENTITY = new TableIdentity("XENOLI", "XENOLITH", 1, "XENO", 1);

  /** A hypervisor, which is in a machine from the beginning, takes its own memory from the end of RAM; 2 MiB, so that no block is split. */
  private static final long HYPERVISOR_ROOM = 2 << 20;

  @Reference
  private PlatformReader reader;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<AcpiTableBuilder> builders = List.of();
  private final Map<AcpiDeviceKind, List<String>> devices = new ConcurrentHashMap<>();
  private final Map<AcpiBridgeKind, List<String>> bridges = new ConcurrentHashMap<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addDevice(AcpiDeviceKind kind, Map<String, Object> properties) {
    devices.put(kind, compatible(properties));
  }

  void removeDevice(AcpiDeviceKind kind) {
    devices.remove(kind);
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addBridge(AcpiBridgeKind kind, Map<String, Object> properties) {
    bridges.put(kind, compatible(properties));
  }

  void removeBridge(AcpiBridgeKind kind) {
    bridges.remove(kind);
  }

  private static List<String> compatible(Map<String, Object> properties) {
    return switch (properties.get(AcpiDeviceKind.COMPATIBLE)) {
      case String one -> List.of(one);
      case String[] many -> List.of(many);
      case null, default -> List.of();
    };
  }

  private static <T> Map<String, T> byName(Map<T, List<String>> kinds) {
    Map<String, T> named = new HashMap<>();
    kinds.forEach((kind, names) -> names.forEach(name -> named.put(name, kind)));
    return named;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.option(FirmwareOption.NAME).contains(FirmwareOption.ACPI);
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false;
  }

  @Override
  public Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
    Platform shown = reader.platform(platform.name(), tree, Map.of());
    List<AcpiTableBuilder> highestFirst = new ArrayList<>(builders).reversed();
    AcpiTables tables = AcpiTables.of(shown, new AcpiParts(highestFirst, byName(devices), byName(bridges)), AcpiSetting.of(IDENTITY));
    List<MemoryRange> ram = platform.memory().stream().filter(bank -> bank.size() != 0)
        .map(bank -> new MemoryRange(bank.base(), bank.size())).toList();
    return Optional.of(AcpiMemory.of(tables.set(), IDENTITY, ram, request.hypervisor() ? HYPERVISOR_ROOM : 0));
  }
}
