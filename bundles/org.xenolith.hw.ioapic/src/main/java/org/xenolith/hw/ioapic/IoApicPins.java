// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.regs.DeviceState;

/** The inputs with their redirection table (82093AA 3.2.4). */
final class IoApicPins implements InterruptInputs {
  /** Inputs. */
  static final int PINS = 24;

  private static final long VECTOR = 0xFF;
  private static final int DELIVERY_MODE = 8;
  private static final int LOGICAL = 11;
  private static final long PENDING = 1 << 12;
  private static final long REMOTE_IRR = 1 << 14;
  private static final long LEVEL = 1 << 15;
  private static final long MASKED = 1 << 16;
  private static final int DESTINATION = 56;
  private static final long WRITABLE = 0xFF00_0000_0001_AFFFL;
  private static final int LOWEST_PRIORITY = 1;
  private static final long ASSERT = 1 << 14;
  private static final int HIGHEST_SENSE = 3;

  /** Takes messages for local APICs. */
  interface Sink {
    /**
     * @param destination 0 to 255
     * @param logical     whether it is a logical destination, else an APIC id
     * @param data        as in a message-signalled interrupt
     * @return whether somebody took it
     */
    boolean send(int destination, boolean logical, int data);

    /** Nobody took a level-triggered interrupt, which goes on to be on its way: {@link IoApicPins#sendAgain} is to be called in a while. */
    void postponed();
  }

  private final Sink sink;
  private final long[] entries;
  /** How many of the lines at each input are asserted: they are wired together. */
  private final int[] asserted;

  IoApicPins(DeviceState state, Sink sink) {
    this.sink = sink;
    entries = state.longs("redirection-table", PINS);
    asserted = state.ints("asserted", PINS);
  }

  /** The state has been zeroed. */
  void reset() {
    for (int pin = 0; pin < PINS; pin++) {
      entries[pin] = MASKED;
    }
  }

  /**
   * Cells of the binding intel,ce4100-ioapic: input; 0 rising edge, 1 level low, 2 level high, 3 falling edge. What software is told by the second; here
   * the redirection table decides.
   */
  @Override
  public int input(int[] specifier) {
    return specifier.length == 2 && specifier[0] >= 0 && specifier[0] < PINS && specifier[1] >= 0 && specifier[1] <= HIGHEST_SENSE
        ? specifier[0] : -1;
  }

  @Override
  public void set(int pin, int cpu, boolean level) {
    if (!level) {
      asserted[pin] = Math.max(0, asserted[pin] - 1);
    } else if (asserted[pin]++ == 0) {
      if (isLevel(pin)) {
        update(pin);
      } else if ((entries[pin] & MASKED) == 0) {
        send(pin);
      }
    }
  }

  /** Lower half of an entry. An interrupt is on its way only while nobody takes it. */
  long low(int pin) {
    return entries[pin] & 0xFFFF_FFFFL | (wants(pin) ? PENDING : 0);
  }

  long high(int pin) {
    return entries[pin] >>> 32;
  }

  void low(int pin, long value) {
    write(pin, value & 0xFFFF_FFFFL, 0xFFFF_FFFFL);
  }

  void high(int pin, long value) {
    write(pin, value << 32, 0xFFFF_FFFF_0000_0000L);
  }

  private void write(int pin, long value, long lanes) {
    long mask = WRITABLE & lanes;
    entries[pin] = entries[pin] & ~mask | value & mask;
    if ((entries[pin] & LEVEL) == 0) {
      // An edge waits for no end: software that lacks an EOI register clears Remote IRR so.
      entries[pin] &= ~REMOTE_IRR;
    }
    update(pin);
  }

  /** Level-triggered interrupts of a vector have been handled. */
  void end(int vector) {
    for (int pin = 0; pin < PINS; pin++) {
      if ((entries[pin] & (REMOTE_IRR | LEVEL | VECTOR)) == (REMOTE_IRR | LEVEL | vector)) {
        entries[pin] &= ~REMOTE_IRR;
        update(pin);
      }
    }
  }

  /** NMI, SMI, INIT and ExtINT are edges whatever the trigger mode says (82093AA 3.2.4, DELMOD). */
  private boolean isLevel(int pin) {
    return (entries[pin] & LEVEL) != 0 && (entries[pin] >> DELIVERY_MODE & 7) <= LOWEST_PRIORITY;
  }

  private boolean wants(int pin) {
    return asserted[pin] != 0 && isLevel(pin) && (entries[pin] & (MASKED | REMOTE_IRR)) == 0;
  }

  private void update(int pin) {
    if (!wants(pin)) {
      return;
    }
    if (send(pin)) {
      entries[pin] |= REMOTE_IRR;
    } else {
      sink.postponed();
    }
  }

  /** What nobody took before may be taken now. */
  void sendAgain() {
    for (int pin = 0; pin < PINS; pin++) {
      update(pin);
    }
  }

  private boolean send(int pin) {
    long entry = entries[pin];
    return sink.send((int) (entry >>> DESTINATION), (entry >> LOGICAL & 1) != 0,
        (int) (entry & (VECTOR | 7 << DELIVERY_MODE) | (isLevel(pin) ? LEVEL | ASSERT : 0)));
  }
}
