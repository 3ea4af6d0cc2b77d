// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a structure together by its declaration. Kinds, lengths, counts and offsets of parts come by themselves; parts stand in the
 * order in which they were added. What isn't set is zero.
 */
public final class StructureBuilder {
  private final StructureLayout layout;
  private final byte[] fields;
  private final List<Item> items = new ArrayList<>();
  private final Map<TableField, StructureBuilder> references = new LinkedHashMap<>();
  private int start;

  /** What was added: structures, or bytes; without a part, bytes that no declaration has. */
  private record Item(TablePart part, List<StructureBuilder> structures, byte[] data) {
    int length() {
      if (structures == null) {
        return data.length;
      }
      int sum = 0;
      for (StructureBuilder each : structures) {
        sum += each.length();
      }
      return sum;
    }

    int count() {
      return structures == null ? data.length : structures.size();
    }
  }

  private StructureBuilder(StructureLayout layout, int size) {
    this.layout = layout;
    fields = new byte[size];
  }

  /** A structure with all its fields, which are zero. */
  public static StructureBuilder of(StructureLayout layout) {
    return new StructureBuilder(layout, layout.size());
  }

  /** A structure of an earlier revision, whose last field is {@code last}. */
  public static StructureBuilder upTo(StructureLayout layout, TableField last) {
    return new StructureBuilder(layout, last.spec().end());
  }

  /** The same as was read, to be changed. */
  public static StructureBuilder of(Structure structure) {
    StructureBuilder same = new StructureBuilder(structure.layout(), structure.fieldsEnd());
    for (TableField field : structure.layout().fields()) {
      if (structure.has(field)) {
        same.set(field, structure.bytes(field));
      }
    }
    for (FoundPart found : structure.parts()) {
      if (found.structures().isEmpty()) {
        byte[] all = structure.bytes();
        int from = found.offset() - structure.offset();
        same.items.add(new Item(found.part(), null, Arrays.copyOfRange(all, from, from + found.length())));
      } else {
        for (Structure each : found.structures()) {
          same.add(of(each));
        }
      }
    }
    return same;
  }

  /** Its declaration. */
  public StructureLayout layout() {
    return layout;
  }

  /**
   * Sets a number.
   *
   * @throws IllegalArgumentException if the field isn't one, isn't there, or is too small for the value, which is unsigned
   */
  public StructureBuilder set(TableField field, long value) {
    FieldSpec spec = spec(field);
    if (spec.size() > 8 || Integer.bitCount(spec.size()) != 1 || !LittleEndian.fits(value, spec.size())) {
      throw new IllegalArgumentException(layout + "." + field.name() + ": 0x" + Long.toHexString(value)
          + " doesn't fit in " + spec.size() + " bytes");
    }
    LittleEndian.put(fields, spec.offset(), spec.size(), value);
    return this;
  }

  /** Sets ASCII: zeros fill up a field of text, or blanks where the header of a table is meant. */
  public StructureBuilder set(TableField field, String text) {
    FieldSpec spec = spec(field);
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    if (ascii.length > spec.size()) {
      throw new IllegalArgumentException(layout + "." + field.name() + ": \"" + text + "\" is longer than "
          + spec.size() + " characters");
    }
    boolean blanks = field instanceof TableHeader;
    Arrays.fill(fields, spec.offset(), spec.end(), (byte) (blanks ? ' ' : 0));
    System.arraycopy(ascii, 0, fields, spec.offset(), ascii.length);
    return this;
  }

  /** Sets all bytes of a field. */
  public StructureBuilder set(TableField field, byte[] bytes) {
    FieldSpec spec = spec(field);
    if (bytes.length != spec.size()) {
      throw new IllegalArgumentException(layout + "." + field.name() + ": " + bytes.length + " bytes for "
          + spec.size());
    }
    System.arraycopy(bytes, 0, fields, spec.offset(), bytes.length);
    return this;
  }

  /** Sets a register's address. */
  public StructureBuilder set(TableField field, GenericAddress address) {
    int at = spec(field).offset();
    fields[at] = (byte) address.space();
    fields[at + 1] = (byte) address.bitWidth();
    fields[at + 2] = (byte) address.bitOffset();
    fields[at + 3] = (byte) address.accessSize();
    LittleEndian.put(fields, at + 4, 8, address.address());
    return this;
  }

  /** Sets a field to the offset of another structure of the same table, from the table's start. */
  public StructureBuilder refer(TableField field, StructureBuilder target) {
    spec(field);
    references.put(field, target);
    return this;
  }

  /** Adds a structure to the part that has its kind. */
  public StructureBuilder add(StructureBuilder child) {
    TablePart part = partWith(child.layout);
    if (items.isEmpty() || items.getLast().part() != part) {
      items.add(new Item(part, new ArrayList<>(), null));
    }
    items.getLast().structures().add(child);
    return this;
  }

  /** Adds the bytes of a part. */
  public StructureBuilder add(TablePart part, byte[] data) {
    if (!layout.parts().contains(part)) {
      throw new IllegalArgumentException(layout + " has no part " + part.name());
    }
    items.add(new Item(part, null, data.clone()));
    return this;
  }

  private TablePart partWith(StructureLayout kind) {
    for (TablePart part : layout.parts()) {
      if (part instanceof TablePart.Entries entries && (entries.kinds().contains(kind) || kind == UnknownEntry.LAYOUT)
          || part instanceof TablePart.Elements elements && elements.element() == kind) {
        return part;
      }
    }
    throw new IllegalArgumentException(layout + " has no part with " + kind);
  }

  private FieldSpec spec(TableField field) {
    if (!layout.fields().contains(field) || field.spec().end() > fields.length) {
      throw new IllegalArgumentException(layout + " of " + fields.length + " bytes has no " + field.name());
    }
    return field.spec();
  }

  /** Bytes with all that was added so far. */
  public int length() {
    int sum = fields.length;
    for (Item item : items) {
      sum += item.length();
    }
    return sum;
  }

  /** The bytes; references are resolved as in a table that begins with this structure. */
  public byte[] bytes() {
    byte[] all = new byte[length()];
    place(0);
    write(all);
    return all;
  }

  private int place(int at) {
    start = at;
    int end = at + fields.length;
    for (Item item : items) {
      if (item.structures() == null) {
        end += item.length();
      } else {
        for (StructureBuilder each : item.structures()) {
          end = each.place(end);
        }
      }
    }
    return end;
  }

  private void write(byte[] all) {
    for (Map.Entry<TableField, StructureBuilder> reference : references.entrySet()) {
      set(reference.getKey(), reference.getValue().start);
    }
    int at = start + fields.length;
    for (Item item : items) {
      say(item, at - start);
      if (item.structures() == null) {
        System.arraycopy(item.data(), 0, all, at, item.data().length);
      } else {
        for (StructureBuilder each : item.structures()) {
          each.write(all);
        }
      }
      if (item.part() instanceof TablePart.Entries entries) {
        for (StructureBuilder each : item.structures()) {
          head(all, each, entries.form());
        }
      }
      at += item.length();
    }
    System.arraycopy(fields, 0, all, start, fields.length);
  }

  private void say(Item item, int offset) {
    if (item.part() == null) {
      return;
    }
    if (item.part().offset() != null) {
      set(item.part().offset(), offset);
    }
    if (item.part().count() != null) {
      set(item.part().count(), item.count());
    }
  }

  private static void head(byte[] all, StructureBuilder entry, EntryForm form) {
    if (!LittleEndian.fits(entry.length(), form.lengthSize())) {
      throw new IllegalArgumentException(entry.layout + " of " + entry.length() + " bytes is too long");
    }
    if (entry.layout.type() != StructureLayout.NO_TYPE) {
      LittleEndian.put(all, entry.start + form.typeOffset(), form.typeSize(), entry.layout.type());
    }
    LittleEndian.put(all, entry.start + form.lengthOffset(), form.lengthSize(), entry.length());
  }
}
