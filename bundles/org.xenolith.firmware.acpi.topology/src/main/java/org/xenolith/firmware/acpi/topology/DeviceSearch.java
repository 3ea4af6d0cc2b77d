// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlOpcode;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.EisaId;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.platform.api.AddressWindow;

/** Finds the devices of a namespace that have a hardware id and are there. */
final class DeviceSearch {
  private static final long PRESENT = 1;
  private static final AmlTerm PROPERTIES = Aml.uuid("daffd814-6eba-4d8c-8a91-bc9bbf4aa301");

  /** Descriptors of what leads to a device over pins and slow buses, of which PCs and notebooks have hundreds (ACPI 6.5, 6.4.3.8 to 6.4.3.13). */
  private static final Map<Integer, String> CONNECTIONS = Map.of(0x8c, "GPIO connection", 0x8d, "pin function", 0x8e,
      "serial bus connection",
      0x8f, "pin configuration", 0x90, "pin group", 0x91, "pin group function", 0x92, "pin group configuration");

  private final Map<Integer, List<String>> connections = new TreeMap<>();
  private final TablesToTree machine;
  private final AmlNamespace namespace;

  DeviceSearch(TablesToTree machine) {
    this.machine = machine;
    namespace = machine.namespace();
  }

  List<FoundDevice> devices() {
    List<FoundDevice> all = new ArrayList<>();
    for (AmlName path : namespace.devices()) {
      Optional<String> id = id(path, "_HID");
      if (id.isEmpty()) {
        continue;
      }
      Optional<AmlName> absent = absent(path);
      if (absent.isPresent()) {
        machine.untold(path.toString(), "_STA of " + absent.get() + " says that it isn't there", "it is left out");
      } else {
        all.add(device(path, id.get()));
      }
    }
    connections.forEach((tag, paths) -> machine.untold(paths.getFirst() + "._CRS" + (paths.size() == 1 ? "" : " and others"), paths.size()
        + " resource descriptors of kind " + CONNECTIONS.get(tag) + " (tag 0x" + Integer.toHexString(tag) + ") aren't looked at",
        "write into the topology what they connect, if a guest is to have it"));
    return List.copyOf(all);
  }

  /** A hardware id, in text or compressed. */
  Optional<String> id(AmlName path, String name) {
    return namespace.constant(path, name).map(EisaId::of);
  }

  /** The device, or what it is in, that isn't there. */
  private Optional<AmlName> absent(AmlName path) {
    for (AmlName at = path; !at.segments().isEmpty(); at = at.parent()) {
      if (namespace.constant(at, "_STA").filter(AmlTerm.Number.class::isInstance).map(value -> ((AmlTerm.Number) value).value() & PRESENT)
          .orElse(PRESENT) == 0) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private FoundDevice device(AmlName path, String id) {
    List<AddressWindow> windows = new ArrayList<>();
    List<AcpiInterrupt> interrupts = new ArrayList<>();
    for (Structure resource : resources(path)) {
      resource(path, resource, windows, interrupts);
    }
    boolean coherent = namespace.constant(path, "_CCA").filter(value -> value instanceof AmlTerm.Number number && number.value() != 0)
        .isPresent();
    return new FoundDevice(path.toString(), id, windows, interrupts, properties(path), coherent);
  }

  /** The descriptors of {@code _CRS}; what it is named for if it has none that can be read. */
  List<Structure> resources(AmlName path) {
    AmlName name = AmlName.of("_CRS").in(path);
    if (namespace.find(name).isEmpty()) {
      return List.of();
    }
    Optional<byte[]> bytes = namespace.constant(path, "_CRS").flatMap(AmlNamespace::bytes);
    if (bytes.isEmpty()) {
      machine.untold(name.toString(), "it is a method that would have to be executed", "write reg and interrupts into the topology");
      return List.of();
    }
    try {
      return ResourceTemplate.read(name.toString(), bytes.get());
    } catch (AcpiException e) {
      machine.untold(e.table() + ", offset 0x" + Long.toHexString(e.offset()), e.what(), e.remedy());
      return List.of();
    }
  }

  private void resource(AmlName path, Structure resource, List<AddressWindow> windows, List<AcpiInterrupt> interrupts) {
    StructureLayout kind = resource.layout();
    if (kind == Resource.FIXED_MEMORY_32) {
      windows.add(new AddressWindow(resource.get(Resource.FixedMemory32.BASE_ADDRESS), resource.get(Resource.FixedMemory32.RANGE_LENGTH)));
    } else if (kind == Resource.EXTENDED_INTERRUPT) {
      long flags = resource.get(Resource.ExtendedInterrupt.FLAGS);
      resource.all(Resource.NUMBER).forEach(number -> interrupts.add(new AcpiInterrupt(number.get(Resource.Number.GSIV),
          (flags & Resource.EDGE) != 0, (flags & Resource.ACTIVE_LOW) != 0)));
    } else {
      ResourceWindow.of(resource).ifPresentOrElse(window -> {
        if (window.type() == Resource.MEMORY && window.consumed()) {
          windows.add(new AddressWindow(window.cpu(), window.size()));
        }
      }, () -> unknown(path, resource));
    }
  }

  private void unknown(AmlName path, Structure resource) {
    int tag = resource.bytes()[0] & 0xff;
    if (CONNECTIONS.containsKey(tag)) {
      connections.computeIfAbsent(tag, key -> new ArrayList<>()).add(path.toString());
    } else {
      machine.untold(AmlName.of("_CRS").in(path) + ", offset 0x" + Integer.toHexString(resource.offset()),
          "a resource descriptor with tag 0x" + Integer.toHexString(tag) + " isn't understood",
          "write what it means into the topology");
    }
  }

  private Map<String, AmlTerm> properties(AmlName path) {
    Map<String, AmlTerm> all = new HashMap<>();
    List<AmlTerm> parts = namespace.constant(path, "_DSD").map(DeviceSearch::elements).orElse(List.of());
    for (int at = 0; at + 1 < parts.size(); at += 2) {
      for (AmlTerm pair : same(parts.get(at)) ? elements(parts.get(at + 1)) : List.<AmlTerm>of()) {
        List<AmlTerm> both = elements(pair);
        if (both.size() == 2 && both.getFirst() instanceof AmlTerm.Text key) {
          all.put(key.value(), both.get(1));
        }
      }
    }
    return all;
  }

  private static boolean same(AmlTerm uuid) {
    return AmlNamespace.bytes(uuid).map(bytes -> Arrays.equals(bytes, AmlNamespace.bytes(PROPERTIES).orElseThrow())).orElse(false);
  }

  /** The elements of a package; none of anything else. */
  static List<AmlTerm> elements(AmlTerm term) {
    return term instanceof AmlTerm.Operation operation && (operation.opcode() == AmlOpcode.PACKAGE
        || operation.opcode() == AmlOpcode.VAR_PACKAGE) ? operation.body() : List.of();
  }
}
