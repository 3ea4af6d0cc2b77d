// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.util.Arrays;

/** Commands of CD-ROM drives alone (MMC-6): what is on the disc is one session with one track of data. */
final class CdCommands {
  private static final int DATA_TRACK = 0x14;
  private static final int LEAD_OUT = 0xAA;
  private static final int FRAMES = 75;
  private static final int SECONDS = 60;
  /** Before the first block (MMC-6, 4.2.3). */
  private static final int PREGAP = 150;
  private static final int PROFILE_CD = 0x0008;
  private static final int CORE = 1;
  private static final int REMOVABLE = 3;
  private static final int ONLY_ONE = 2;
  private static final int ONLY_CURRENT = 1;
  private static final int MEDIA_CLASS = 4;
  private static final int NEW_MEDIA = 2;
  private static final int DISC_INFORMATION = 34;

  private final byte[] answer = new byte[64];
  private int length;

  /** Carries out a command if it is one of these. @return false if it isn't */
  boolean execute(Unit unit, ScsiTask task) {
    Arrays.fill(answer, (byte) 0);
    switch (task.opcode()) {
      case Opcode.READ_TOC -> contents(unit, task);
      case Opcode.GET_CONFIGURATION -> configuration(unit, task);
      case Opcode.GET_EVENT_STATUS -> events(unit, task);
      case Opcode.READ_DISC_INFORMATION -> disc(unit, task);
      case Opcode.MECHANISM_STATUS -> {
        answer[1] = (byte) (unit.state().trayOpen(unit.number) ? 0x10 : 0);
        task.answer(answer, 8, task.field(8, 2));
      }
      case Opcode.SYNCHRONIZE_CACHE_10 -> unit.ready(task);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** READ TOC/PMA/ATIP (MMC-6, 6.25): the tracks, or the sessions. */
  private void contents(Unit unit, ScsiTask task) {
    boolean time = task.bit(1, 2);
    int format = task.cdb[2] & 0xF;
    if (format == 0 && task.cdb[9] != 0) {
      format = task.cdb[9] >> 6 & 3; // as older drivers say it
    }
    int track = (int) task.field(6, 1);
    if (format > 1 || format == 0 && track > 1 && track != LEAD_OUT) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    if (!unit.ready(task)) {
      return;
    }
    answer[2] = 1;
    answer[3] = 1;
    length = 4;
    if (format == 1 || track <= 1) {
      descriptor(1, 0, time);
    }
    if (format == 0) {
      descriptor(LEAD_OUT, unit.blocks(), time);
    }
    Bytes.put(answer, 0, 2, length - 2);
    task.answer(answer, length, task.field(7, 2));
  }

  private void descriptor(int number, long block, boolean time) {
    answer[length + 1] = DATA_TRACK;
    answer[length + 2] = (byte) number;
    if (time) {
      long frames = block + PREGAP;
      answer[length + 5] = (byte) Math.min(frames / FRAMES / SECONDS, 0xFF);
      answer[length + 6] = (byte) (frames / FRAMES % SECONDS);
      answer[length + 7] = (byte) (frames % FRAMES);
    } else {
      Bytes.put(answer, length + 4, 4, block);
    }
    length += 8;
  }

  /** GET CONFIGURATION (MMC-6, 6.5). */
  private void configuration(Unit unit, ScsiTask task) {
    int which = task.cdb[1] & 3;
    int first = (int) task.field(2, 2);
    boolean disc = !unit.state().trayOpen(unit.number);
    if (which > ONLY_ONE) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    Bytes.put(answer, 6, 2, disc ? PROFILE_CD : 0);
    length = 8;
    // Profiles that there are, with the one that is current.
    feature(which, first, 0, 3, true, 0, PROFILE_CD, disc ? 1 : 0, 0);
    // Core, version 2: SCSI is the physical interface.
    feature(which, first, CORE, 0x0B, true, 0, 0, 0, 1, 1, 0, 0, 0);
    // A tray that locks and ejects.
    feature(which, first, REMOVABLE, 3, true, 1 << 5 | 1 << 3 | 1, 0, 0, 0);
    Bytes.put(answer, 0, 4, length - 4);
    task.answer(answer, length, task.field(7, 2));
  }

  /** @param flags version and whether it is persistent and current */
  private void feature(int which, int first, int code, int flags, boolean current, int... data) {
    boolean wanted = which == ONLY_ONE ? code == first : code >= first && (which != ONLY_CURRENT || current);
    if (wanted) {
      Bytes.put(answer, length, 2, code);
      answer[length + 2] = (byte) flags;
      answer[length + 3] = (byte) data.length;
      for (int i = 0; i < data.length; i++) {
        answer[length + 4 + i] = (byte) data[i];
      }
      length += 4 + data.length;
    }
  }

  /** GET EVENT STATUS NOTIFICATION (MMC-6, 6.6): of the medium. */
  private void events(Unit unit, ScsiTask task) {
    if (!task.bit(1, 1)) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    answer[3] = 1 << MEDIA_CLASS;
    if (!task.bit(4, 1 << MEDIA_CLASS)) {
      answer[1] = 2;
      answer[2] = (byte) 0x80; // No event that was asked for.
      task.answer(answer, 4, task.field(7, 2));
      return;
    }
    answer[1] = 6;
    answer[2] = MEDIA_CLASS;
    answer[4] = (byte) (unit.state().newMedium(unit.number) ? NEW_MEDIA : 0);
    answer[5] = (byte) (unit.state().trayOpen(unit.number) ? 1 : 2);
    task.answer(answer, 8, task.field(7, 2));
    if (!task.overrun()) {
      unit.state().newMedium(unit.number, false);
    }
  }

  /** READ DISC INFORMATION (MMC-6, 6.21). */
  private void disc(Unit unit, ScsiTask task) {
    if ((task.cdb[1] & 7) != 0) {
      task.fail(Sense.INVALID_FIELD);
    } else if (unit.ready(task)) {
      Bytes.put(answer, 0, 2, DISC_INFORMATION - 2);
      answer[2] = 0x0E; // The last session is complete, and so is the disc.
      answer[3] = 1;
      answer[4] = 1;
      answer[5] = 1;
      answer[6] = 1;
      answer[7] = 0x20;
      task.answer(answer, DISC_INFORMATION, task.field(7, 2));
    }
  }
}
