// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads a tar stream entry by entry, as {@code dpkg-deb --fsys-tarfile} writes it: POSIX ustar with GNU long names;
 * the path records of pax headers are understood too.
 */
final class TarReader {
  private static final int BLOCK = 512;
  private static final int NAME_LIMIT = 1 << 16;

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private long left;
  private long padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * One entry.
   *
   * @param path as it stands in the archive, without a leading "./"
   * @param type {@code '0'} for a regular file, {@code '1'} for a further name of one, {@code '2'} for a symbolic link,
   *        {@code '5'} for a folder
   * @param mode permission bits
   * @param link what a link leads to, as it stands in the archive
   * @param size bytes of content
   */
  record Entry(String path, char type, int mode, String link, long size) {
    boolean regular() {
      return type == '0' || type == '\0';
    }
  }

  /** Goes to the next entry, skipping what is unread of this one; null at the end. */
  Entry next() throws IOException {
    String longPath = null;
    String longLink = null;
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      int read = in.readNBytes(header, 0, BLOCK);
      if (read == 0 || read == BLOCK && header[0] == 0) {
        return null;
      }
      if (read < BLOCK) {
        throw new EOFException("the archive ends inside a header");
      }
      left = number(124, 12);
      padding = -left & BLOCK - 1;
      char type = (char) header[156];
      if (type == 'L') {
        longPath = untilZero(text());
        continue;
      }
      if (type == 'K') {
        longLink = untilZero(text());
        continue;
      }
      if (type == 'x') {
        String records = text();
        longPath = paxRecord(records, "path=", longPath);
        longLink = paxRecord(records, "linkpath=", longLink);
        continue;
      }
      if (type == 'g') {
        continue;
      }
      String path = longPath != null ? longPath : shortPath();
      String link = longLink != null ? longLink : string(157, 100);
      return new Entry(path.startsWith("./") ? path.substring(2) : path, type, (int) number(100, 8) & 07777, link, left);
    }
  }

  /** The content of the current entry; once. */
  byte[] content() throws IOException {
    if (left > Integer.MAX_VALUE - 8) {
      throw new IOException("an entry of " + left + " bytes is too large");
    }
    byte[] data = in.readNBytes((int) left);
    if (data.length < left) {
      throw new EOFException("the archive ends inside a file");
    }
    left = 0;
    return data;
  }

  private String text() throws IOException {
    if (left > NAME_LIMIT) {
      throw new IOException("a path of " + left + " bytes is too long");
    }
    return new String(content(), StandardCharsets.UTF_8);
  }

  private String shortPath() {
    String name = string(0, 100);
    // The prefix field exists in POSIX archives only; GNU archives ("ustar  ") keep other things there.
    String prefix = header[262] == 0 ? string(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String untilZero(String text) {
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String paxRecord(String records, String key, String otherwise) {
    for (int at = 0; at < records.length();) {
      int space = records.indexOf(' ', at);
      if (space < 0) {
        return otherwise;
      }
      int end = at + Integer.parseInt(records, at, space, 10);
      if (end <= space || end > records.length()) {
        return otherwise;
      }
      String record = records.substring(space + 1, end - 1);
      if (record.startsWith(key)) {
        return record.substring(key.length());
      }
      at = end;
    }
    return otherwise;
  }

  private String string(int offset, int limit) {
    int end = offset;
    while (end < offset + limit && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private long number(int offset, int length) throws IOException {
    String digits = string(offset, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("the archive is damaged: '" + digits + "' is not an octal number", e);
    }
  }
}
