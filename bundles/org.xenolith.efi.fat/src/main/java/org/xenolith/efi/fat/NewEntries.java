// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Makes entries of directories (Microsoft, FAT 1.03, 6 and 7): short names, long names with their checksums, and where there is room for them. Functions of bytes. */
final class NewEntries {
  static final int ENTRY = 32;
  private static final int PER_PART = 13;
  private static final int MOST_NAME = 255;
  private static final int DELETED = 0xE5;
  private static final String FORBIDDEN = "\"*/:<>?\\|";
  /** What short names may have besides letters and digits. */
  private static final String ALSO = "$%'-_@~`!(){}^#&";
  private static final Charset SHORT_NAMES = Charset.forName("IBM437");

  private NewEntries() {}

  /** Whether something can have that name. */
  static boolean isName(String name) {
    return !name.isEmpty() && name.length() <= MOST_NAME && !name.endsWith(".") && !name.endsWith(" ") && !name.startsWith(" ") && name
        .chars()
        .allMatch(each -> each >= ' ' && FORBIDDEN.indexOf(each) < 0);
  }

  private static boolean isShort(String part, int most) {
    return part.length() <= most && part.chars().allMatch(each -> each >= 'A' && each <= 'Z' || each >= '0' && each <= '9' || ALSO.indexOf(
        each) >= 0);
  }

  private static byte[] field(String base, String extension) {
    byte[] field = new byte[11];
    Arrays.fill(field, (byte) ' ');
    byte[] first = base.getBytes(SHORT_NAMES);
    byte[] second = extension.getBytes(SHORT_NAMES);
    System.arraycopy(first, 0, field, 0, Math.min(8, first.length));
    System.arraycopy(second, 0, field, 8, Math.min(3, second.length));
    return field;
  }

  /** What of a name a short one can have: anything else becomes a low line, blanks and dots go. */
  private static String shortened(String part, int most) {
    StringBuilder out = new StringBuilder();
    for (char each : part.toUpperCase(Locale.ROOT).toCharArray()) {
      if (each != ' ' && each != '.' && out.length() < most) {
        out.append(isShort(String.valueOf(each), 1) ? each : '_');
      }
    }
    return out.toString();
  }

  /**
   * Entries for a name: those of the long one, if it needs such, and the short one's, which has nothing but name and attributes.
   *
   * @param taken short names that there are in the directory, as {@link Directory.Entry#shortName}, in capitals
   */
  static byte[] of(String name, int attributes, Set<String> taken) {
    int dot = name.lastIndexOf('.');
    String base = dot > 0 ? name.substring(0, dot) : name;
    String extension = dot > 0 ? name.substring(dot + 1) : "";
    boolean plain = isShort(base, 8) && isShort(extension, 3) && !base.isEmpty() && (dot < 0 || !extension.isEmpty());
    byte[] own = plain ? field(base, extension) : numbered(shortened(base, 8), shortened(extension, 3), taken, isShort(base.toUpperCase(
        Locale.ROOT), 8) && isShort(extension.toUpperCase(Locale.ROOT), 3));
    int parts = plain ? 0 : (name.length() + PER_PART - 1) / PER_PART;
    ByteBuffer out = ByteBuffer.allocate((parts + 1) * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    for (int part = parts; part >= 1; part--) {
      int at = (parts - part) * ENTRY;
      out.put(at, (byte) (part | (part == parts ? Directory.LAST_LONG : 0))).put(at + 11, (byte) Directory.LONG).put(at + 13,
          (byte) Directory.checksum(own, 0));
      for (int i = 0; i < PER_PART; i++) {
        int character = PER_PART * (part - 1) + i;
        out.putShort(at + Directory.CHARACTERS[i], (short) (character < name.length() ? name.charAt(character)
            : character == name.length() ? 0 : 0xFFFF));
      }
    }
    return out.put(parts * ENTRY, own).put(parts * ENTRY + 11, (byte) attributes).array();
  }

  private static byte[] numbered(String base, String extension, Set<String> taken, boolean asItIs) {
    String end = extension.isEmpty() ? "" : "." + extension;
    if (asItIs && !base.isEmpty() && !taken.contains(base + end)) {
      return field(base, extension);
    }
    for (int number = 1;; number++) {
      String tail = "~" + number;
      String whole = base.substring(0, Math.min(base.length(), 8 - tail.length())) + tail;
      if (!taken.contains(whole + end)) {
        return field(whole, extension);
      }
    }
  }

  /**
   * Where there is room for some entries that lie together.
   *
   * @param bytes the directory's
   * @return the first one's number; it may be that of one behind the end
   */
  static int room(byte[] bytes, int entries) {
    int together = 0;
    int all = bytes.length / ENTRY;
    for (int i = 0; i < all; i++) {
      if (bytes[i * ENTRY] == 0) {
        return i - together; // nothing that counts is behind it
      }
      together = (bytes[i * ENTRY] & 0xFF) == DELETED ? together + 1 : 0;
      if (together == entries) {
        return i + 1 - entries;
      }
    }
    return all - together;
  }

  /** The two that each directory but the root begins with. @param parent its parent's first cluster; 0: the root @param time for both */
  static byte[] dots(long cluster, long parent, int time) {
    ByteBuffer out = ByteBuffer.allocate(2 * ENTRY).order(ByteOrder.LITTLE_ENDIAN).put(0, field(".", "")).put(ENTRY, field("..", ""));
    for (int at = 0; at <= ENTRY; at += ENTRY) {
      out.put(at + 11, (byte) Directory.DIRECTORY);
      fill(out, at, at == 0 ? cluster : parent, 0, time);
    }
    return out.array();
  }

  /** Fills the short entry in. @param at where it is */
  static void fill(ByteBuffer out, int at, long cluster, long size, int time) {
    out.putInt(at + 14, time).putShort(at + 18, (short) (time >>> 16)).putShort(at + 20, (short) (cluster >> 16)).putInt(at + 22, time)
        .putShort(
            at + 26, (short) cluster).putInt(at + 28, (int) size);
  }
}
