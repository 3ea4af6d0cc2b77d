// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;

/** The redirection table that the hardware domain sees (82093AA 3.2.4): what it wrote, and which level-triggered interrupts it has not ended. */
final class RedirectionTable {
  /** Inputs. */
  static final int PINS = 24;
  static final long MASKED = 1 << 16;
  static final long LEVEL = 1 << 15;
  private static final long REMOTE_IRR = 1 << 14;
  private static final long LOGICAL = 1 << 11;
  private static final long VECTOR = 0xFF;
  private static final long DELIVERY = 7 << 8;
  private static final long WRITABLE = 0xFF00_0000_0001_AFFFL;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final int DESTINATION = 56;
  /** Where messages go (Intel SDM volume 3, 12.11.1), and in its address: a logical destination. */
  private static final long MESSAGES = 0xFEE0_0000L;
  private static final int LOGICAL_MESSAGE = 1 << 2;
  private static final int ASSERT = 1 << 14;

  private final long[] entries;

  RedirectionTable(DeviceState state) {
    entries = state.longs("redirection-table", PINS);
  }

  /** As after power-on: all masked. */
  void reset() {
    Arrays.fill(entries, MASKED);
  }

  long entry(int pin) {
    return entries[pin];
  }

  int low(int pin) {
    return (int) entries[pin];
  }

  int high(int pin) {
    return (int) (entries[pin] >>> 32);
  }

  void low(int pin, int value) {
    write(pin, value & LOW, LOW);
  }

  void high(int pin, int value) {
    write(pin, (long) value << 32, ~LOW);
  }

  private void write(int pin, long value, long lanes) {
    long mask = WRITABLE & lanes;
    entries[pin] = entries[pin] & ~mask | value & mask;
    if ((entries[pin] & LEVEL) == 0) {
      // An edge waits for no end.
      entries[pin] &= ~REMOTE_IRR;
    }
  }

  boolean masked(int pin) {
    return (entries[pin] & MASKED) != 0;
  }

  boolean level(int pin) {
    return (entries[pin] & LEVEL) != 0;
  }

  /** Whether a level-triggered interrupt is with a virtual CPU that hasn't ended it. */
  boolean inService(int pin) {
    return (entries[pin] & REMOTE_IRR) != 0;
  }

  /** One is on its way to a virtual CPU. */
  void serve(int pin) {
    entries[pin] |= REMOTE_IRR;
  }

  /** Level-triggered interrupts of a vector have been handled. @return whether this one's was */
  boolean end(int pin, int vector) {
    boolean its = (entries[pin] & (REMOTE_IRR | LEVEL | VECTOR)) == (REMOTE_IRR | LEVEL | vector);
    if (its) {
      entries[pin] &= ~REMOTE_IRR;
    }
    return its;
  }

  /** Address of the message of a pin. */
  long address(int pin) {
    return MESSAGES | (entries[pin] >>> DESTINATION) << 12 | ((entries[pin] & LOGICAL) != 0 ? LOGICAL_MESSAGE : 0);
  }

  /** Data of the message of a pin. */
  int data(int pin) {
    return (int) (entries[pin] & (VECTOR | DELIVERY) | (level(pin) ? LEVEL | ASSERT : 0));
  }
}
