// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Entries of a directory (Microsoft, FAT 1.03, 6 and 7): a function of its bytes. Long names count only if their checksums are right. */
final class Directory {
  private static final int ENTRY = 32;
  /** Attributes of a part of a long name. */
  static final int LONG = 0x0F;
  /** Attribute: the volume's label. */
  static final int LABEL = 0x08;
  /** Attribute: it can't be written. */
  static final int READ_ONLY = 0x01;
  /** Attribute: a directory. */
  static final int DIRECTORY = 0x10;
  private static final int DELETED = 0xE5;
  /** In the number of a long name's last part, which comes first. */
  static final int LAST_LONG = 0x40;
  private static final int MOST_LONG = 20;
  private static final Charset SHORT_NAMES = Charset.forName("IBM437");
  /** Where a part of a long name has its characters. */
  static final int[] CHARACTERS = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

  private Directory() {}

  /**
   * An entry.
   *
   * @param name       long, or else short
   * @param shortName  as it would be without the long one
   * @param attributes as they stand there
   * @param cluster    the first; 0: none
   * @param size       bytes
   * @param created    date and time: 16 bits each, the date above
   * @param accessed   the same, without a time
   * @param modified   the same
   * @param slot       which one of the directory's 32 bytes it is, that with the short name
   * @param slots      how many it takes, with those of its long name
   */
  record Entry(String name, String shortName, int attributes, long cluster, long size, int created, int accessed, int modified, int slot,
      int slots) {
    /** One that is nowhere in a directory. */
    Entry(String name, String shortName, int attributes, long cluster, long size, int created, int accessed, int modified) {
      this(name, shortName, attributes, cluster, size, created, accessed, modified, 0, 1);
    }

    boolean isDirectory() { return (attributes & DIRECTORY) != 0; }

    /** Whether it is the directory itself, or its parent. */
    boolean isDots() { return name.equals(".") || name.equals(".."); }

    /** Whether a path's part means it: case makes no difference. */
    boolean is(String wanted) {
      return name.equalsIgnoreCase(wanted) || shortName.equalsIgnoreCase(wanted);
    }
  }

  /** The number of the entry that is the volume's label; -1 if there is none. */
  static int label(byte[] bytes) {
    for (int at = 0; at + ENTRY <= bytes.length && bytes[at] != 0; at += ENTRY) {
      if ((bytes[at] & 0xFF) != DELETED && (bytes[at + 11] & 0x3F) != LONG && (bytes[at + 11] & LABEL) != 0) {
        return at / ENTRY;
      }
    }
    return -1;
  }

  /** All entries but labels and what is deleted. */
  static List<Entry> entries(byte[] bytes) {
    List<Entry> entries = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    LongName longName = new LongName();
    for (int at = 0; at + ENTRY <= bytes.length && bytes[at] != 0; at += ENTRY) {
      int attributes = bytes[at + 11] & 0x3F;
      if ((bytes[at] & 0xFF) == DELETED) {
        longName.forget();
      } else if (attributes == LONG) {
        longName.add(bytes, at);
      } else {
        int parts = longName.parts();
        String name = longName.take(bytes, at);
        if ((attributes & LABEL) == 0) {
          String shortName = shortName(bytes, at);
          long cluster = (long) (in.getShort(at + 20) & 0xFFFF) << 16 | in.getShort(at + 26) & 0xFFFF;
          entries.add(new Entry(name == null ? shortName : name, shortName, attributes, cluster & 0x0FFF_FFFF, in.getInt(at + 28)
              & 0xFFFF_FFFFL, in.getInt(at + 14), in.getShort(at + 18) << 16, in.getInt(at + 22), at / ENTRY, 1 + (name == null ? 0
                  : parts)));
        }
      }
    }
    return entries;
  }

  /** What parts of a long name have of the short one that they belong to. */
  static int checksum(byte[] bytes, int at) {
    int sum = 0;
    for (int i = 0; i < 11; i++) {
      sum = ((sum & 1) << 7 | sum >> 1) + (bytes[at + i] & 0xFF) & 0xFF;
    }
    return sum;
  }

  private static String shortName(byte[] bytes, int at) {
    byte[] raw = new byte[11];
    System.arraycopy(bytes, at, raw, 0, raw.length);
    if (raw[0] == 5) {
      raw[0] = (byte) DELETED;
    }
    String base = new String(raw, 0, 8, SHORT_NAMES).stripTrailing();
    String extension = new String(raw, 8, 3, SHORT_NAMES).stripTrailing();
    int lower = bytes[at + 12];
    base = (lower & 0x08) != 0 ? base.toLowerCase(Locale.ROOT) : base;
    extension = (lower & 0x10) != 0 ? extension.toLowerCase(Locale.ROOT) : extension;
    return extension.isEmpty() ? base : base + '.' + extension;
  }

  /** The parts of a long name, which come in reverse. */
  private static final class LongName {
    private final char[] characters = new char[13 * MOST_LONG];
    private int expected;
    private int checksum;
    private int parts;

    /** How many entries the name takes so far. */
    int parts() {
      return parts;
    }

    void forget() {
      expected = 0;
      parts = 0;
    }

    void add(byte[] bytes, int at) {
      int order = bytes[at] & 0xFF;
      int number = order & 0x3F;
      if ((order & LAST_LONG) != 0) {
        forget();
        if (number < 1 || number > MOST_LONG) {
          return;
        }
        parts = number;
        expected = number;
        checksum = bytes[at + 13] & 0xFF;
      }
      if (number != expected || number == 0 || checksum != (bytes[at + 13] & 0xFF)) {
        forget();
        return;
      }
      for (int i = 0; i < CHARACTERS.length; i++) {
        int place = at + CHARACTERS[i];
        characters[13 * (number - 1) + i] = (char) (bytes[place] & 0xFF | bytes[place + 1] << 8);
      }
      expected--;
      if (expected == 0) {
        expected = -1;
      }
    }

    /** The name of the entry that follows; null if it has none. */
    String take(byte[] bytes, int at) {
      boolean whole = expected == -1 && checksum(bytes, at) == checksum;
      int length = 0;
      while (length < 13 * parts && characters[length] != 0) {
        length++;
      }
      String name = whole ? new String(characters, 0, length) : null;
      forget();
      return name;
    }
  }
}
