// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Commands that every unit has (SPC-4), and that start, stop and lock its medium (SBC-3, 5.25; MMC-6, 6.43). */
final class PrimaryCommands {
  /** Who made the units. */
  static final String VENDOR = "XENOLITH";
  private static final String REVISION = "1.0";
  private static final int VERSION_SPC_4 = 6;
  private static final int RESPONSE_FORMAT = 2;
  private static final int REMOVABLE = 0x80;
  private static final int COMMAND_QUEUES = 2;
  private static final int DIRECT_ACCESS = 0;
  private static final int CD = 5;
  private static final int NO_UNIT = 0x7F;
  private static final int STANDARD = 36;
  private static final int SERIAL = 0x80;
  private static final int IDENTIFICATION = 0x83;
  private static final int LIMITS = 0xB0;
  private static final int CHARACTERISTICS = 0xB1;
  private static final int PROVISIONING = 0xB2;
  private static final int[] DISK_PAGES = {0, SERIAL, IDENTIFICATION, LIMITS, CHARACTERISTICS, PROVISIONING};
  private static final int[] CD_PAGES = {0, SERIAL, IDENTIFICATION};
  private static final int LONG_PAGE = 0x40;
  /** UNMAP, and WRITE SAME with UNMAP in both forms. */
  private static final int CAN_UNMAP = 0x80 | 0x40 | 0x20;
  private static final int THIN = 2;
  private static final int DESCRIPTOR_FORMAT = 1;

  private final byte[] answer = new byte[256];

  /** Carries out a command if it is one of these. @return false if it isn't */
  boolean execute(Unit unit, ScsiTask task) {
    switch (task.opcode()) {
      case Opcode.TEST_UNIT_READY -> unit.ready(task);
      case Opcode.START_STOP_UNIT -> startStop(unit, task);
      case Opcode.PREVENT_ALLOW -> unit.state().prevented(unit.number, task.bit(4, 1));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** A disk spins or not; a tray is shut or open. Power conditions (SBC-3, 5.25) make no difference. */
  private void startStop(Unit unit, ScsiTask task) {
    boolean start = task.bit(4, 1);
    if ((task.cdb[4] & 0xF0) != 0) {
      return;
    }
    if (!task.bit(4, 2)) {
      unit.state().stopped(unit.number, !start && !unit.isCd());
    } else if (!unit.isCd()) {
      task.fail(Sense.INVALID_FIELD);
    } else if (!start && unit.state().prevented(unit.number)) {
      task.fail(Sense.REMOVAL_PREVENTED);
    } else if (start == unit.state().trayOpen(unit.number)) {
      unit.state().trayOpen(unit.number, !start);
      unit.state().newMedium(unit.number, start);
      if (start) {
        unit.state().attention(unit.number, Sense.MEDIUM_CHANGED);
      }
    }
  }

  /** Answers REQUEST SENSE (SPC-4, 6.39): what waits to be told is told here, too. */
  void requestSense(Unit unit, ScsiTask task) {
    if (task.bit(1, DESCRIPTOR_FORMAT)) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    Sense waiting = unit.state().attention(unit.number);
    (waiting == null ? Sense.NO_SENSE : waiting).write(answer, -1);
    task.answer(answer, Sense.LENGTH, task.field(4, 1));
    if (!task.overrun()) {
      unit.state().attention(unit.number, Sense.NO_SENSE);
    }
  }

  /** Answers INQUIRY (SPC-4, 6.6). @param there whether the target has a unit with the number that was asked */
  void inquiry(Unit unit, boolean there, ScsiTask task) {
    Arrays.fill(answer, (byte) 0);
    int page = (int) task.field(2, 1);
    boolean vital = task.bit(1, 1);
    answer[0] = (byte) (there ? type(unit) : NO_UNIT);
    if (!vital && page == 0) {
      standard(unit);
      task.answer(answer, STANDARD, task.field(3, 2));
    } else if (vital && there && Arrays.stream(pages(unit)).anyMatch(p -> p == page)) {
      int length = vital(unit, page);
      answer[1] = (byte) page;
      Bytes.put(answer, 2, 2, length - 4);
      task.answer(answer, length, task.field(3, 2));
    } else {
      task.fail(Sense.INVALID_FIELD);
    }
  }

  private static int type(Unit unit) {
    return unit.isCd() ? CD : DIRECT_ACCESS;
  }

  private static int[] pages(Unit unit) {
    return unit.isCd() ? CD_PAGES : DISK_PAGES;
  }

  private void standard(Unit unit) {
    answer[1] = (byte) (unit.isCd() ? REMOVABLE : 0);
    answer[2] = VERSION_SPC_4;
    answer[3] = RESPONSE_FORMAT;
    answer[4] = STANDARD - 5;
    answer[7] = COMMAND_QUEUES;
    Bytes.text(answer, 8, 8, VENDOR);
    Bytes.text(answer, 16, 16, unit.isCd() ? "CD-ROM" : "DISK");
    Bytes.text(answer, 32, 4, REVISION);
  }

  /** Writes a page of vital product data (SPC-4, 7.8; SBC-3, 6.5). @return its bytes */
  private int vital(Unit unit, int page) {
    return switch (page) {
      case 0 -> {
        int[] pages = pages(unit);
        for (int i = 0; i < pages.length; i++) {
          answer[4 + i] = (byte) pages[i];
        }
        yield 4 + pages.length;
      }
      case SERIAL -> {
        Bytes.text(answer, 4, unit.serial().length(), unit.serial());
        yield 4 + unit.serial().length();
      }
      case IDENTIFICATION -> identification(unit);
      case LIMITS -> {
        Bytes.put(answer, 8, 4, BlockCommands.MOST_SECTORS);
        Bytes.put(answer, 20, 4, Provisioning.MOST_UNMAPPED);
        Bytes.put(answer, 24, 4, Provisioning.MOST_RANGES);
        Bytes.put(answer, 28, 4, Provisioning.GRANULARITY);
        Bytes.put(answer, 32, 4, 0x8000_0000L);
        Bytes.put(answer, 36, 8, Provisioning.MOST_SAME);
        yield LONG_PAGE;
      }
      case CHARACTERISTICS -> {
        Bytes.put(answer, 4, 2, 1); // Nothing turns.
        yield LONG_PAGE;
      }
      default -> {
        answer[5] = (byte) CAN_UNMAP;
        answer[6] = THIN;
        yield 8;
      }
    };
  }

  /** Two designators of the unit: a text that begins with its vendor, and a name that was assigned here (SPC-4, 7.8.6). */
  private int identification(Unit unit) {
    byte[] text = (VENDOR + unit.serial()).getBytes(StandardCharsets.US_ASCII);
    answer[4] = 2; // ASCII
    answer[5] = 1; // beginning with the vendor
    answer[7] = (byte) text.length;
    System.arraycopy(text, 0, answer, 8, text.length);
    int at = 8 + text.length;
    answer[at] = 1; // binary
    answer[at + 1] = 3; // a name of the NAA form
    answer[at + 3] = Long.BYTES;
    Bytes.put(answer, at + 4, Long.BYTES, 3L << 60 | unit.name());
    return at + 4 + Long.BYTES;
  }
}
