// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.List;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.platform.api.AddressWindow;

/**
 * The bytes behind a window that can be read directly. Permanent as the window is: they outlive the models behind it. Its chunks are
 * RAM to whoever reads, and not found by whoever writes.
 */
public final class WindowMemory {
  /** Largest chunk in bytes: of a flash most is never looked at. */
  private static final int CHUNK = 256 << 10;

  private final AddressWindow range;
  private final RamBanks chunks;
  private final List<Processor> cpus;
  private boolean direct;

  /** @param blank what bytes hold that nobody has written */
  public WindowMemory(AddressWindow range, int blank, List<Processor> cpus, Ram.CodeListener codeListener) {
    this.range = range;
    this.cpus = cpus;
    chunks = new RamBanks(List.of(range), CHUNK, (byte) blank, codeListener);
  }

  RamBanks chunks() {
    return chunks;
  }

  boolean direct() {
    return direct;
  }

  /** Says whether reads go to the bytes. What CPUs and engines keep of them is void when they no longer do. */
  void direct(boolean on) {
    if (direct && !on) {
      direct = false;
      chunks.touched(Ram::dropCode);
      for (int i = 0; i < cpus.size(); i++) {
        cpus.get(i).windowChanged();
      }
    }
    direct = on;
  }

  /** The chunk behind an address of the window; null while it isn't read directly. */
  Ram readable(long address) {
    return direct ? chunks.chunk(address) : null;
  }

  /** Reads bytes that are in one chunk, as naturally aligned ones are. */
  long read(long offset, int size) {
    Ram chunk = chunks.chunk(range.base() + offset);
    return chunk.read((int) (range.base() + offset - chunk.base), size);
  }

  /** Changes bytes that are in one chunk. */
  void write(long offset, int size, long value) {
    Ram chunk = chunks.chunk(range.base() + offset);
    chunk.write((int) (range.base() + offset - chunk.base), size, value);
  }

  /** Copies bytes out. */
  void read(long offset, byte[] into, int at, int length) {
    for (int done = 0; done < length;) {
      long address = range.base() + offset + done;
      Ram chunk = chunks.chunk(address);
      int piece = (int) Math.min(length - done, chunk.base + chunk.size - address);
      chunk.read((int) (address - chunk.base), into, at + done, piece);
      done += piece;
    }
  }

  /** Copies bytes in. */
  void write(long offset, byte[] from, int at, int length) {
    for (int done = 0; done < length;) {
      long address = range.base() + offset + done;
      Ram chunk = chunks.chunk(address);
      int piece = (int) Math.min(length - done, chunk.base + chunk.size - address);
      chunk.write((int) (address - chunk.base), from, at + done, piece);
      done += piece;
    }
  }

  /** Gives bytes the same value. */
  void fill(long offset, long length, byte value) {
    for (long at = range.base() + offset, end = at + length; at != end;) {
      Ram chunk = value == chunks.blank() ? chunks.known(at) : chunks.chunk(at);
      int piece = (int) Math.min(end - at, chunk == null ? MachineDigest.PAGE - (at & MachineDigest.PAGE - 1) : chunk.base
          + chunk.size - at);
      if (chunk != null) {
        chunk.fill((int) (at - chunk.base), piece, value);
      }
      at += piece;
    }
  }
}
