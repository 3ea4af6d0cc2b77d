// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * How a kernel may be packed as a whole (Linux, scripts/Makefile.lib), by how the file begins: RFC 1952, RFC 8878, "The .xz File Format" 2.1.1.1, LZMA's file with 13 bytes of header
 * ("lzma-file-format.txt" of XZ Utils), "LZ4 Frame Format" (legacy frame). Linux knows lzo, too, of which nobody keeps a library.
 */
enum KernelPacking {
  GZIP(0x1F, 0x8B) {
    @Override
    void unpack(byte[] file, long limit, Sink sink) throws IOException {
      pass(new GZIPInputStream(new ByteArrayInputStream(file), BUFFER), sink);
    }
  },
  ZSTD(0x28, 0xB5, 0x2F, 0xFD) {
    @Override
    void unpack(byte[] file, long limit, Sink sink) throws IOException {
      Zstd.unpack(file, 0, file.length, limit, sink::take);
    }
  },
  XZ(0xFD, '7', 'z', 'X', 'Z', 0) {
    @Override
    void unpack(byte[] file, long limit, Sink sink) throws IOException {
      pass(new XZInputStream(new ByteArrayInputStream(file), MEMORY_KIB), sink);
    }
  },
  LZMA(0x5D) {
    @Override
    boolean begins(byte[] file) {
      return super.begins(file) && lzmaHeader(file);
    }

    @Override
    void unpack(byte[] file, long limit, Sink sink) throws IOException {
      pass(new LZMAInputStream(new ByteArrayInputStream(file), MEMORY_KIB), sink);
    }
  },
  LZ4(2, 0x21, 0x4C, 0x18) {
    @Override
    void unpack(byte[] file, long limit, Sink sink) throws IOException {
      Lz4Frame.unpack(file, sink);
    }
  };

  private static final int BUFFER = 1 << 16;
  /** A dictionary of 128 MiB, the largest that kernels are packed with (Linux, scripts/xz_wrap.sh), and what belongs to it; a damaged file may ask for 4 GiB. */
  private static final int MEMORY_KIB = 192 << 10;
  private static final int LZMA_HEADER = 13;
  private static final int LEAST_DICTIONARY = 1 << 12;
  /** No kernel has more bytes. */
  private static final long LARGEST = 1L << 31;

  private final int[] mark;

  KernelPacking(int... mark) {
    this.mark = mark;
  }

  /** Takes what comes out. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] bytes, int from, int count) throws IOException;
  }

  /** The packing of a file; empty if it is none of these. */
  static Optional<KernelPacking> of(byte[] file) {
    return Stream.of(values()).filter(packing -> packing.begins(file)).findFirst();
  }

  boolean begins(byte[] file) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= file.length || (file[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Passes all that comes out to a sink.
   *
   * @param limit bytes that may come out, for formats that say how many these are; the sink limits others
   * @throws IOException if the file is damaged, or cut off
   */
  abstract void unpack(byte[] file, long limit, Sink sink) throws IOException;

  /** One byte is no mark: the dictionary must have a size that packers give it, and the length be unknown or possible. */
  private static boolean lzmaHeader(byte[] file) {
    if (file.length < LZMA_HEADER) {
      return false;
    }
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int dictionary = header.getInt(1);
    long length = header.getLong(5);
    int top = Integer.highestOneBit(dictionary);
    return dictionary >= LEAST_DICTIONARY && (dictionary == top || dictionary == top + top / 2) && (length == -1 || length > 0
        && length < LARGEST);
  }

  private static void pass(InputStream in, Sink sink) throws IOException {
    byte[] piece = new byte[BUFFER];
    for (int count; (count = in.read(piece)) >= 0;) {
      sink.take(piece, 0, count);
    }
  }
}
