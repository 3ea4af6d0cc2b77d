// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.io.IOException;
import java.util.Arrays;
import org.xenolith.block.api.BlockDevice;

/** UNMAP and WRITE SAME of disks (SBC-3, 4.7 and 5.28, 5.43, 5.44). */
final class Provisioning {
  /** Most blocks of one UNMAP: 1 GiB. */
  static final long MOST_UNMAPPED = 1 << 21;
  /** Most ranges of one UNMAP. */
  static final int MOST_RANGES = 255;
  /** Blocks that are freed together: 64 KiB, as overlays do it. */
  static final int GRANULARITY = 128;
  /** Most blocks of one WRITE SAME: 32 MiB less a block, which is what the shorter command can say. */
  static final long MOST_SAME = 0xFFFF;
  private static final int ANCHOR = 1;
  private static final int SAME_ANCHOR = 0x10;
  private static final int PROTECTION = 0xE0;
  private static final int NO_DATA = 1;
  private static final int HEADER = 8;
  private static final int RANGE = 16;
  private static final int PIECE_BLOCKS = GRANULARITY;

  private final byte[] list = new byte[HEADER + MOST_RANGES * RANGE];
  private final byte[] piece = new byte[PIECE_BLOCKS * BlockDevice.SECTOR];

  /** Carries out a command if it is one of these. @return false if it isn't */
  boolean execute(Unit unit, ScsiTask task) {
    switch (task.opcode()) {
      case Opcode.UNMAP -> unmap(unit, task);
      case Opcode.WRITE_SAME_10, Opcode.WRITE_SAME_16 -> same(unit, task);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void unmap(Unit unit, ScsiTask task) {
    int length = (int) task.field(7, 2);
    if (task.bit(1, ANCHOR)) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    if (!unit.ready(task) || !BlockCommands.writable(unit, task) || length == 0) {
      return;
    }
    if (length < HEADER) {
      task.fail(Sense.PARAMETER_LIST_LENGTH);
      return;
    }
    if (!task.gives(length)) {
      return;
    }
    int taken = Math.min(length, list.length);
    task.data.take(list, 0, taken);
    long said = Bytes.get(list, 2, 2) / RANGE;
    if (said > MOST_RANGES) {
      task.fail(Sense.INVALID_PARAMETER);
      return;
    }
    int ranges = (int) Math.min(said, (taken - HEADER) / RANGE);
    if (fit(unit, task, ranges)) {
      discard(unit, task, ranges);
    }
  }

  /** Whether all ranges are on the disk, before any is unmapped. */
  private boolean fit(Unit unit, ScsiTask task, int ranges) {
    long sum = 0;
    for (int i = 0; i < ranges; i++) {
      long count = count(i);
      if (!BlockCommands.holds(unit, task, block(i), count)) {
        return false;
      }
      sum += count;
    }
    if (sum > MOST_UNMAPPED) {
      task.fail(Sense.INVALID_PARAMETER);
      return false;
    }
    return true;
  }

  private long block(int range) {
    return Bytes.get(list, HEADER + range * RANGE, 8);
  }

  private long count(int range) {
    return Bytes.get(list, HEADER + range * RANGE + 8, 4);
  }

  private void discard(Unit unit, ScsiTask task, int ranges) {
    for (int i = 0; i < ranges; i++) {
      try {
        unit.device().discard(block(i), count(i));
      } catch (IOException e) {
        unit.failed(task, Sense.WRITE_ERROR, block(i), e);
        return;
      }
    }
  }

  /**
   * Writes one block again and again. With UNMAP too: blocks may be freed only if they read as that block afterwards (SBC-3, 4.7.3.4.3),
   * which nobody promises.
   */
  private void same(Unit unit, ScsiTask task) {
    boolean zeros = task.opcode() == Opcode.WRITE_SAME_16 && task.bit(1, NO_DATA);
    if (task.bit(1, PROTECTION | SAME_ANCHOR)) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    long block = BlockCommands.block(task);
    long count = BlockCommands.count(task);
    if (!BlockCommands.holds(unit, task, block, count)) {
      return;
    }
    if (count == 0) {
      count = unit.blocks() - block;
    }
    if (count > MOST_SAME) {
      task.fail(Sense.INVALID_FIELD);
    } else if (BlockCommands.writable(unit, task) && (zeros || task.gives(BlockDevice.SECTOR))) {
      Arrays.fill(piece, (byte) 0);
      if (!zeros) {
        task.data.take(piece, 0, BlockDevice.SECTOR);
        for (int i = 1; i < PIECE_BLOCKS; i++) {
          System.arraycopy(piece, 0, piece, i * BlockDevice.SECTOR, BlockDevice.SECTOR);
        }
      }
      store(unit, task, block, count);
    }
  }

  private void store(Unit unit, ScsiTask task, long block, long count) {
    task.works(count * BlockDevice.SECTOR);
    for (long done = 0; done < count; done += PIECE_BLOCKS) {
      try {
        unit.device().write(block + done, piece, 0, (int) Math.min(PIECE_BLOCKS, count - done));
      } catch (IOException e) {
        unit.failed(task, Sense.WRITE_ERROR, block + done, e);
        return;
      }
    }
    if (!unit.state().writeCache(unit.number)) {
      BlockCommands.flush(unit, task);
    }
  }
}
