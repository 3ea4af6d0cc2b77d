// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.List;

/**
 * What stands in a structure besides its fields: other structures, one or many, or bytes. Where it starts and how much it is, is
 * said by fields of the structure, or it follows what is before it and reaches to the structure's end.
 */
public sealed interface TablePart {
  /** What it is called when it is shown. */
  String name();

  /** Field with the offset from the start of the structure; null: it follows what is before it. */
  TableField offset();

  /** Field with the number of structures or of bytes; null: to the end of the structure. */
  TableField count();

  /**
   * Structures of several kinds, each of which says its kind and its length.
   *
   * @param form  where a structure says so
   * @param kinds those that are declared; others are kept as bytes
   */
  record Entries(String name, TableField offset, TableField count, EntryForm form, List<StructureLayout> kinds)
      implements TablePart {
    /** Takes the kinds over. */
    public Entries {
      kinds = List.copyOf(kinds);
    }
  }

  /** Structures of one kind and length. */
  record Elements(String name, TableField offset, TableField count, StructureLayout element) implements TablePart {}

  /** Bytes. */
  record Data(String name, TableField offset, TableField count) implements TablePart {}

  /** Structures to the end, of which each says kind and length. */
  static TablePart entries(String name, EntryForm form, StructureLayout... kinds) {
    return new Entries(name, null, null, form, List.of(kinds));
  }

  /** Structures of one kind to the end. */
  static TablePart elements(String name, StructureLayout element) {
    return new Elements(name, null, null, element);
  }

  /** Bytes to the end. */
  static TablePart data(String name) {
    return new Data(name, null, null);
  }
}
