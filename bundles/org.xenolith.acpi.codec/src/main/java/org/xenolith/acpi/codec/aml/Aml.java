// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableIdentity;

/** The terms that boards are described with, as ASL names them. */
public final class Aml {
  private Aml() {}

  /** A table of terms. */
  public static AcpiTable table(StructureLayout kind, int revision, TableIdentity identity, List<? extends AmlTerm> terms) {
    StructureBuilder table = AcpiTable.header(kind, revision, identity);
    return AcpiTable.of(table.add(Definition.AML, AmlWriter.write(terms)));
  }

  /** Any operator. */
  public static AmlTerm.Operation operation(AmlOpcode opcode, AmlTerm... operands) {
    return new AmlTerm.Operation(opcode, List.of(operands), List.of(), 0);
  }

  /** A scope that is there. */
  public static AmlTerm.Operation scope(String name, List<? extends AmlTerm> terms) {
    return operation(AmlOpcode.SCOPE, reference(name)).withBody(List.copyOf(terms));
  }

  /** A device. */
  public static AmlTerm.Operation device(String name, List<? extends AmlTerm> terms) {
    return operation(AmlOpcode.DEVICE, reference(name)).withBody(List.copyOf(terms));
  }

  /** A named value. */
  public static AmlTerm.Operation name(String name, AmlTerm value) {
    return operation(AmlOpcode.NAME, reference(name), value);
  }

  /** A method that is not serialized. */
  public static AmlTerm.Operation method(String name, int arguments, List<? extends AmlTerm> terms) {
    return operation(AmlOpcode.METHOD, reference(name), new AmlTerm.Number(arguments, 1))
        .withBody(List.of(new AmlTerm.Bytes(AmlWriter.write(terms))));
  }

  /** An object by its name. */
  public static AmlTerm reference(String name) {
    return new AmlTerm.Reference(AmlName.of(name), List.of());
  }

  /** A number in as few bytes as hold it. */
  public static AmlTerm number(long value) {
    int bytes = value == 0 || value == 1 || value == -1 ? 0 : value >>> 8 == 0 ? 1 : value >>> 16 == 0 ? 2 : value >>> 32 == 0 ? 4 : 8;
    return new AmlTerm.Number(value, bytes);
  }

  /** ASCII. */
  public static AmlTerm text(String value) {
    return new AmlTerm.Text(value);
  }

  /** A compressed EISA id. */
  public static AmlTerm eisaId(String id) {
    return new AmlTerm.Number(EisaId.number(id), 4);
  }

  /** Bytes. */
  public static AmlTerm.Operation buffer(byte[] bytes) {
    return operation(AmlOpcode.BUFFER, number(bytes.length)).withBody(List.of(new AmlTerm.Bytes(bytes.clone())));
  }

  /** A UUID as ACPI keeps it: its first three fields least significant byte first (ACPI 6.5, 19.6.142). */
  public static AmlTerm.Operation uuid(String text) {
    UUID uuid = UUID.fromString(text);
    byte[] bytes = new byte[16];
    int[] order = {3, 2, 1, 0, 5, 4, 7, 6};
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (uuid.getMostSignificantBits() >>> 56 - 8 * order[i]);
      bytes[8 + i] = (byte) (uuid.getLeastSignificantBits() >>> 56 - 8 * i);
    }
    return buffer(bytes);
  }

  /** A package. */
  public static AmlTerm.Operation pack(List<? extends AmlTerm> elements) {
    return operation(AmlOpcode.PACKAGE, new AmlTerm.Number(elements.size(), 1)).withBody(List.copyOf(elements));
  }

  /** A package. */
  public static AmlTerm.Operation pack(AmlTerm... elements) {
    return pack(Arrays.asList(elements));
  }

  /** Device properties: pairs of a key and a value under the UUID of {@code _DSD} (UEFI Forum, _DSD Implementation Guide). */
  public static AmlTerm.Operation properties(List<AmlTerm.Operation> pairs) {
    return name("_DSD", pack(uuid(DEVICE_PROPERTIES), pack(pairs)));
  }

  /** UUID of device properties. */
  private static final String DEVICE_PROPERTIES = "daffd814-6eba-4d8c-8a91-bc9bbf4aa301";

  /** A condition in a method. */
  public static AmlTerm.Operation when(AmlTerm condition, List<? extends AmlTerm> then) {
    return operation(AmlOpcode.IF, condition).withBody(List.copyOf(then));
  }

  /** The value of a method. */
  public static AmlTerm.Operation giveBack(AmlTerm value) {
    return operation(AmlOpcode.RETURN, value);
  }

  /** One entry of {@code _PRT}: a pin of a device, wired to an interrupt without a link device (ACPI 6.5, 6.2.13). */
  public static AmlTerm.Operation route(int device, int pin, long gsiv) {
    return pack(number((long) device << 16 | 0xffff), number(pin), number(0), number(gsiv));
  }

  /** Terms one after another. */
  @SafeVarargs
  public static List<AmlTerm> terms(List<? extends AmlTerm>... lists) {
    List<AmlTerm> all = new ArrayList<>();
    for (List<? extends AmlTerm> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
