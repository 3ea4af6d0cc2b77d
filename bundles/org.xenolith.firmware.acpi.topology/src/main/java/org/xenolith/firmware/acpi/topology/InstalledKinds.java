// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;

/** Who makes tables, and nodes of them: the services that are installed at a moment. */
@Component(service = InstalledKinds.class)
public final class InstalledKinds {
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
    Object value = properties.get(AcpiDeviceKind.COMPATIBLE);
    // For a switch on types the JVM makes a class in each start.
    if (value instanceof String one) {
      return List.of(one);
    }
    return value instanceof String[] many ? List.of(many) : List.of();
  }

  private static <T> Map<String, T> byName(Map<T, List<String>> kinds) {
    Map<String, T> named = new HashMap<>();
    kinds.forEach((kind, names) -> names.forEach(name -> named.put(name, kind)));
    return named;
  }

  /** All of them, builders of higher ranking first. */
  AcpiParts parts() {
    return new AcpiParts(new ArrayList<>(builders).reversed(), byName(devices), byName(bridges));
  }
}
