// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/**
 * An image of the form PE32+ in a guest's memory. Sources: Microsoft's PE Format, Debug Directory; the forms of CodeView's entries as EDK2's {@code Include/IndustryStandard/PeImage.h} names them.
 *
 * @param base of its first byte
 * @param size bytes
 * @param name of the file that it was linked to, without folders; empty if it doesn't say
 */
record MappedPe(long base, long size, String name) {
  private static final int MZ = 0x5A4D;
  private static final int PE = 0x4550;
  private static final int PE32_PLUS = 0x20B;
  private static final int OPTIONAL = 24;
  private static final int IMAGE_SIZE = 56;
  private static final int DIRECTORIES = 108;
  private static final int DEBUG = 6;
  /** EDK2 puts the header right before the first section, which begins at a page. */
  private static final int HEADERS = 4096;
  private static final int ENTRY = 28;
  private static final int MOST_ENTRIES = 16;
  private static final int CODE_VIEW = 2;
  private static final int NB10 = 0x3031_424E;
  private static final int RSDS = 0x5344_5352;
  private static final int MTOC = 0x434F_544D;
  private static final int LONGEST_NAME = 1024;
  private static final long LARGEST = 256 << 20;

  /** The one whose first byte is at an address, laid out as it runs. */
  static Optional<MappedPe> at(InspectedMemory memory, long base) {
    if ((GuestWords.half(memory, base) & 0xFFFF) != MZ) {
      return Optional.empty();
    }
    ByteBuffer header = GuestWords.buffer(GuestWords.upTo(memory, base, HEADERS));
    int pe = header.limit() < HEADERS ? -1 : header.getInt(0x3C);
    int optional = pe + OPTIONAL;
    if (pe < 0 || pe > HEADERS - OPTIONAL - DIRECTORIES - 8 * (DEBUG + 2) || header.getInt(pe) != PE || header.getShort(optional)
        != PE32_PLUS) {
      return Optional.empty();
    }
    long size = header.getInt(optional + IMAGE_SIZE) & 0xFFFF_FFFFL;
    int directory = optional + DIRECTORIES + 4 + 8 * DEBUG;
    boolean debug = header.getInt(optional + DIRECTORIES) > DEBUG;
    return size == 0 || size > LARGEST ? Optional.empty()
        : Optional.of(new MappedPe(base, size, debug ? name(memory, base, header.getInt(directory), header.getInt(directory + 4)) : ""));
  }

  private static String name(InspectedMemory memory, long base, int place, int length) {
    for (int i = 0; i < Math.min(length / ENTRY, MOST_ENTRIES) && place > 0; i++) {
      long entry = base + place + (long) i * ENTRY;
      if (GuestWords.half(memory, entry + 12) == CODE_VIEW) {
        long data = base + (GuestWords.half(memory, entry + 20) & 0xFFFF_FFFFL);
        int text = switch (GuestWords.half(memory, data)) {
          case NB10 -> 16;
          case RSDS -> 24;
          case MTOC -> 20;
          default -> 0;
        };
        String path = text == 0 ? "" : GuestWords.text(GuestWords.upTo(memory, data + text, LONGEST_NAME), 0, LONGEST_NAME);
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
      }
    }
    return "";
  }

  LoadedCode image() {
    return image(name, base, size);
  }

  /** An image that nothing is known of but its name, which is that of all its code. */
  static LoadedCode image(String name, long base, long size) {
    String text = name.isEmpty() ? "image" : name;
    return new LoadedCode(text, base, size, new SortedSymbols(List.of(new Symbol(base, size, SymbolKind.CODE, true, text))));
  }
}
