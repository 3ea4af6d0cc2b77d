// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.io.IOException;
import java.util.Arrays;
import org.xenolith.block.api.BlockDevice;

/** Commands that read, write and check blocks (SBC-3). CD-ROM drives have those that write nothing. */
final class BlockCommands {
  private static final int PIECE = 64 << 10;
  /** Most sectors that one command reads, writes or compares, which the page of block limits and what a host says of itself agree on. */
  static final long MOST_SECTORS = 0xFFFF;
  private static final int FORCE_UNIT_ACCESS = 8;
  private static final int PROTECTION = 0xE0;
  private static final int BYTE_CHECK = 6;
  private static final int COMPARE = 2;
  private static final int READ_CAPACITY_16 = 0x10;
  private static final int ACTION = 0x1F;
  private static final int CAPACITY_16 = 32;
  private static final int PROVISIONED = 0x80;

  private final byte[] piece = new byte[PIECE];
  private final byte[] given = new byte[PIECE];
  private final byte[] answer = new byte[CAPACITY_16];

  /** Carries out a command if it is one of those that write nothing. @return false if it isn't */
  boolean execute(Unit unit, ScsiTask task) {
    switch (task.opcode()) {
      case Opcode.READ_6, Opcode.READ_10, Opcode.READ_12, Opcode.READ_16 -> read(unit, task);
      case Opcode.READ_CAPACITY_10 -> capacity10(unit, task);
      case Opcode.SERVICE_ACTION_IN_16 -> serviceAction(unit, task);
      case Opcode.VERIFY_10, Opcode.VERIFY_12, Opcode.VERIFY_16 -> verify(unit, task);
      case Opcode.PRE_FETCH_10, Opcode.PRE_FETCH_16 -> ready(unit, task);
      case Opcode.SEEK_10 -> {
        if (unit.ready(task) && task.field(2, 4) >= unit.blocks()) {
          task.fail(Sense.OUT_OF_RANGE, task.field(2, 4));
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Carries out a command if it is one of those of disks that write. @return false if it isn't */
  boolean write(Unit unit, ScsiTask task) {
    switch (task.opcode()) {
      case Opcode.WRITE_6, Opcode.WRITE_10, Opcode.WRITE_12, Opcode.WRITE_16 -> store(unit, task, false);
      case Opcode.WRITE_AND_VERIFY_10, Opcode.WRITE_AND_VERIFY_12, Opcode.WRITE_AND_VERIFY_16 -> store(unit, task, true);
      case Opcode.SYNCHRONIZE_CACHE_10, Opcode.SYNCHRONIZE_CACHE_16 -> {
        if (ready(unit, task)) {
          flush(unit, task);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The first block of a command that has one. */
  static long block(ScsiTask task) {
    return switch (Opcode.length(task.opcode())) {
      case 6 -> task.field(1, 3) & 0x1F_FFFF;
      case 16 -> task.field(2, 8);
      default -> task.field(2, 4);
    };
  }

  /** How many blocks it is about. */
  static long count(ScsiTask task) {
    return switch (Opcode.length(task.opcode())) {
      case 6 -> task.field(4, 1) == 0 ? 256 : task.field(4, 1);
      case 12 -> task.field(6, 4);
      case 16 -> task.field(10, 4);
      default -> task.field(7, 2);
    };
  }

  /** Whether the unit is ready and has these blocks; if not, the task has failed. */
  static boolean holds(Unit unit, ScsiTask task, long block, long count) {
    if (!unit.ready(task)) {
      return false;
    }
    long blocks = unit.blocks();
    if (block < 0 || block > blocks || count > blocks - block) {
      task.fail(Sense.OUT_OF_RANGE, block < 0 || block > blocks ? block : blocks);
      return false;
    }
    return true;
  }

  /** Whether the unit is ready, has the command's blocks, and the command asks for no protection information, which there is none of. */
  private static boolean ready(Unit unit, ScsiTask task) {
    if (Opcode.length(task.opcode()) != 6 && task.bit(1, PROTECTION)) {
      task.fail(Sense.INVALID_FIELD);
      return false;
    }
    return holds(unit, task, block(task), count(task));
  }

  /** Whether it is {@link #ready}, and its blocks aren't more than one command may be about (SBC-3, 6.5.3: MAXIMUM TRANSFER LENGTH). */
  private static boolean transfers(Unit unit, ScsiTask task) {
    if (!ready(unit, task)) {
      return false;
    }
    boolean fits = count(task) * unit.sectorsPerBlock() <= MOST_SECTORS;
    if (!fits) {
      task.fail(Sense.INVALID_FIELD);
    }
    return fits;
  }

  /** Whether it may be written; if not, the task has failed. */
  static boolean writable(Unit unit, ScsiTask task) {
    if (unit.readOnly()) {
      task.fail(Sense.WRITE_PROTECTED);
    }
    return !unit.readOnly();
  }

  private void read(Unit unit, ScsiTask task) {
    long bytes = count(task) * unit.blockSize();
    if (!transfers(unit, task) || !task.takes(bytes)) {
      return;
    }
    long sector = block(task) * unit.sectorsPerBlock();
    for (long done = 0; done < bytes; done += PIECE) {
      int length = (int) Math.min(PIECE, bytes - done);
      if (!fill(unit, task, sector + done / BlockDevice.SECTOR, length)) {
        return;
      }
      task.data.put(piece, 0, length);
    }
  }

  /** Reads a piece of the medium; if that fails, so has the task. */
  private boolean fill(Unit unit, ScsiTask task, long sector, int length) {
    task.works(length);
    try {
      unit.device().read(sector, piece, 0, length / BlockDevice.SECTOR);
      return true;
    } catch (IOException e) {
      unit.failed(task, Sense.READ_ERROR, sector / unit.sectorsPerBlock(), e);
      return false;
    }
  }

  private void store(Unit unit, ScsiTask task, boolean check) {
    long bytes = count(task) * unit.blockSize();
    if (!transfers(unit, task) || !writable(unit, task) || !task.gives(bytes)) {
      return;
    }
    long sector = block(task);
    for (long done = 0; done < bytes; done += PIECE) {
      int length = (int) Math.min(PIECE, bytes - done);
      task.data.take(given, 0, length);
      task.works(length);
      long at = sector + done / BlockDevice.SECTOR;
      try {
        unit.device().write(at, given, 0, length / BlockDevice.SECTOR);
      } catch (IOException e) {
        unit.failed(task, Sense.WRITE_ERROR, at, e);
        return;
      }
      if (check && !fill(unit, task, at, length)) {
        return;
      }
    }
    boolean through = Opcode.length(task.opcode()) != 6 && !check && task.bit(1, FORCE_UNIT_ACCESS);
    if (through || !unit.state().writeCache(unit.number)) {
      flush(unit, task);
    }
  }

  /** Makes what was written durable; if that fails, so has the task. */
  static void flush(Unit unit, ScsiTask task) {
    try {
      unit.device().flush();
    } catch (IOException e) {
      unit.failed(task, Sense.WRITE_ERROR, -1, e);
    }
  }

  /** Reads blocks, and may compare them with what the initiator gives (SBC-3, 5.29). */
  private void verify(Unit unit, ScsiTask task) {
    int check = (task.cdb[1] & BYTE_CHECK) == COMPARE ? 1 : (task.cdb[1] & BYTE_CHECK) == 0 ? 0 : -1;
    if (check < 0) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    long bytes = count(task) * unit.blockSize();
    if (!transfers(unit, task) || check != 0 && !task.gives(bytes)) {
      return;
    }
    long sector = block(task) * unit.sectorsPerBlock();
    for (long done = 0; done < bytes; done += PIECE) {
      int length = (int) Math.min(PIECE, bytes - done);
      if (!fill(unit, task, sector + done / BlockDevice.SECTOR, length)) {
        return;
      }
      if (check != 0) {
        task.data.take(given, 0, length);
        int other = Arrays.mismatch(piece, 0, length, given, 0, length);
        if (other >= 0) {
          task.fail(Sense.MISCOMPARE, done + other);
          return;
        }
      }
    }
  }

  // ---- Capacity

  private void capacity10(Unit unit, ScsiTask task) {
    if (!task.bit(8, 1) && task.field(2, 4) != 0) {
      task.fail(Sense.INVALID_FIELD);
    } else if (unit.ready(task)) {
      Bytes.put(answer, 0, 4, Math.min(unit.blocks() - 1, 0xFFFF_FFFFL));
      Bytes.put(answer, 4, 4, unit.blockSize());
      task.answer(answer, 8, 8);
    }
  }

  private void serviceAction(Unit unit, ScsiTask task) {
    if ((task.cdb[1] & ACTION) != READ_CAPACITY_16) {
      task.fail(Sense.INVALID_FIELD);
    } else if (unit.ready(task)) {
      Arrays.fill(answer, (byte) 0);
      Bytes.put(answer, 0, 8, unit.blocks() - 1);
      Bytes.put(answer, 8, 4, unit.blockSize());
      answer[14] = (byte) (unit.isCd() ? 0 : PROVISIONED);
      task.answer(answer, CAPACITY_16, task.field(10, 4));
    }
  }
}
