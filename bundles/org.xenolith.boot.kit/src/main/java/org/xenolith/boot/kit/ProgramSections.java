// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.boot.api.BootException;

/**
 * The section table of an EFI program ("PE Format", Microsoft; COFF file header, optional header, section table).
 *
 * @param file   the program
 * @param all    its sections, in the table's order
 * @param signed whether a certificate table is behind them
 */
record ProgramSections(byte[] file, List<Section> all, boolean signed) {
  private static final int PE_OFFSET_AT = 0x3C;
  private static final int PE_HEADER = 24;
  private static final int ROW = 40;
  private static final int NAME = 8;
  private static final int PE = 0x4550;
  private static final int PE32_PLUS = 0x20B;
  /** Size of the fifth data directory, the certificate table, in the optional header of PE32+. */
  private static final int CERTIFICATES_AT = 112 + 4 * 8 + 4;

  /**
   * A section.
   *
   * @param offset in the file, bytes
   * @param size   in the file, bytes, without the zeros that align the next one
   */
  record Section(String name, long offset, long size) {}

  /** Those of a file; empty if it is no EFI program. */
  static Optional<ProgramSections> of(byte[] file) {
    if (file.length < PE_OFFSET_AT + 4 || file[0] != 'M' || file[1] != 'Z') {
      return Optional.empty();
    }
    ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int pe = words.getInt(PE_OFFSET_AT);
    if (pe < 0 || pe > file.length - PE_HEADER || words.getInt(pe) != PE) {
      return Optional.empty();
    }
    int count = words.getShort(pe + 6) & 0xFFFF;
    int optional = words.getShort(pe + 20) & 0xFFFF;
    int header = pe + PE_HEADER;
    boolean signed = optional >= CERTIFICATES_AT + 4 && header <= file.length - optional && (words.getShort(header) & 0xFFFF) == PE32_PLUS
        && words.getInt(header + CERTIFICATES_AT) != 0;
    List<Section> all = new ArrayList<>();
    long row = (long) header + optional;
    for (int i = 0; i < count && row <= file.length - ROW; i++, row += ROW) {
      int at = (int) row;
      long size = words.getInt(at + 8) & 0xFFFF_FFFFL;
      long stored = words.getInt(at + 16) & 0xFFFF_FFFFL;
      // What the file doesn't hold of a section is zeros.
      all.add(new Section(new String(file, at, NAME, StandardCharsets.US_ASCII).replaceFirst("\0.*", ""), words.getInt(at + 20)
          & 0xFFFF_FFFFL, size == 0 ? stored : Math.min(size, stored)));
    }
    return Optional.of(new ProgramSections(file, all, signed));
  }

  /**
   * The bytes of a section.
   *
   * @throws BootException if the file ends before them
   */
  byte[] content(Section section) {
    if (section.offset + section.size > file.length) {
      throw new BootException("the unified kernel image is cut off: its section " + section.name + " has " + section.size + " bytes at "
          + section.offset + ", and the file " + file.length + ". Copy the file again.");
    }
    return Arrays.copyOfRange(file, (int) section.offset, (int) (section.offset + section.size));
  }

  /** The text of a section: UTF-8, up to a zero if there is one. */
  String text(Section section) {
    return new String(content(section), StandardCharsets.UTF_8).replaceFirst("(?s)\0.*", "").strip();
  }
}
