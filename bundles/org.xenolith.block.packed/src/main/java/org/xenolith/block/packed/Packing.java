// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;
import org.xenolith.boot.kit.Zstd;

/** How a file may be packed as a whole, each with the marks by which it is known: RFC 1952, "The .xz File Format" 2.1.1.1, RFC 8878 3.1.1. */
enum Packing {
  GZIP("gzip", "gzip -dk", 0x1F, 0x8B, 8) {
    @Override
    void unpack(InputStream in, Zstd.Sink sink) throws IOException {
      pass(new GZIPInputStream(in, BUFFER), sink);
    }
  },
  XZ("xz", "xz -dk", 0xFD, '7', 'z', 'X', 'Z', 0) {
    @Override
    void unpack(InputStream in, Zstd.Sink sink) throws IOException {
      pass(new XZInputStream(in, MOST_MEMORY_KIB), sink);
    }
  },
  ZSTD("zstd", "zstd -dk", 0x28, 0xB5, 0x2F, 0xFD) {
    @Override
    void unpack(InputStream in, Zstd.Sink sink) throws IOException {
      Zstd.unpack(in, Long.MAX_VALUE, sink);
    }
  };

  private static final int BUFFER = 1 << 16;
  /** A dictionary of 128 MiB and what belongs to it; {@code xz -9} has 64. */
  private static final int MOST_MEMORY_KIB = 160 << 10;
  private static final int GZIP_FLAGS_AT = 3;
  /** Of RFC 1952 2.3.1: those that must be zero; code of a boot sector may begin as gzip does. */
  private static final int GZIP_RESERVED = 0xE0;

  /** What people call it. */
  final String word;
  /** What unpacks it on a host, before the file's name. */
  final String command;
  private final int[] mark;

  Packing(String word, String command, int... mark) {
    this.word = word;
    this.command = command;
    this.mark = mark;
  }

  /** The packing of a file, by how it begins. */
  static Optional<Packing> of(byte[] begin) {
    for (Packing packing : values()) {
      if (packing.begins(begin) && (packing != GZIP || begin.length > GZIP_FLAGS_AT && (begin[GZIP_FLAGS_AT] & GZIP_RESERVED) == 0)) {
        return Optional.of(packing);
      }
    }
    return Optional.empty();
  }

  private boolean begins(byte[] file) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= file.length || (file[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** Passes all that comes out to a sink. @throws IOException if the file is damaged, or cut off */
  abstract void unpack(InputStream in, Zstd.Sink sink) throws IOException;

  private static void pass(InputStream in, Zstd.Sink sink) throws IOException {
    byte[] piece = new byte[BUFFER];
    for (int count; (count = in.read(piece)) >= 0;) {
      sink.take(piece, 0, count);
    }
  }
}
