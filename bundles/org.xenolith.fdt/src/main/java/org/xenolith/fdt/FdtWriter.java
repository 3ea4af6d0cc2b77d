// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a devicetree blob of version 17 (Devicetree Specification 0.4, chapter 5). Reading it gives an equal tree. The
 * same tree always gives the same bytes; they needn't be those of the compiler that made the original, as names may
 * share the strings block in other ways.
 */
public final class FdtWriter {
  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> stringOffsets = new LinkedHashMap<>();

  private FdtWriter() {}

  /** The blob of a tree, without padding at its end. */
  public static byte[] write(Fdt fdt) {
    FdtWriter writer = new FdtWriter();
    writer.node(fdt.root());
    writer.structureWord(9);
    return writer.assemble(fdt);
  }

  private void node(FdtNode node) {
    structureWord(1);
    structure.writeBytes(node.name().getBytes(StandardCharsets.ISO_8859_1));
    structure.write(0);
    align();
    for (FdtProperty property : node.properties()) {
      structureWord(3);
      structureWord(property.length());
      structureWord(stringOffsets.computeIfAbsent(property.name(), this::addString));
      structure.writeBytes(property.value());
      align();
    }
    node.children().forEach(this::node);
    structureWord(2);
  }

  private int addString(String name) {
    int offset = strings.size();
    strings.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
    strings.write(0);
    return offset;
  }

  private byte[] assemble(Fdt fdt) {
    int reservationsSize = (fdt.reservations().size() + 1) * 16;
    int structOffset = FdtHeader.SIZE + reservationsSize;
    int stringsOffset = structOffset + structure.size();
    ByteArrayOutputStream blob = new ByteArrayOutputStream(stringsOffset + strings.size());
    int[] header = {FdtHeader.MAGIC, stringsOffset + strings.size(), structOffset, stringsOffset, FdtHeader.SIZE,
        FdtHeader.VERSION, FdtHeader.OLDEST, fdt.bootCpuid(), strings.size(), structure.size()};
    for (int field : header) {
      word(blob, field);
    }
    for (FdtReservation reservation : fdt.reservations()) {
      doubleWord(blob, reservation.address());
      doubleWord(blob, reservation.size());
    }
    doubleWord(blob, 0);
    doubleWord(blob, 0);
    blob.writeBytes(structure.toByteArray());
    blob.writeBytes(strings.toByteArray());
    return blob.toByteArray();
  }

  private void structureWord(int value) {
    word(structure, value);
  }

  private void align() {
    while (structure.size() % 4 != 0) {
      structure.write(0);
    }
  }

  private static void doubleWord(ByteArrayOutputStream out, long value) {
    word(out, (int) (value >>> 32));
    word(out, (int) value);
  }

  private static void word(ByteArrayOutputStream out, int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }
}
