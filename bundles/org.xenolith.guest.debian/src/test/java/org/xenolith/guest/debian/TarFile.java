// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes tar archives for tests. */
final class TarFile {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarFile file(String path, byte[] content) {
    return entry(path, '0', content, "ustar  \0", "");
  }

  TarFile folder(String path) {
    return entry(path, '5', new byte[0], "ustar  \0", "");
  }

  /** A symbolic link (type 2) or a further name of a file (type 1). */
  TarFile link(String path, char type, String target) {
    byte[] header = header(path, type, 0, "ustar  \0");
    put(header, 157, target);
    out.writeBytes(header);
    return this;
  }

  /** An entry whose path stands in a GNU long-name entry before it. */
  TarFile longName(String path, byte[] content) {
    entry("././@LongLink", 'L', (path + "\0").getBytes(StandardCharsets.UTF_8), "ustar  \0", "");
    return file(path.substring(0, 99), content);
  }

  TarFile pax(String path, byte[] content) {
    String record = " path=" + path + "\n";
    int length = record.length() + 2;
    length = record.length() + String.valueOf(length).length();
    entry("PaxHeaders/x", 'x', (length + record).getBytes(StandardCharsets.UTF_8), "ustar\00000", "");
    return file("short", content);
  }

  TarFile entry(String path, char type, byte[] content, String magic, String prefix) {
    byte[] header = header(path, type, content.length, magic);
    put(header, 345, prefix);
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[-content.length & 511]);
    return this;
  }

  private static byte[] header(String path, char type, int size, String magic) {
    byte[] header = new byte[512];
    put(header, 0, path);
    put(header, 100, "0000644\0");
    put(header, 124, String.format("%011o\0", size));
    header[156] = (byte) type;
    put(header, 257, magic);
    return header;
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(out.toByteArray());
    all.writeBytes(new byte[1024]);
    return all.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
