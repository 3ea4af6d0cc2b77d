// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.FoundPart;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;

/** What tables say, as texts by names that don't depend on who made them. */
final class TableFacts {
  /** What is the maker's own, or follows from the rest. */
  private static final Set<TableField> MAKER = Set.of(TableHeader.LENGTH, TableHeader.CHECKSUM, TableHeader.OEM_ID,
      TableHeader.OEM_TABLE_ID, TableHeader.OEM_REVISION, TableHeader.CREATOR_ID, TableHeader.CREATOR_REVISION);

  private final Map<String, String> facts = new LinkedHashMap<>();

  private TableFacts() {}

  /** The fields of all tables but those with AML. */
  static Map<String, String> fields(TableSet set) {
    TableFacts all = new TableFacts();
    set.tables().stream().filter(table -> !set.definitions().contains(table))
        .forEach(table -> all.add(table.signature(), table.structure()));
    return all.facts;
  }

  private void add(String name, Structure structure) {
    for (TableField field : structure.layout().fields()) {
      if (structure.has(field) && !MAKER.contains(field)) {
        facts.put(name + "." + field.name(), HexFormat.of().formatHex(reversed(structure.bytes(field))).replaceFirst("^0+(?=.)",
            ""));
      }
    }
    for (FoundPart part : structure.parts()) {
      Map<String, Integer> count = new TreeMap<>();
      for (Structure each : part.structures()) {
        String kind = each.layout().name();
        add(name + "/" + kind + " " + (count.merge(kind, 1, Integer::sum) - 1), each);
      }
    }
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] other = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      other[i] = bytes[bytes.length - 1 - i];
    }
    return other;
  }

  /** The devices of the namespace by id and, where there is one, the first address: coherence and resources. */
  static Map<String, String> devices(TableSet set) {
    AmlNamespace namespace = AmlNamespace.of(set.definitions());
    Map<String, String> devices = new TreeMap<>();
    for (AmlName device : namespace.devices()) {
      List<String> resources = namespace.resources(device).orElse(List.of()).stream().map(TableFacts::resource).sorted().toList();
      String name = namespace.id(device, "_HID").orElse("?") + resources.stream().filter(each -> each.startsWith("memory")).findFirst()
          .map(each -> each.replaceFirst("memory", "").replaceFirst("-.*", "")).orElse(" " + namespace.number(device, "_UID").orElse(0L));
      devices.put(name, "coherent " + namespace.number(device, "_CCA").map(String::valueOf).orElse("-") + ", "
          + String.join(", ", resources));
    }
    return devices;
  }

  /** In one form, whatever the size of its numbers. */
  private static String resource(Structure resource) {
    Map<String, Long> fields = new LinkedHashMap<>();
    resource.layout().fields().forEach(field -> fields.put(field.name(), resource.get(field)));
    return switch (resource.layout().type()) {
      case 0x86 -> "memory 0x%x-0x%x".formatted(fields.get("BASE_ADDRESS"), fields.get("BASE_ADDRESS") + fields.get("RANGE_LENGTH") - 1);
      case 0x89 -> "interrupt %d flags %d".formatted(resource.structures().findFirst().orElseThrow().get(
          Resource.Number.GSIV), fields.get("FLAGS"));
      default -> "%s 0x%x-0x%x to +0x%x flags %x/%x".formatted(
          List.of("memory", "ports", "buses").get(fields.get("RESOURCE_TYPE").intValue()), fields.get("MINIMUM"), fields.get("MAXIMUM"),
          fields.get("TRANSLATION"), fields.get("GENERAL_FLAGS"), fields.get("TYPE_FLAGS"));
    };
  }
}
