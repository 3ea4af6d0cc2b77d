// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.kit.Ucs2;

/**
 * A package of strings in one language (UEFI 2.10, 33.3.6): a header, then blocks that say what the next string identifiers stand for. Fonts are left out.
 *
 * @param language by RFC 4646
 * @param name     identifier of the language's own name
 * @param texts    strings by their identifiers, from 1
 * @param next     the first identifier that no block has said anything of
 */
record StringPackage(String language, int name, SortedMap<Integer, String> texts, int next) {
  private static final int HEADER_SIZE = 4;
  private static final int STRINGS_AT = 8;
  private static final int NAME = 44;
  private static final int LANGUAGE = 46;
  private static final int MOST_LANGUAGE = 64;
  /** Identifiers have 16 bits. */
  private static final int MOST = 0xFFFF;
  /** A package's length has 24 bits. */
  private static final int MOST_LENGTH = 0xFF_FFFF;
  private static final int END = 0;
  private static final int SCSU = 0x10;
  private static final int UCS2 = 0x14;
  /** Bits of the kinds of blocks with text: a font comes first; there are several strings. */
  private static final int WITH_FONT = 1;
  private static final int SEVERAL = 2;
  private static final int DUPLICATE = 0x20;
  private static final int SKIP2 = 0x21;
  private static final int SKIP1 = 0x22;
  private static final int EXTENSION1 = 0x30;
  private static final int EXTENSION2 = 0x31;
  private static final int EXTENSION4 = 0x32;

  /** Takes a package apart. @throws EfiError INVALID_PARAMETER if it isn't well formed */
  static StringPackage of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int name = in.getShort(NAME) & 0xFFFF;
      StringBuilder language = new StringBuilder();
      for (int at = LANGUAGE; bytes[at] != 0 && language.length() < MOST_LANGUAGE; at++) {
        language.append((char) (bytes[at] & 0xFF));
      }
      in.position(Math.max(LANGUAGE, in.getInt(STRINGS_AT)));
      SortedMap<Integer, String> texts = new TreeMap<>();
      int next = 1;
      for (int kind = in.get() & 0xFF; kind != END; kind = in.get() & 0xFF) {
        next = Math.min(block(in, kind, next, texts), MOST + 1);
      }
      return new StringPackage(language.toString(), name, texts, next);
    } catch (RuntimeException e) { // what ByteBuffer throws at its end
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "a package of strings that isn't well formed: " + e.getMessage());
    }
  }

  /** Reads a block. @return the identifier behind it */
  private static int block(ByteBuffer in, int kind, int id, SortedMap<Integer, String> texts) {
    switch (kind) {
      case DUPLICATE -> {
        String same = texts.get(in.getShort() & 0xFFFF);
        if (same != null) {
          put(texts, id, same);
        }
        return id + 1;
      }
      case SKIP1 -> {
        return id + (in.get() & 0xFF);
      }
      case SKIP2 -> {
        return id + (in.getShort() & 0xFFFF);
      }
      case EXTENSION1, EXTENSION2, EXTENSION4 -> {
        in.get();
        int header = kind == EXTENSION1 ? 3 : kind == EXTENSION2 ? 4 : 6;
        int length = kind == EXTENSION1 ? in.get() & 0xFF : kind == EXTENSION2 ? in.getShort() & 0xFFFF : in.getInt();
        in.position(in.position() + Math.max(0, length - header));
        return id;
      }
      default -> {
        if ((kind & ~3) != SCSU && (kind & ~3) != UCS2) {
          throw new IllegalArgumentException("block of kind " + kind);
        }
        if ((kind & WITH_FONT) != 0) {
          in.get();
        }
        int count = (kind & SEVERAL) != 0 ? in.getShort() & 0xFFFF : 1;
        for (int i = 0; i < count; i++) {
          put(texts, id + i, text(in, (kind & ~3) == UCS2));
        }
        return id + count;
      }
    }
  }

  private static void put(SortedMap<Integer, String> texts, int id, String text) {
    if (id > MOST) {
      throw new IllegalArgumentException("more strings than identifiers");
    }
    texts.put(id, text);
  }

  /** A text to its NUL. Compressed ones (SCSU) are read in that scheme's first mode only, where they are Latin-1. */
  private static String text(ByteBuffer in, boolean wide) {
    StringBuilder text = new StringBuilder();
    for (int each = wide ? in.getShort() & 0xFFFF : in.get() & 0xFF; each != 0; each = wide ? in.getShort() & 0xFFFF : in.get() & 0xFF) {
      text.append((char) each);
    }
    return text.toString();
  }

  /** The same with another string. @throws EfiError OUT_OF_RESOURCES if there are no more identifiers */
  StringPackage with(int id, String text) {
    if (id > MOST) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, "no string identifier is left");
    }
    SortedMap<Integer, String> all = new TreeMap<>(texts);
    all.put(id, text);
    return new StringPackage(language, name, all, Math.max(next, id + 1));
  }

  /**
   * The bytes, with the header; each string in a block of its own. One that is the same as another says so, as it may have been when it came: written
   * anew at each place a large text would be gigabytes.
   */
  byte[] bytes() {
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    Map<String, Integer> written = new HashMap<>();
    int at = 1;
    for (Map.Entry<Integer, String> each : texts.entrySet()) {
      skip(blocks, each.getKey() - at);
      Integer same = written.putIfAbsent(each.getValue(), each.getKey());
      if (same == null) {
        blocks.write(UCS2);
        blocks.writeBytes(Ucs2.bytes(each.getValue()));
      } else {
        blocks.write(DUPLICATE);
        blocks.write(same);
        blocks.write(same >> 8);
      }
      at = each.getKey() + 1;
    }
    skip(blocks, next - at);
    blocks.write(END);
    byte[] spoken = (language + '\0').getBytes(StandardCharsets.ISO_8859_1);
    int header = LANGUAGE + spoken.length;
    int length = header + blocks.size();
    if (length > MOST_LENGTH) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, "strings in " + language + " of " + length + " bytes");
    }
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length | PackageList.STRINGS << 24).putInt(HEADER_SIZE,
        header)
        .putInt(STRINGS_AT, header).putShort(NAME, (short) name).put(LANGUAGE, spoken).put(header, blocks.toByteArray()).array();
  }

  private static void skip(ByteArrayOutputStream blocks, int count) {
    if (count > 0) {
      blocks.write(SKIP2);
      blocks.write(count);
      blocks.write(count >> 8);
    }
  }
}
