// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.Structure;

/**
 * The objects that tables make when they are loaded, by their paths. Conditions at the level of a table are taken as met: nothing is
 * executed.
 */
public final class AmlNamespace {
  private final Map<AmlName, AmlTerm.Operation> objects = new LinkedHashMap<>();

  private AmlNamespace() {}

  /**
   * The namespace of a DSDT and of SSDTs after it.
   *
   * @throws org.xenolith.acpi.codec.AcpiException if one of them doesn't parse
   */
  public static AmlNamespace of(List<AcpiTable> tables) {
    AmlNamespace namespace = new AmlNamespace();
    for (AcpiTable table : tables) {
      namespace.enter(AmlReader.read(table), AmlName.of("\\"));
    }
    return namespace;
  }

  /** The namespace of terms. */
  public static AmlNamespace ofTerms(List<AmlTerm> terms) {
    AmlNamespace namespace = new AmlNamespace();
    namespace.enter(terms, AmlName.of("\\"));
    return namespace;
  }

  private void enter(List<AmlTerm> terms, AmlName scope) {
    for (AmlTerm term : terms) {
      if (term instanceof AmlTerm.Operation operation) {
        AmlName inner = scope;
        if (operation.opcode().isScope()) {
          inner = operation.opcode() == AmlOpcode.SCOPE ? existing(operation.name(), scope) : operation.name().in(scope);
        }
        if (operation.opcode().makesObject()) {
          objects.put(operation.name().in(scope), operation);
        }
        if (operation.opcode().body() == AmlBody.TERMS) {
          enter(operation.body(), inner);
        }
      }
    }
  }

  /** A scope of one segment is looked for upwards (ACPI 6.5, 5.3). */
  private AmlName existing(AmlName name, AmlName scope) {
    AmlName from = scope;
    while (!name.root() && name.up() == 0 && name.segments().size() == 1 && !objects.containsKey(name.in(from))
        && !from.segments().isEmpty()) {
      from = from.parent();
    }
    return objects.containsKey(name.in(from)) ? name.in(from) : name.in(scope);
  }

  /** All paths in the order in which the objects are made. */
  public List<AmlName> paths() {
    return List.copyOf(objects.keySet());
  }

  /** The operator that makes an object. */
  public Optional<AmlTerm.Operation> find(AmlName path) {
    return Optional.ofNullable(objects.get(path));
  }

  /** The paths of all devices. */
  public List<AmlName> devices() {
    List<AmlName> devices = new ArrayList<>();
    objects.forEach((path, object) -> {
      if (object.opcode() == AmlOpcode.DEVICE) {
        devices.add(path);
      }
    });
    return devices;
  }

  /** The value of an object below a device that is a {@code Name}; empty: there is none, or a method gives it. */
  public Optional<AmlTerm> value(AmlName device, String name) {
    return find(AmlName.of(name).in(device)).filter(object -> object.opcode() == AmlOpcode.NAME)
        .map(object -> object.operands().get(1));
  }

  /**
   * The value of an object below a device that no state of the machine changes: of a {@code Name}, or of a method that does nothing but
   * give back what is written in it. Empty: there is none, or more would have to be executed.
   */
  public Optional<AmlTerm> constant(AmlName device, String name) {
    AmlName path = AmlName.of(name).in(device);
    AmlTerm.Operation object = objects.get(path);
    if (object == null || object.opcode() != AmlOpcode.METHOD) {
      return value(device, name);
    }
    List<AmlTerm> terms;
    try {
      terms = AmlReader.body(path, object);
    } catch (AcpiException e) {
      return Optional.empty();
    }
    Map<AmlName, AmlTerm> names = new LinkedHashMap<>();
    for (AmlTerm term : terms) {
      if (!(term instanceof AmlTerm.Operation operation)) {
        return Optional.empty();
      }
      switch (operation.opcode()) {
        case NAME -> names.put(operation.name().in(path), operation.operands().get(1));
        case RETURN -> {
          return given(operation.operands().getFirst(), path, names);
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** What a method gives back: a value, or a name of its own or of its device. */
  private Optional<AmlTerm> given(AmlTerm term, AmlName method, Map<AmlName, AmlTerm> names) {
    if (!(term instanceof AmlTerm.Reference reference)) {
      return Optional.of(term).filter(value -> !(value instanceof AmlTerm.Operation operation) || isData(operation));
    }
    AmlTerm own = names.get(reference.name().in(method));
    return own != null ? Optional.of(own) : value(method.parent(), reference.name().toString());
  }

  private static boolean isData(AmlTerm.Operation operation) {
    return operation.opcode() == AmlOpcode.BUFFER || operation.opcode() == AmlOpcode.PACKAGE || operation.opcode() == AmlOpcode.VAR_PACKAGE;
  }

  /** The terms of a method; empty: there is no such method, or it doesn't parse by itself. */
  public List<AmlTerm> method(AmlName path) {
    try {
      return find(path).filter(object -> object.opcode() == AmlOpcode.METHOD).map(object -> AmlReader.body(path, object)).orElse(List.of());
    } catch (AcpiException e) {
      return List.of();
    }
  }

  /** A number below a device, {@code _UID} for instance. */
  public Optional<Long> number(AmlName device, String name) {
    return value(device, name).filter(AmlTerm.Number.class::isInstance).map(value -> ((AmlTerm.Number) value).value());
  }

  /** A hardware id as text, whether it is text or a compressed EISA id; empty: there is none, or a method gives it. */
  public Optional<String> id(AmlName device, String name) {
    return value(device, name).map(EisaId::of);
  }

  /**
   * The resources of a device, where its {@code _CRS} is a buffer; empty: there is none, or a method gives it.
   *
   * @throws org.xenolith.acpi.codec.AcpiException if the buffer holds none
   */
  public Optional<List<Structure>> resources(AmlName device) {
    return value(device, "_CRS").flatMap(AmlNamespace::bytes)
        .map(bytes -> ResourceTemplate.read(AmlName.of("_CRS").in(device).toString(), bytes));
  }

  /** The bytes of a buffer whose size is a number; empty: it is none. */
  public static Optional<byte[]> bytes(AmlTerm term) {
    if (term instanceof AmlTerm.Operation buffer && buffer.opcode() == AmlOpcode.BUFFER
        && buffer.operands().getFirst() instanceof AmlTerm.Number
        && buffer.body().getFirst() instanceof AmlTerm.Bytes bytes) {
      return Optional.of(bytes.value());
    }
    return Optional.empty();
  }
}
