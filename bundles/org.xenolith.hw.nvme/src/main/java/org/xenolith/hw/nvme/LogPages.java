// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** The Get Log Page command (NVM Express 1.4, 5.14). */
final class LogPages {
  /** Error information, of one error. */
  static final int ERRORS = 1;
  private static final int SMART = 2;
  private static final int FIRMWARE_SLOTS = 3;
  /** Namespaces that came or went. */
  static final int CHANGED_NAMESPACES = 4;
  /** The firmware's revision. */
  static final String FIRMWARE = "1.0";
  private static final int RETAIN_EVENT = 1 << 15;

  private final HostData data;
  private final Health health;
  private final AsyncEvents events;
  /** Whether the namespace changed since its log page was read. */
  private final LongCell changed;

  LogPages(DeviceState state, HostData data, Health health, AsyncEvents events) {
    this.data = data;
    this.health = health;
    this.events = events;
    changed = state.cell("namespace-changed", 0);
  }

  /** The disk came or went. */
  void namespaceChanged() {
    changed.set(true);
  }

  /** Bytes of a page, 0 if there is no such page. */
  private static int length(int page) {
    return switch (page) {
      case ERRORS -> 64;
      case SMART, FIRMWARE_SLOTS -> 512;
      case CHANGED_NAMESPACES -> 4096;
      default -> 0;
    };
  }

  /** Behind a page's end zeros are read. */
  Status perform(NvmeCommand command) {
    int page = command.dword(10) & 0xFF;
    int length = length(page);
    if (length == 0) {
      return Status.INVALID_LOG_PAGE;
    }
    long count = ((command.dword(11) & 0xFFFFL) << 16 | command.dword(10) >>> 16) + 1 << 2;
    long offset = command.qword(12);
    if (count > HostData.MOST - length || offset < 0 || offset > length || (offset & 3) != 0) {
      return Status.INVALID_FIELD;
    }
    ByteBuffer into = data.blank(length + (int) count);
    switch (page) {
      case ERRORS -> health.putErrors(into);
      case SMART -> health.putSmart(into);
      case FIRMWARE_SLOTS -> {
        into.put(0, (byte) 1);
        into.put(8, Namespace.text(FIRMWARE, 8));
      }
      default -> into.putInt(0, changed.isSet() ? Namespace.ID : 0);
    }
    System.arraycopy(into.array(), (int) offset, into.array(), 0, (int) count);
    Status status = data.toHost(command, (int) count);
    if (status == Status.SUCCESS && (command.dword(10) & RETAIN_EVENT) == 0) {
      events.read(page);
      if (page == CHANGED_NAMESPACES) {
        changed.set(false);
      }
    }
    return status;
  }

  void clear() {
    changed.set(false);
  }
}
