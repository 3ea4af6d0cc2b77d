// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.Ram;

/** The content of RAM, and of the memory of windows, as bytes: each page that was written behind its address, compressed. */
final class SparseRam {
  private static final int PAGE = MachineDigest.PAGE;
  /** Address behind the last page. */
  private static final long END = -1;

  private SparseRam() {}

  /** Closes what it writes to. */
  static void write(AddressSpace space, OutputStream to) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FastGzip(to), 1 << 16))) {
      byte[] page = new byte[PAGE];
      for (AddressSpace.Chunk chunk : space.touched()) {
        Ram ram = chunk.ram();
        for (int at = 0; at < ram.size; at += PAGE) {
          if (!chunk.blank(at)) {
            out.writeLong(ram.base + at);
            ram.read(at, page, 0, PAGE);
            out.write(page);
          }
        }
      }
      out.writeLong(END);
    }
  }

  /** Closes what it reads. @param file what that is, for messages */
  static void read(AddressSpace space, InputStream from, String file) throws IOException {
    space.clear();
    long least = 0;
    byte[] page = new byte[PAGE];
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(from), 1 << 16))) {
      for (long address; (address = in.readLong()) != END;) {
        Ram chunk = space.chunk(address);
        if (chunk == null || address % PAGE != 0) {
          throw new IOException("%s: a page at 0x%x, where the machine has no RAM".formatted(file, address));
        }
        // A page that comes again and again costs a damaged file nothing, and the host hours.
        if (Long.compareUnsigned(address, least) < 0) {
          throw new IOException("%s: a page at 0x%x out of order".formatted(file, address));
        }
        least = address + PAGE;
        in.readFully(page);
        chunk.write((int) (address - chunk.base), page, 0, PAGE);
      }
      if (in.read() >= 0) {
        throw new IOException(file + ": goes on behind its end");
      }
    } catch (EOFException e) {
      throw new IOException(file + ": ends early");
    } catch (ZipException e) {
      throw new IOException(file + " is damaged: " + HostReason.of(e).text());
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
