// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.regs.LongCell;

/**
 * The capabilities that a guest finds in its function: those that are known to be safe, linked past the others. Ids and
 * registers: PCI Express Base Specification 5.0, 7.5.2 (power management), 7.5.3 (PCI Express), 7.9.4, 7.9.5 (vendor-specific);
 * PCI Local Bus 3.0, appendix on Advanced Features.
 */
final class GuestCapabilities {
  private static final int MOST = 48;
  private static final int MOST_EXTENDED = 64;
  private static final int EXPRESS_V1 = 0x14;
  private static final int EXPRESS_V2 = 0x3C;
  private static final int DEVICE_CAPABILITIES = 4;
  private static final int DEVICE_CONTROL = 8;
  private static final int LINK_CONTROL = 0x10;
  private static final int DEVICE_CONTROL2 = 0x28;
  private static final int CAPABLE_OF_RESET = 1 << 28;
  private static final int RESET = 1 << 15;
  /** Relaxed ordering, extended tags, auxiliary power, no snoop, read request size. */
  private static final int CONTROL = 0x7D10;
  /** Error reporting and payload size: the host's. */
  private static final int HOSTS_CONTROL = 0xEF;
  /** Power states of the link, common clock, clock power management. */
  private static final int LINK = 0x143;
  /** Completion time-out. */
  private static final int CONTROL2 = 0x1F;
  private static final int POWER_CONTROL = 4;
  private static final int POWER_STATE = 3;
  private static final int POWER_KEEPS = 1 << 3;
  private static final int POWER_EVENT = 1 << 15;

  private final GuestFunction function;
  /** Offset in bits 7 to 0, id in 15 to 8, length in 31 to 16; 0 behind the last one. */
  private final int[] list;
  /** Offset in bits 15 to 0, length in 31 to 16; 0 behind the last one. */
  private final int[] extended;
  private final LongCell control;

  GuestCapabilities(GuestFunction function) {
    this.function = function;
    list = function.state.ints("capabilities", MOST);
    extended = function.state.ints("extended-capabilities", MOST_EXTENDED);
    control = function.state.cell("device-control", 0);
  }

  // ---- what there is

  /** Walks the hardware's lists. */
  void find() {
    int kept = 0;
    int at = (function.hardware(Header.STATUS, 2) & Header.CAPABLE) == 0 ? 0 : function.hardware(Header.CAPABILITIES, 1) & 0xFC;
    for (int steps = 0; steps < MOST && at >= Header.SPECIFIC; steps++) {
      int head = function.hardware(at, 4);
      if ((head & 0xFF) == 0xFF) {
        break;
      }
      int length = Math.min(shown(head), Header.EXTENDED - at);
      if (length > 0 && !known(at, length, kept)) {
        list[kept++] = length << 16 | (head & 0xFF) << 8 | at;
        begin(head & 0xFF, at);
      }
      at = head >>> 8 & 0xFC;
    }
    kept = 0;
    at = Header.EXTENDED;
    for (int steps = 0; steps < MOST_EXTENDED && at >= Header.EXTENDED; steps++) {
      int head = function.hardware(at, 4);
      if (head == 0 || head == -1) {
        break;
      }
      int length = Math.min(shownExtended(head & 0xFFFF, at), Header.SIZE - at);
      if (length > 0) {
        extended[kept++] = length << 16 | at;
      }
      int next = head >>> 20 & 0xFFC;
      at = next > at ? next : 0;
    }
  }

  /** Whether some of these bytes are another capability's: a list that goes in circles. */
  private boolean known(int at, int length, int kept) {
    for (int i = 0; i < kept; i++) {
      if (offset(i) < at + length && offset(i) + length(i) > at) {
        return true;
      }
    }
    return false;
  }

  private void begin(int id, int at) {
    if (id == Header.CAP_MSI) {
      function.msi.begin(at);
    } else if (id == Header.CAP_MSIX) {
      function.msix.begin(at);
    }
  }

  /** Bytes of a capability that guests find; 0 for others. */
  private static int shown(int head) {
    int high = head >>> 16;
    return switch (head & 0xFF) {
      case Header.CAP_POWER, Header.CAP_ADVANCED -> 8;
      case Header.CAP_MSI -> MessageCapability.length(high);
      case Header.CAP_MSIX -> 12;
      case Header.CAP_EXPRESS -> (high & 0xF) < 2 ? EXPRESS_V1 : EXPRESS_V2;
      case Header.CAP_VENDOR -> Math.max(high & 0xFC, 4);
      default -> 0;
    };
  }

  private int shownExtended(int id, int at) {
    return switch (id) {
      case Header.EXTENDED_SERIAL -> 12;
      case Header.EXTENDED_VENDOR -> Math.max(function.hardware(at + 4, 4) >>> 20 & 0xFFC, 8);
      default -> 0;
    };
  }

  private int offset(int i) {
    return list[i] & 0xFF;
  }

  private int id(int i) {
    return list[i] >>> 8 & 0xFF;
  }

  private int length(int i) {
    return list[i] >>> 16;
  }

  /** The place of the first one; 0 if there is none. */
  int first() {
    return offset(0);
  }

  private int at(int register) {
    for (int i = 0; i < MOST && list[i] != 0; i++) {
      if (register >= offset(i) && register < offset(i) + length(i)) {
        return i;
      }
    }
    return -1;
  }

  private int express() {
    for (int i = 0; i < MOST && list[i] != 0; i++) {
      if (id(i) == Header.CAP_EXPRESS) {
        return offset(i);
      }
    }
    return 0;
  }

  // ---- accesses

  int read(int register) {
    int i = at(register);
    if (i < 0) {
      return 0;
    }
    int value = function.hardware(register, 4);
    if (register == offset(i)) {
      value = value & 0xFFFF_00FF | (i + 1 < MOST ? offset(i + 1) : 0) << 8;
    }
    return id(i) == Header.CAP_MSI ? function.msi.read(register - offset(i), value) : value;
  }

  int extended(int register) {
    int head = 0;
    for (int i = 0; i < MOST_EXTENDED && extended[i] != 0; i++) {
      int at = extended[i] & 0xFFFF;
      if (register == at) {
        int next = i + 1 < MOST_EXTENDED ? extended[i + 1] & 0xFFFF : 0;
        return function.hardware(register, 4) & 0xF_FFFF | next << 20;
      }
      if (register > at && register < at + (extended[i] >>> 16)) {
        return function.hardware(register, 4);
      }
      head = head == 0 ? at : head;
    }
    // Not what is there, but an empty one that leads to what the guest may find
    return register == Header.EXTENDED ? head << 20 : 0;
  }

  void write(int register, int value, int lanes) {
    int i = at(register);
    if (i < 0) {
      return;
    }
    int field = register - offset(i);
    switch (id(i)) {
      case Header.CAP_POWER -> power(field, register, value, lanes);
      case Header.CAP_EXPRESS -> express(field, register, value, lanes);
      case Header.CAP_MSI -> function.msi.write(field, value, lanes);
      case Header.CAP_MSIX -> function.msix.control(field, value, lanes);
      case Header.CAP_ADVANCED -> advanced(field, register, value & lanes);
      default -> function.refuse(register, "vendor-specific registers are read-only");
    }
  }

  private void power(int field, int register, int value, int lanes) {
    if (field != POWER_CONTROL || (lanes & 0xFFFF) == 0) {
      return;
    }
    int now = function.hardware(register, 2);
    int state = now & POWER_STATE;
    int wanted = (now & ~lanes | value & lanes) & POWER_STATE;
    function.hardware(register, 2, now & ~(POWER_STATE | POWER_EVENT) & 0xFFFF | wanted | value & lanes & POWER_EVENT);
    if (state == POWER_STATE && wanted == 0 && (now & POWER_KEEPS) == 0) {
      function.wasReset();
    }
  }

  private void express(int field, int register, int value, int lanes) {
    switch (field) {
      case DEVICE_CONTROL -> {
        status(register + 2, value & lanes, 0xF);
        if ((lanes & 0xFFFF) != 0) {
          pass(register, value, lanes, CONTROL);
          boolean capable = (function.hardware(register - DEVICE_CONTROL + DEVICE_CAPABILITIES, 4) & CAPABLE_OF_RESET) != 0;
          if ((value & lanes & RESET) != 0 && capable) {
            function.bars.unmap();
            function.hardware(register, 2, function.hardware(register, 2) | RESET);
            function.wasReset();
          }
        }
      }
      case LINK_CONTROL -> {
        status(register + 2, value & lanes, 0xC000);
        pass(register, value, lanes, LINK);
      }
      case DEVICE_CONTROL2 -> pass(register, value, lanes, CONTROL2);
      default -> {
      }
    }
  }

  /** Writes the bits of a register's low half that guests may write. */
  private void pass(int register, int value, int lanes, int bits) {
    int written = lanes & bits & 0xFFFF;
    if (written != 0) {
      function.hardware(register, 2, function.hardware(register, 2) & ~written & 0xFFFF | value & written);
    }
  }

  /** Clears bits by writing ones. */
  private void status(int register, int value, int bits) {
    int cleared = value >>> 16 & bits;
    if (cleared != 0) {
      function.hardware(register, 2, cleared);
    }
  }

  private void advanced(int field, int register, int value) {
    boolean capable = (function.hardware(register - field, 4) >>> 24 & 2) != 0;
    if (field == 4 && (value & 1) != 0 && capable) {
      function.bars.unmap();
      function.hardware(register, 1, 1);
      function.wasReset();
    }
  }

  /** Notes the host's part of the device control register. */
  void keepControl() {
    if (express() != 0) {
      control.value = function.hardware(express() + DEVICE_CONTROL, 2) & HOSTS_CONTROL;
    }
  }

  /** Writes it again, after a reset. */
  void restoreControl() {
    if (express() != 0) {
      int now = function.hardware(express() + DEVICE_CONTROL, 2);
      function.hardware(express() + DEVICE_CONTROL, 2, now & ~HOSTS_CONTROL & 0x7FFF | (int) control.value);
    }
  }
}
