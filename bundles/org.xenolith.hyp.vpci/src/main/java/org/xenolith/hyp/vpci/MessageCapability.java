// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.MessageTranslation.Message;
import org.xenolith.regs.LongCell;

/**
 * MSI of a guest's function (PCI Express Base Specification 5.0, 7.7.1). The guest's address and data reach the hardware when it
 * enables messages to its own doorbell; its SMMU translates that address as the guest's.
 */
final class MessageCapability {
  private static final int ENABLE = 1;
  /** Enable, and how many messages. */
  private static final int CHOSEN = 0x71;
  /** How many messages it could have. */
  private static final int CAPABLE = 0xE;
  private static final int WIDE = 1 << 7;
  private static final int MASKS = 1 << 8;
  private static final long LOW = 0xFFFF_FFFFL;

  private final MessagingFunction function;
  private final LongCell place;
  private final LongCell control;
  private final LongCell address;
  private final LongCell data;

  MessageCapability(MessagingFunction function) {
    this.function = function;
    place = function.state().cell("msi", 0);
    control = function.state().cell("msi-control", 0);
    address = function.state().cell("msi-address", 0);
    data = function.state().cell("msi-data", 0);
    GuestFunctionRegisters.msi(function.state(), this::own);
  }

  /** What the guest wrote to a field. */
  private long own(int field) {
    return switch (field) {
      case 2 -> control.value;
      case 4 -> address.value & LOW;
      case 8 -> address.value >>> 32;
      default -> data.value;
    };
  }

  /** Where it is; 0 if there is none. */
  int place() {
    return (int) place.value;
  }

  /** Bytes of the capability with that control register. */
  static int length(int control) {
    int wide = (control & WIDE) != 0 ? 4 : 0;
    return (control & MASKS) != 0 ? 0x14 + wide : 0xC + wide;
  }

  void begin(int offset) {
    place.value = offset;
  }

  boolean enabled() {
    return (control.value & ENABLE) != 0;
  }

  /** The guest's registers are as after power-on. */
  void clear() {
    control.value = 0;
    address.value = 0;
    data.value = 0;
  }

  /** The hardware sends none. */
  void off() {
    if (place.value != 0) {
      hardware(0);
    }
  }

  private int register(int field) {
    return (int) place.value + field;
  }

  private void hardware(long chosen) {
    int now = function.hardware(register(2), 2);
    function.hardware(register(2), 2, now & ~CHOSEN & 0xFFFF | (int) chosen);
  }

  private boolean wide() {
    return (function.hardware(register(2), 2) & WIDE) != 0;
  }

  /** @param value what the hardware has there */
  int read(int field, int value) {
    if (field == 0) {
      int one = function.doorbell().several() ? 0 : CAPABLE;
      return value & ~((CHOSEN | one) << 16) | (int) control.value << 16;
    }
    if (field == 4) {
      return (int) address.value;
    }
    boolean wide = wide();
    if (wide && field == 8) {
      return (int) (address.value >>> 32);
    }
    return field == (wide ? 12 : 8) ? (int) data.value : value;
  }

  void write(int field, int value, int lanes) {
    boolean wide = wide();
    int dataField = wide ? 12 : 8;
    if (field == 0) {
      int next = (int) control.value << 16 & ~lanes | value & lanes;
      control.value = next >>> 16 & (function.doorbell().several() ? CHOSEN : ENABLE);
    } else if (field == 4) {
      address.value = address.value & ~(lanes & LOW) | value & lanes & ~3 & LOW;
    } else if (wide && field == 8) {
      address.value = address.value & ~((long) lanes << 32) | (long) (value & lanes) << 32;
    } else if (field == dataField) {
      data.value = (data.value & ~lanes | value & lanes) & 0xFFFF;
    } else {
      if (field == dataField + 4) {
        function.hardware(register(field), 4, function.hardware(register(field), 4) & ~lanes | value & lanes);
      }
      return;
    }
    settle(wide);
  }

  private void settle(boolean wide) {
    if (!enabled()) {
      hardware(0);
      return;
    }
    Doorbell doorbell = function.doorbell();
    Message message = doorbell.message(0, address.value, (int) data.value);
    if (message == null) {
      hardware(0);
      function.refuse(register(0), "MSI to 0x%x with %d, %s: it isn't enabled".formatted(address.value, data.value, doorbell
          .expected()));
      return;
    }
    function.hardware(register(4), 4, (int) message.address());
    if (wide) {
      function.hardware(register(8), 4, (int) (message.address() >>> 32));
    }
    function.hardware(register(wide ? 12 : 8), 2, message.data());
    hardware(control.value);
  }
}
