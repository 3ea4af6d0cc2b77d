// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;

/** A device whose messages a domain was given, and what the domain made of its events. */
final class HostDevice {
  /** Bits of an EventID at most: as many messages as an MSI-X capability has. */
  static final int MOST_BITS = 11;
  private static final int BYTES = 16;

  /** DeviceID at the machine's ITS. */
  final int device;
  final DeviceState state = new DeviceState();
  /** Whose it is. */
  final LongCell serial = state.cell("domain", 0);
  /** DeviceID as the domain names it. */
  final LongCell guestDevice = state.cell("guest-device", 0);
  /** Bits of an EventID; 0 while the domain has it not mapped. */
  final LongCell bits = state.cell("bits", 0);
  /** The first frame of the machine's ITT. */
  final LongCell table = state.cell("table", 0);
  /** By event: the machine's LPI, 0 if it isn't mapped. */
  int[] lpi = {};
  /** By event: the domain's LPI. */
  int[] guestLpi = {};
  /** By event: the domain's collection. */
  int[] collection = {};
  /** Events that are mapped. */
  int mapped;

  HostDevice(int device) {
    this.device = device;
    state.varying("events", this::clear, this::save, this::restore);
  }

  private void clear() {
    resize(0);
  }

  /** Room for events of so many bits, none mapped. */
  void resize(int newBits) {
    int size = newBits == 0 ? 0 : 1 << newBits;
    bits.value = newBits;
    lpi = new int[size];
    guestLpi = new int[size];
    collection = new int[size];
    mapped = 0;
  }

  boolean isMapped(long event) {
    return event >= 0 && event < lpi.length && lpi[(int) event] != 0;
  }

  void map(int event, int newLpi, int newGuestLpi, int newCollection) {
    mapped += lpi[event] == 0 ? 1 : 0;
    lpi[event] = newLpi;
    guestLpi[event] = newGuestLpi;
    collection[event] = newCollection;
  }

  void unmap(int event) {
    mapped -= lpi[event] != 0 ? 1 : 0;
    lpi[event] = 0;
  }

  private byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(4 + BYTES * mapped).putInt((int) bits.value);
    for (int event = 0; event < lpi.length; event++) {
      if (lpi[event] != 0) {
        bytes.putInt(event).putInt(lpi[event]).putInt(guestLpi[event]).putInt(collection[event]);
      }
    }
    return bytes.array();
  }

  private void restore(byte[] saved) {
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    try {
      int size = bytes.getInt();
      if (size < 0 || size > MOST_BITS) {
        throw new StateMismatch("events: an EventID of " + size + " bits can't be");
      }
      resize(size);
      while (bytes.hasRemaining()) {
        int event = bytes.getInt();
        if (event < 0 || event >= lpi.length) {
          throw new StateMismatch("events: there is no event " + event);
        }
        map(event, bytes.getInt(), bytes.getInt(), bytes.getInt());
      }
    } catch (BufferUnderflowException e) {
      throw new StateMismatch("events: " + saved.length + " bytes are too short");
    }
  }
}
