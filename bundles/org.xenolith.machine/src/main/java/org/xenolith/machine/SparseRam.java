// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.xenolith.machine.kit.Ram;

/** The content of RAM as a file: each page that isn't zero behind its address, compressed. */
final class SparseRam {
  private static final int PAGE = MachineDigest.PAGE;
  /** Address behind the last page. */
  private static final long END = -1;

  private SparseRam() {}

  static void write(RamBanks ram, Path file) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FastGzip(Files.newOutputStream(file)), 1 << 16))) {
      ram.touched(chunk -> {
        try {
          for (int at = 0; at < chunk.bytes.length; at += PAGE) {
            if (!MachineDigest.isZero(chunk.bytes, at)) {
              out.writeLong(chunk.base + at);
              out.write(chunk.bytes, at, PAGE);
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      out.writeLong(END);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  static void read(RamBanks ram, Path file) throws IOException {
    ram.touched(chunk -> {
      Arrays.fill(chunk.bytes, (byte) 0);
      chunk.wrote(0, chunk.bytes.length);
    });
    long least = 0;
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)), 1 << 16))) {
      for (long address; (address = in.readLong()) != END;) {
        Ram chunk = ram.chunk(address);
        if (chunk == null || address % PAGE != 0) {
          throw new IOException("%s: a page at 0x%x, where the machine has no RAM".formatted(file, address));
        }
        // A page that comes again and again costs a damaged file nothing, and the host hours.
        if (Long.compareUnsigned(address, least) < 0) {
          throw new IOException("%s: a page at 0x%x out of order".formatted(file, address));
        }
        least = address + PAGE;
        in.readFully(chunk.bytes, (int) (address - chunk.base), PAGE);
        chunk.wrote((int) (address - chunk.base), PAGE);
      }
      if (in.read() >= 0) {
        throw new IOException(file + ": goes on behind its end");
      }
    } catch (EOFException e) {
      throw new IOException(file + ": ends early");
    } catch (ZipException e) {
      throw new IOException(file + " is damaged: " + e.getMessage());
    }
  }

  /** Most of a guest's pages compress as well at the quickest level. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
