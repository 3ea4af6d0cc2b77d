// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.util.Arrays;

/** MODE SENSE and MODE SELECT (SPC-4, 6.8 to 6.12) with the pages that drivers ask for. */
final class ModeCommands {
  private static final int WRITE_PROTECTED = 0x80;
  private static final int NO_DESCRIPTOR = 8;
  private static final int DESCRIPTOR = 8;
  private static final int ALL_PAGES = 0x3F;
  private static final int ALL_SUBPAGES = 0xFF;
  private static final int CURRENT = 0;
  private static final int CHANGEABLE = 1;
  private static final int SAVED = 3;
  private static final int ERROR_RECOVERY = 0x01;
  private static final int CACHING = 0x08;
  private static final int CONTROL = 0x0A;
  private static final int CAPABILITIES = 0x2A;
  private static final int[] DISK_PAGES = {ERROR_RECOVERY, CACHING, CONTROL};
  private static final int[] CD_PAGES = {ERROR_RECOVERY, CONTROL, CAPABILITIES};
  private static final int WRITE_CACHE = 4;
  private static final int PAGE_FORMAT = 0x10;
  private static final int SAVE_PAGES = 1;
  /** CD-ROM drives measure speed in KB/s, and 1x is 176. */
  private static final int SPEED = 50 * 176;
  private static final int LONGEST = 256;

  private final byte[] answer = new byte[LONGEST];
  private final byte[] given = new byte[LONGEST];
  private final byte[] page = new byte[LONGEST];

  /** Carries out a command if it is one of these. @return false if it isn't */
  boolean execute(Unit unit, ScsiTask task) {
    switch (task.opcode()) {
      case Opcode.MODE_SENSE_6 -> sense(unit, task, 4, task.field(4, 1));
      case Opcode.MODE_SENSE_10 -> sense(unit, task, 8, task.field(7, 2));
      case Opcode.MODE_SELECT_6 -> select(unit, task, 4, (int) task.field(4, 1));
      case Opcode.MODE_SELECT_10 -> select(unit, task, 8, (int) task.field(7, 2));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int[] pages(Unit unit) {
    return unit.isCd() ? CD_PAGES : DISK_PAGES;
  }

  /** @param header bytes of the mode parameter header: 4 or 8 */
  private void sense(Unit unit, ScsiTask task, int header, long allocated) {
    int control = task.cdb[2] >> 6 & 3;
    int wanted = task.cdb[2] & ALL_PAGES;
    int subpage = (int) task.field(3, 1);
    if (control == SAVED) {
      task.fail(Sense.NOTHING_SAVED);
      return;
    }
    Arrays.fill(answer, (byte) 0);
    int length = header;
    if (!unit.isCd()) {
      answer[header == 4 ? 2 : 3] = (byte) (unit.readOnly() ? WRITE_PROTECTED : 0);
      if (!task.bit(1, NO_DESCRIPTOR)) {
        Bytes.put(answer, length, 4, Math.min(unit.blocks(), 0xFF_FFFFL));
        Bytes.put(answer, length + 4, 4, unit.blockSize());
        length += DESCRIPTOR;
      }
    }
    answer[header - 1] = (byte) (length - header);
    int before = length;
    for (int code : pages(unit)) {
      if (wanted == code && subpage == 0 || wanted == ALL_PAGES && (subpage == 0 || subpage == ALL_SUBPAGES)) {
        int bytes = page(unit, code, control);
        System.arraycopy(page, 0, answer, length, bytes);
        length += bytes;
      }
    }
    if (length == before) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    if (header == 4) {
      answer[0] = (byte) (length - 1);
    } else {
      Bytes.put(answer, 0, 2, length - 2);
    }
    task.answer(answer, length, allocated);
  }

  /** Makes a page. @param control whether its values are current ones, masks of what can be changed, or those at first. @return its bytes */
  private int page(Unit unit, int code, int control) {
    Arrays.fill(page, (byte) 0);
    page[0] = (byte) code;
    page[1] = switch (code) {
      case CACHING -> 0x12;
      case CAPABILITIES -> 0x14;
      default -> 0x0A;
    };
    if (code == CACHING) {
      page[2] = (byte) (control == CURRENT && !unit.state().writeCache(unit.number) ? 0 : WRITE_CACHE);
    } else if (code == CAPABILITIES && control != CHANGEABLE) {
      capabilities(unit);
    }
    return page[1] + 2;
  }

  /** A drive with a tray, which reads data (MMC-6, E.3.3). */
  private void capabilities(Unit unit) {
    page[2] = 3; // CD-R and CD-RW are read, too.
    page[6] = (byte) (1 << 5 | 1 << 3 | (unit.state().prevented(unit.number) ? 2 : 0) | 1);
    Bytes.put(page, 8, 2, SPEED);
    Bytes.put(page, 14, 2, SPEED);
  }

  /** Nothing can be changed but whether writes are cached. */
  private void select(Unit unit, ScsiTask task, int header, int length) {
    if (!task.bit(1, PAGE_FORMAT) || task.bit(1, SAVE_PAGES)) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    if (length == 0) {
      return;
    }
    if (length < header || length > LONGEST) {
      task.fail(Sense.PARAMETER_LIST_LENGTH);
      return;
    }
    if (!task.gives(length)) {
      return;
    }
    task.data.take(given, 0, length);
    int descriptors = header == 4 ? given[3] & 0xFF : (int) Bytes.get(given, 6, 2);
    int at = header + descriptors;
    boolean cache = unit.state().writeCache(unit.number);
    while (at < length) {
      int code = given[at] & ALL_PAGES;
      int bytes = Arrays.stream(pages(unit)).anyMatch(p -> p == code) ? page(unit, code, CURRENT) : 0;
      if (bytes == 0 || (given[at] & ~ALL_PAGES & 0x40) != 0 || at + bytes > length || (given[at + 1] & 0xFF) + 2 != bytes) {
        task.fail(Sense.INVALID_PARAMETER);
        return;
      }
      if (code == CACHING) {
        cache = (given[at + 2] & WRITE_CACHE) != 0;
        page[2] = (byte) (cache ? WRITE_CACHE : 0);
      }
      if (!Arrays.equals(page, 1, bytes, given, at + 1, at + bytes)) {
        task.fail(Sense.INVALID_PARAMETER);
        return;
      }
      at += bytes;
    }
    unit.state().writeCache(unit.number, cache);
  }
}
