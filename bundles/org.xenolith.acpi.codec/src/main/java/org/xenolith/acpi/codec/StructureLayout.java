// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * The declaration of a structure: its fields without a gap, and the parts behind them. A structure of an earlier revision ends
 * after one of its fields; whether it may, is the fields' order.
 */
public final class StructureLayout {
  private final String name;
  private final String source;
  private final int type;
  private final List<TableField> fields;
  private final List<TablePart> parts;

  private StructureLayout(String name, String source, int type, List<TableField> fields, List<TablePart> parts) {
    this.name = name;
    this.source = source;
    this.type = type;
    this.fields = List.copyOf(fields);
    this.parts = List.copyOf(parts);
    int at = 0;
    for (TableField field : fields) {
      if (field.spec().offset() != at) {
        throw new IllegalArgumentException(name + "." + field.name() + ": declared at " + field.spec().offset()
            + ", what is before it ends at " + at);
      }
      at = field.spec().end();
    }
  }

  /**
   * A table with the standard header ({@link TableHeader}), whose name is its signature.
   *
   * @param source where it is specified
   * @param fields behind the header
   */
  public static StructureLayout table(String signature, String source, TableField[] fields, TablePart... parts) {
    List<TableField> all = new ArrayList<>(List.of(TableHeader.values()));
    all.addAll(List.of(fields));
    return new StructureLayout(signature, source, NO_TYPE, all, List.of(parts));
  }

  /** A structure of a kind: its fields are all, from offset 0, with those that say kind and length. */
  public static StructureLayout entry(String name, int type, String source, TableField[] fields, TablePart... parts) {
    return new StructureLayout(name, source, type, List.of(fields), List.of(parts));
  }

  /** A structure without a kind. */
  public static StructureLayout of(String name, String source, TableField[] fields, TablePart... parts) {
    return new StructureLayout(name, source, NO_TYPE, List.of(fields), List.of(parts));
  }

  /** Value of {@link #type()} of what has no kind. */
  public static final int NO_TYPE = -1;

  /** What it is called: a table's signature, or the structure's name in the specification. */
  public String name() {
    return name;
  }

  /** Document and clause. */
  public String source() {
    return source;
  }

  /** The number that says its kind, or {@link #NO_TYPE}. */
  public int type() {
    return type;
  }

  /** All fields in their order. */
  public List<TableField> fields() {
    return fields;
  }

  /** What stands behind the fields. */
  public List<TablePart> parts() {
    return parts;
  }

  /** Bytes of all fields. */
  public int size() {
    return fields.isEmpty() ? 0 : fields.getLast().spec().end();
  }

  @Override
  public String toString() {
    return name;
  }
}
