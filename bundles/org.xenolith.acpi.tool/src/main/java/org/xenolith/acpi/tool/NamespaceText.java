// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.tool;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.xenolith.acpi.codec.FoundPart;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlTerm;

/** A namespace as text, a line for each object and one for each resource. */
final class NamespaceText {
  private final AmlNamespace namespace;
  private final List<String> lines = new ArrayList<>();

  private NamespaceText(AmlNamespace namespace) {
    this.namespace = namespace;
  }

  static List<String> lines(AmlNamespace namespace) {
    NamespaceText text = new NamespaceText(namespace);
    namespace.paths().forEach(text::object);
    return text.lines;
  }

  private void object(AmlName path) {
    AmlTerm.Operation object = namespace.find(path).orElseThrow();
    String what = object.opcode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    AmlName device = path.parent();
    if (path.last().equals("_CRS") && namespace.resources(device).isPresent()) {
      for (Structure resource : namespace.resources(device).orElseThrow()) {
        lines.add(path + " " + resource.layout().name() + fields(resource));
      }
    } else if ((path.last().equals("_HID") || path.last().equals("_CID")) && namespace.id(device, path.last()).isPresent()) {
      lines.add(path + " = \"" + namespace.id(device, path.last()).orElseThrow() + '"');
    } else {
      lines.add(path + switch (object.opcode()) {
        case NAME -> " = " + value(object.operands().get(1));
        case METHOD -> " method of " + ((AmlTerm.Number) object.operands().get(1)).value() % 8 + " arguments, "
            + ((AmlTerm.Bytes) object.body().getFirst()).value().length + " bytes";
        default -> " " + what;
      });
    }
  }

  private static String fields(Structure resource) {
    StringBuilder text = new StringBuilder();
    for (TableField field : resource.layout().fields()) {
      if (!field.name().equals("TAG") && !field.name().equals("LENGTH")) {
        text.append(' ').append(field.name().toLowerCase(Locale.ROOT)).append("=0x").append(Long.toHexString(resource.get(field)));
      }
    }
    for (FoundPart part : resource.parts()) {
      for (Structure each : part.structures()) {
        text.append(fields(each));
      }
    }
    return text.toString();
  }

  private static String value(AmlTerm term) {
    return switch (term) {
      case AmlTerm.Number number -> "0x" + Long.toHexString(number.value());
      case AmlTerm.Text text -> '"' + text.value() + '"';
      case AmlTerm.Reference reference -> reference.name().toString();
      case AmlTerm.Bytes bytes -> HexFormat.ofDelimiter(" ").formatHex(bytes.value());
      case AmlTerm.FieldElement field -> field.name();
      case AmlTerm.Operation operation -> operation.opcode().name().toLowerCase(Locale.ROOT) + " {" + String.join(", ", operation.body()
          .stream().map(NamespaceText::value).toList()) + "}";
    };
  }
}
