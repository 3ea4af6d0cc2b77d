// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DirectWindow;
import org.xenolith.machine.api.EventLog;

/**
 * The disk that has a bank's contents, if there is one. It is read once, when it is attached; what is programmed or erased is written
 * through, so that it lasts whatever becomes of the machine. Bytes beyond a disk that is shorter than its bank are erased and stay so.
 */
final class BankDisk {
  private static final int PIECE = 256 << 10;

  private final BlockPort port;
  private final DirectWindow memory;
  private final EventLog events;
  private final String instance;
  private final byte[] piece = new byte[PIECE];

  /** @param instance of the device, for events */
  BankDisk(BlockPort port, DirectWindow memory, EventLog events, String instance) {
    this.port = port;
    this.memory = memory;
    this.events = events;
    this.instance = instance;
  }

  /** The disk that is attached, or null. */
  BlockDevice attached() {
    return port.device();
  }

  /** Makes the bank's contents those of the disk. */
  void load() {
    BlockDevice disk = port.device();
    if (disk == null) {
      return;
    }
    long length = disk.sectors() * BlockDevice.SECTOR;
    if (length > memory.size()) {
      events.report("flash-image-too-long", instance, "the image has 0x" + Long.toHexString(length) + " bytes and the bank 0x" + Long
          .toHexString(memory.size()) + ": the rest is left out; shorten the image");
      length = memory.size();
    }
    try {
      for (long at = 0; at < length; at += PIECE) {
        int bytes = (int) Math.min(PIECE, length - at);
        disk.read(at / BlockDevice.SECTOR, piece, 0, bytes / BlockDevice.SECTOR);
        memory.write(at, piece, 0, bytes);
      }
    } catch (IOException e) {
      failed(e);
    }
    memory.fill(length, memory.size() - length, 0xFF);
  }

  /** Whether bytes can be changed so that they last: where there is no disk, or it has them and may be written. */
  boolean takes(long offset, long length) {
    BlockDevice disk = port.device();
    return disk == null || !disk.readOnly() && offset + length <= disk.sectors() * BlockDevice.SECTOR;
  }

  /**
   * Writes bytes of the bank, which have been changed, to the disk.
   *
   * @return whether they will last
   */
  boolean keep(long offset, long length) {
    BlockDevice disk = port.device();
    if (disk == null) {
      return true;
    }
    try {
      long end = offset + length + BlockDevice.SECTOR - 1 & -BlockDevice.SECTOR;
      for (long at = offset & -BlockDevice.SECTOR; at < end; at += PIECE) {
        int bytes = (int) Math.min(PIECE, end - at);
        memory.read(at, piece, 0, bytes);
        disk.write(at / BlockDevice.SECTOR, piece, 0, bytes / BlockDevice.SECTOR);
      }
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    }
  }

  private void failed(IOException e) {
    events.hostFailed("disk-error", instance, String.valueOf(e.getMessage())); // own words: what BlockDevice says
  }
}
