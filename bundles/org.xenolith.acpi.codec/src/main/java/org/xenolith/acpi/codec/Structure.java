// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A structure in the bytes of a table, seen by its declaration. Immutable. */
public final class Structure {
  private final String table;
  private final byte[] bytes;
  private final int start;
  private final int length;
  private final int fieldsEnd;
  private final StructureLayout layout;
  private final List<FoundPart> parts;

  Structure(String table, byte[] bytes, int start, int length, int fieldsEnd, StructureLayout layout,
      List<FoundPart> parts) {
    this.table = table;
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.fieldsEnd = fieldsEnd;
    this.layout = layout;
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a structure that is all of {@code bytes}.
   *
   * @param table what messages call it
   * @throws AcpiException if its parts aren't where it says
   */
  public static Structure read(String table, byte[] bytes, StructureLayout layout) {
    return new StructureReader(table, bytes.clone()).read(0, bytes.length, layout);
  }

  /** Its declaration. */
  public StructureLayout layout() {
    return layout;
  }

  /** Byte offset from the start of the table. */
  public int offset() {
    return start;
  }

  /** Bytes with all parts inside it. */
  public int length() {
    return length;
  }

  /** Bytes that its fields take: all of them, or fewer in one of an earlier revision. */
  public int fieldsEnd() {
    return fieldsEnd;
  }

  /** Whether it has a field; one of an earlier revision may not. */
  public boolean has(TableField field) {
    return field.spec().end() <= fieldsEnd;
  }

  /**
   * The unsigned number in a field.
   *
   * @throws AcpiException if the structure ends before it
   */
  public long get(TableField field) {
    return LittleEndian.get(bytes, at(field), field.spec().size());
  }

  /** As {@link #get(TableField)}; {@code absent} where the structure ends before the field. */
  public long get(TableField field, long absent) {
    return has(field) ? get(field) : absent;
  }

  /** The characters of a field without what fills it up; what is no printable ASCII is a dot. */
  public String text(TableField field) {
    String text = new String(bytes, at(field), field.spec().size(), StandardCharsets.ISO_8859_1);
    return text.replaceAll("[ \0]+$", "").replaceAll("[^\\x20-\\x7e]", ".");
  }

  /** The register that a field of kind {@link FieldKind#ADDRESS} names. */
  public GenericAddress address(TableField field) {
    int at = at(field);
    return new GenericAddress(bytes[at] & 0xff, bytes[at + 1] & 0xff, bytes[at + 2] & 0xff, bytes[at + 3] & 0xff,
        LittleEndian.get(bytes, at + 4, 8));
  }

  /** A copy of a field's bytes. */
  public byte[] bytes(TableField field) {
    int at = at(field);
    return Arrays.copyOfRange(bytes, at, at + field.spec().size());
  }

  /** A copy of all its bytes. */
  public byte[] bytes() {
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  /** The structures in it that are of a kind, in their order. */
  public List<Structure> all(StructureLayout kind) {
    return structures().filter(each -> each.layout == kind).toList();
  }

  /** All structures in it, in their order. */
  public Stream<Structure> structures() {
    return parts.stream().flatMap(part -> part.structures().stream());
  }

  /** A copy of the bytes of a part. */
  public byte[] data(TablePart part) {
    return parts.stream().filter(found -> found.part() == part).findFirst()
        .map(found -> Arrays.copyOfRange(bytes, found.offset(), found.offset() + found.length())).orElse(new byte[0]);
  }

  /** What stands behind the fields, in the order of its place; {@link FoundPart#offset()} is from the start of the table. */
  public List<FoundPart> parts() {
    return parts;
  }

  private int at(TableField field) {
    if (!has(field)) {
      throw new AcpiException(table, start, layout + " of " + length + " bytes ends before " + field.name() + " at offset "
          + field.spec().offset(), "take a table of a later revision");
    }
    return start + field.spec().offset();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Structure that && layout == that.layout
        && Arrays.equals(bytes, start, start + length, that.bytes, that.start, that.start + that.length);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  @Override
  public String toString() {
    return layout + " at 0x" + Integer.toHexString(start);
  }
}
