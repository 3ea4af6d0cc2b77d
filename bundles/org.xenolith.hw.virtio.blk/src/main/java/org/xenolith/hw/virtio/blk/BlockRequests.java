// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.blk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;

/** Carries out requests (Virtual I/O Device 1.2, 5.2.6). Whatever a driver asks, the answer is a status, never an exception. */
final class BlockRequests {
  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int GET_ID = 8;
  private static final int DISCARD = 11;
  private static final int WRITE_ZEROES = 13;
  /** A range of a discard or of zeroes: first sector, number of sectors, flags. */
  private static final int RANGE = 16;
  private static final int UNMAP = 1;
  /** Most sectors of a range: as many bytes as 31 bits count, whole 4 KiB. */
  static final int MOST_SECTORS = 0x3F_FFFF;
  private static final int OK = 0;
  private static final int IOERR = 1;
  private static final int UNSUPP = 2;
  private static final int HEADER = 16;
  private static final int ID_LENGTH = 20;
  private static final int PIECE = 64 << 10;
  /** What {@link #perform} gives for a request that isn't done: the same is to be performed again, later. */
  static final int GOES_ON = -1;
  /** Bytes that are moved before the machine goes on. */
  static final int AT_ONCE = 8 << 20;
  private static final int MORE = -1;

  private final BlockPort disk;
  private final DmaPort dma;
  private final EventLog events;
  private final String instance;
  private final ChainStream source;
  private final ChainStream sink;
  private final byte[] header = new byte[HEADER];
  /** Bytes that are done of a request that goes on. */
  private final LongCell done;
  private int moved;
  private final byte[] piece = new byte[PIECE];
  private static final byte[] ZEROES = new byte[PIECE];
  /** What the driver accepted of {@link #DISCARD} and {@link #WRITE_ZEROES}, a bit each by the request's number. */
  private int ranges;

  BlockRequests(DeviceState state, BlockPort disk, DmaPort dma, EventLog events, String instance) {
    done = state.cell("request-done", 0);
    state.added("request-done");
    this.disk = disk;
    this.dma = dma;
    this.events = events;
    this.instance = instance;
    source = new ChainStream(dma);
    sink = new ChainStream(dma);
  }

  /** Whether a driver may discard, and have zeroes written. */
  void accepts(boolean discards, boolean zeroes) {
    ranges = (discards ? 1 << DISCARD : 0) | (zeroes ? 1 << WRITE_ZEROES : 0);
  }

  /** More may be moved: {@link #AT_ONCE}. */
  void begin() {
    moved = 0;
  }

  /** Whether as much was moved as may be at once. */
  boolean enough() {
    return moved >= AT_ONCE;
  }

  /** A request that was to go on is none any more. */
  void forget() {
    done.value = 0;
  }

  /**
   * Carries out the request of a chain, or as much of it as may be at once.
   *
   * @return bytes written into it, its status byte among them; {@link #GOES_ON} if it isn't done
   */
  int perform(Chain chain) {
    source.over(chain, false);
    sink.over(chain, true);
    long statusAt = sink.last();
    long room = sink.remaining() - 1;
    if (statusAt == -1 || source.remaining() < HEADER) {
      events.report("virtio-blk-bad-request", instance, "a request needs a header of 16 bytes and a status byte");
      return 0;
    }
    int status;
    long written = 0;
    try {
      source.read(header, HEADER);
      int type = (int) littleEndian(0, 4);
      status = switch (type) {
        case IN -> read(littleEndian(8, 8), room);
        case OUT -> write(littleEndian(8, 8), source.remaining());
        case FLUSH -> flush();
        case GET_ID -> identify(room);
        case DISCARD, WRITE_ZEROES -> (ranges & 1 << type) != 0 ? range(type) : UNSUPP;
        default -> UNSUPP;
      };
      if (status == MORE) {
        return GOES_ON;
      }
      if (status == OK) {
        written = type == IN ? room : type == GET_ID ? Math.min(room, ID_LENGTH) : 0;
      }
    } catch (ExternalAbort abort) {
      events.report("virtio-blk-bad-address", instance, "a request's buffer is outside of memory");
      status = IOERR;
    }
    done.value = 0;
    try {
      dma.write(statusAt, 1, status);
    } catch (ExternalAbort abort) {
      events.report("virtio-blk-bad-address", instance, "the status byte at 0x" + Long.toHexString(statusAt)
          + " is outside of memory");
      return 0;
    }
    return (int) Math.min(written + 1, Integer.MAX_VALUE);
  }

  private long littleEndian(int offset, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | header[offset + i] & 0xFF;
    }
    return value;
  }

  /** The disk if it has the sectors, else null. */
  private BlockDevice holding(long sector, long bytes) {
    BlockDevice device = disk.device();
    long sectors = bytes / BlockDevice.SECTOR;
    boolean fits = device != null && bytes % BlockDevice.SECTOR == 0 && sector >= 0 && sector <= device.sectors()
        && sectors <= device.sectors() - sector;
    return fits ? device : null;
  }

  /** Passes over what is done; a driver may have made the request shorter meanwhile. */
  private void skip(ChainStream stream, long bytes) {
    for (long left = Math.min(done.value, bytes); left > 0; left -= AT_ONCE) {
      stream.skip((int) Math.min(AT_ONCE, left));
    }
  }

  private void moved(int length) {
    done.value += length;
    moved += length;
  }

  private int read(long sector, long bytes) {
    BlockDevice device = holding(sector, bytes);
    if (device == null) {
      return IOERR;
    }
    try {
      skip(sink, bytes);
      while (done.value < bytes && !enough()) {
        int length = (int) Math.min(PIECE, bytes - done.value);
        device.read(sector + done.value / BlockDevice.SECTOR, piece, 0, length / BlockDevice.SECTOR);
        sink.write(piece, length);
        moved(length);
      }
      return done.value < bytes ? MORE : OK;
    } catch (IOException e) {
      return failed(e);
    }
  }

  private int write(long sector, long bytes) {
    BlockDevice device = holding(sector, bytes);
    if (device == null || device.readOnly()) {
      return IOERR;
    }
    try {
      skip(source, bytes);
      while (done.value < bytes && !enough()) {
        int length = (int) Math.min(PIECE, bytes - done.value);
        source.read(piece, length);
        device.write(sector + done.value / BlockDevice.SECTOR, piece, 0, length / BlockDevice.SECTOR);
        moved(length);
      }
      return done.value < bytes ? MORE : OK;
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** A discard or zeroes, of one range; which flags there are for either is 5.2.6.2's. */
  private int range(int type) {
    if (source.remaining() != RANGE) {
      return IOERR;
    }
    source.read(header, RANGE);
    long sector = littleEndian(0, 8);
    long sectors = littleEndian(8, 4);
    long flags = littleEndian(12, 4);
    if ((flags & ~UNMAP) != 0 || type == DISCARD && flags != 0) {
      return UNSUPP;
    }
    BlockDevice device = holding(sector, sectors * BlockDevice.SECTOR);
    if (device == null || device.readOnly() || sectors > MOST_SECTORS) {
      return IOERR;
    }
    try {
      if (type == DISCARD) {
        device.discard(sector, sectors);
        return OK;
      }
      long bytes = sectors * BlockDevice.SECTOR;
      while (done.value < bytes && !enough()) {
        int length = (int) Math.min(PIECE, bytes - done.value);
        device.write(sector + done.value / BlockDevice.SECTOR, ZEROES, 0, length / BlockDevice.SECTOR);
        moved(length);
      }
      return done.value < bytes ? MORE : OK;
    } catch (IOException e) {
      return failed(e);
    }
  }

  private int flush() {
    BlockDevice device = disk.device();
    if (device == null) {
      return IOERR;
    }
    try {
      device.flush();
      return OK;
    } catch (IOException e) {
      return failed(e);
    }
  }

  private int failed(IOException e) {
    events.hostFailed("disk-error", instance, String.valueOf(e.getMessage())); // own words: what BlockDevice says
    return IOERR;
  }

  private int identify(long room) {
    byte[] id = Arrays.copyOf(disk.identity().getBytes(StandardCharsets.US_ASCII), ID_LENGTH);
    sink.write(id, (int) Math.min(room, ID_LENGTH));
    return OK;
  }
}
