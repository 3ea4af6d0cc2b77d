// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the parts of a table's structures. Time and memory are linear in the table's size, whatever its bytes are. */
final class StructureReader {
  private final String table;
  private final byte[] bytes;
  /** Structures that may still be found: parts may overlap in a damaged table, but no sound one has more than bytes. */
  private int allowed;

  StructureReader(String table, byte[] bytes) {
    this.table = table;
    this.bytes = bytes;
    allowed = bytes.length;
  }

  Structure read(int start, int length, StructureLayout layout) {
    if (--allowed < 0) {
      throw fault(start, "its parts overlap");
    }
    Structure plain = new Structure(table, bytes, start, length, fieldsEnd(start, length, layout), layout, List.of());
    List<FoundPart> parts = new ArrayList<>();
    int follows = start + plain.fieldsEnd();
    for (TablePart part : layout.parts()) {
      FoundPart found = find(plain, part, follows);
      if (found != null) {
        parts.add(found);
        follows = Math.max(follows, found.offset() + found.length());
      }
    }
    parts.sort(Comparator.comparingInt(FoundPart::offset));
    return new Structure(table, bytes, start, length, plain.fieldsEnd(), layout, withRest(plain, parts));
  }

  /**
   * Where the fields end: a structure of an earlier revision has fewer, and may have parts where a later one goes on with fields.
   */
  private int fieldsEnd(int start, int length, StructureLayout layout) {
    long limit = Math.min(length, layout.size());
    for (TablePart part : layout.parts()) {
      if (part.offset() != null && said(part.offset(), limit) && said(part.count(), limit)
          && (part.count() == null || number(start, part.count()) != 0)) {
        limit = Math.min(limit, number(start, part.offset()));
      }
    }
    int end = 0;
    for (TableField field : layout.fields()) {
      if (field.spec().end() <= limit) {
        end = field.spec().end();
      }
    }
    return end;
  }

  private static boolean said(TableField field, long limit) {
    return field == null || field.spec().end() <= limit;
  }

  private long number(int start, TableField field) {
    return LittleEndian.get(bytes, start + field.spec().offset(), field.spec().size());
  }

  /** What no part has, between them and behind them, is a part of its own. */
  private List<FoundPart> withRest(Structure in, List<FoundPart> parts) {
    List<FoundPart> all = new ArrayList<>();
    int at = in.offset() + in.fieldsEnd();
    for (FoundPart part : parts) {
      if (part.offset() < at) {
        throw fault(part.offset(), in + ": " + part.part().name() + " overlap what is before them");
      }
      if (part.offset() > at) {
        all.add(new FoundPart(null, at, part.offset() - at, List.of()));
      }
      all.add(part);
      at = part.offset() + part.length();
    }
    if (at < in.offset() + in.length()) {
      all.add(new FoundPart(null, at, in.offset() + in.length() - at, List.of()));
    }
    return all;
  }

  private FoundPart find(Structure in, TablePart part, int follows) {
    boolean said = said(part.offset(), in.fieldsEnd()) && said(part.count(), in.fieldsEnd());
    long count = !said || part.count() == null ? -1 : number(in.offset(), part.count());
    if (!said || count == 0) {
      return null;
    }
    int start = follows;
    if (part.offset() != null) {
      long offset = number(in.offset(), part.offset());
      int least = Math.max(part.offset().spec().end(), part.count() == null ? 0 : part.count().spec().end());
      if (offset < least || offset > in.length()) {
        throw fault(in.offset() + part.offset().spec().offset(), in + ": " + part.offset().name() + " is 0x"
            + Long.toHexString(offset) + ", not between 0x" + Integer.toHexString(least) + " and its length, 0x"
            + Integer.toHexString(in.length()));
      }
      start = in.offset() + (int) offset;
    }
    int limit = limit(in, part, start);
    if (part instanceof TablePart.Elements elements) {
      return elements(in, elements, start, limit, count);
    }
    if (part instanceof TablePart.Entries entries) {
      return entries(in, entries, start, limit, count);
    }
    long length = count < 0 ? limit - start : count;
    if (length > limit - start) {
      throw tooMany(in, part, count);
    }
    return length == 0 ? null : new FoundPart(part, start, (int) length, List.of());
  }

  /** A part that doesn't say how much it is ends where another one starts. */
  private int limit(Structure in, TablePart part, int start) {
    int limit = in.offset() + in.length();
    for (TablePart other : in.layout().parts()) {
      if (part.count() == null && other != part && other.offset() != null && said(other.offset(), in.fieldsEnd())) {
        long at = in.offset() + number(in.offset(), other.offset());
        limit = at > start && at < limit ? (int) at : limit;
      }
    }
    return limit;
  }

  private FoundPart elements(Structure in, TablePart.Elements part, int start, int limit, long count) {
    int size = part.element().size();
    if (count > (limit - start) / size) {
      throw tooMany(in, part, count);
    }
    long all = count < 0 ? (limit - start) / size : count;
    List<Structure> found = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      found.add(read(start + i * size, size, part.element()));
    }
    return found.isEmpty() ? null : new FoundPart(part, start, found.size() * size, found);
  }

  private FoundPart entries(Structure in, TablePart.Entries part, int start, int limit, long count) {
    List<Structure> found = new ArrayList<>();
    int at = start;
    while (count < 0 ? at < limit : found.size() < count) {
      if (limit - at < part.form().head()) {
        throw count < 0 ? fault(at, in + ": " + (limit - at) + " bytes at its end are too few for an entry")
            : tooMany(in, part, count);
      }
      long type = part.form().typeSize() == 0 ? StructureLayout.NO_TYPE
          : LittleEndian.get(bytes, at + part.form().typeOffset(), part.form().typeSize());
      long length = LittleEndian.get(bytes, at + part.form().lengthOffset(), part.form().lengthSize());
      if (length < part.form().head() || length > limit - at) {
        throw fault(at + part.form().lengthOffset(), in + ": an entry" + (type < 0 ? "" : " of type " + type) + " says that it is "
            + length + " bytes long, " + (limit - at) + " are left");
      }
      found.add(read(at, (int) length, kind(part, type)));
      at += (int) length;
    }
    return found.isEmpty() ? null : new FoundPart(part, start, at - start, found);
  }

  private static StructureLayout kind(TablePart.Entries part, long type) {
    for (StructureLayout kind : part.kinds()) {
      if (kind.type() == type) {
        return kind;
      }
    }
    return UnknownEntry.LAYOUT;
  }

  private AcpiException tooMany(Structure in, TablePart part, long count) {
    return fault(in.offset() + part.count().spec().offset(), in + ": " + part.count().name() + " is " + count
        + ", more than its " + in.length() + " bytes hold");
  }

  private AcpiException fault(int offset, String what) {
    return new AcpiException(table, offset, what, AcpiException.DAMAGED);
  }
}
