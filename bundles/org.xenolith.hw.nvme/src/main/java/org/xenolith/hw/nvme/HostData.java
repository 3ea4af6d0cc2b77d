// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;

/** The data of a command, and its way to and from memory by physical region pages (NVM Express 1.4, 4.3). */
final class HostData {
  /** Smallest page, in bytes. */
  static final int PAGE = 4096;
  /** The largest page is 2 to the power of this many smallest ones. */
  static final int LARGEST_PAGE = 4;
  /** The most data of a command is 2 to the power of this many smallest pages. */
  static final int MOST_PAGES = 7;
  /** The most data of a command, in bytes. */
  static final int MOST = PAGE << MOST_PAGES;

  /** Bytes that there are at first. */
  private static final int LEAST = 4096;

  /** As many as a command has needed so far. */
  private byte[] bytes = {};
  private final DmaPort dma;
  private final IntSupplier page;
  private final EventLog events;
  private final String instance;
  private final long[] address = new long[(1 << MOST_PAGES) + 1];
  private final int[] length = new int[address.length];
  private int pieces;

  /** @param page bytes of a page as the driver chose */
  HostData(DmaPort dma, IntSupplier page, EventLog events, String instance) {
    this.dma = dma;
    this.page = page;
    this.events = events;
    this.instance = instance;
  }

  /** The data itself, with room for {@code count} bytes, at most {@link #MOST}; nothing of it outlives a command. */
  byte[] bytes(int count) {
    if (bytes.length < count) {
      bytes = new byte[Math.min(MOST, Math.max(LEAST, Integer.highestOneBit(count - 1) << 1))];
    }
    return bytes;
  }

  /** The first {@code count} bytes, zero, to be filled. */
  ByteBuffer blank(int count) {
    Arrays.fill(bytes(count), 0, count, (byte) 0);
    return ByteBuffer.wrap(bytes, 0, count).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the first {@code count} bytes, at most {@link #MOST}, to where a command wants them. */
  Status toHost(NvmeCommand command, int count) {
    return move(command, count, true);
  }

  /** Reads {@code count} bytes, at most {@link #MOST}, from where a command has them. */
  Status fromHost(NvmeCommand command, int count) {
    return move(command, count, false);
  }

  private Status move(NvmeCommand command, int count, boolean out) {
    byte[] all = bytes(count);
    try {
      if (!walk(command.prp1(), command.prp2(), count)) {
        return Status.PRP_OFFSET_INVALID;
      }
      for (int i = 0, at = 0; i < pieces; at += length[i++]) {
        if (out) {
          dma.write(address[i], all, at, length[i]);
        } else {
          dma.read(address[i], all, at, length[i]);
        }
      }
      return Status.SUCCESS;
    } catch (ExternalAbort abort) {
      events.report("nvme-bad-address", instance, "data or a PRP list of a command is outside of memory");
      return Status.DATA_TRANSFER_ERROR;
    }
  }

  /** Collects the pieces of {@code count} bytes; false if an entry has an offset that it must not have. */
  private boolean walk(long prp1, long prp2, int count) {
    int size = page.getAsInt();
    int offset = (int) prp1 & size - 1;
    pieces = 0;
    if ((offset & 3) != 0) {
      return false;
    }
    int left = count - add(prp1, Math.min(count, size - offset));
    if (left <= size) {
      return left == 0 || addPage(prp2, left, size);
    }
    long entry = prp2;
    if ((entry & 7) != 0) {
      return false;
    }
    while (left > 0) {
      long value = dma.read(entry, 8);
      boolean last = (entry & size - 1) == size - 8;
      if (last && left > size) {
        // The last entry of a page of a list that goes on leads to the next page of it.
        if ((value & size - 1) != 0) {
          return false;
        }
        entry = value;
        value = dma.read(entry, 8);
      }
      int part = Math.min(left, size);
      if (!addPage(value, part, size)) {
        return false;
      }
      left -= part;
      entry += 8;
    }
    return true;
  }

  private boolean addPage(long at, int part, int size) {
    if ((at & size - 1) != 0) {
      return false;
    }
    add(at, part);
    return true;
  }

  /** Adds a piece, to the one before it if it goes on there. */
  private int add(long at, int part) {
    if (pieces > 0 && address[pieces - 1] + length[pieces - 1] == at) {
      length[pieces - 1] += part;
    } else {
      address[pieces] = at;
      length[pieces++] = part;
    }
    return part;
  }
}
