// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.HypercallNumber;

/** What {@link GuestCode#SCRIPT} executes, and the bytes that it takes from {@link GuestPlace#DATA}. */
final class Script {
  private static final int ENTRY = 48;
  private static final int MOST = 0x6000 / ENTRY - 1;

  private final ByteBuffer table = ByteBuffer.allocate(ENTRY * (MOST + 1)).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer data = ByteBuffer.allocate(GuestPlace.DATA_SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private int entries;

  private void add(long kind, long... values) {
    if (entries < MOST) {
      table.position(ENTRY * entries++).putLong(kind);
      for (long value : values) {
        table.putLong(value);
      }
    }
  }

  private long data(byte[] bytes) {
    long at = GuestPlace.DATA + data.position();
    data.put(bytes, 0, Math.min(bytes.length, data.remaining()));
    return at;
  }

  /** Copies bytes to an address. */
  void write(long address, byte... bytes) {
    // Aligned as the place that it goes to, so that the guest copies words.
    data.position(Math.min(data.limit(), data.position() + ((int) address - data.position() & 7)));
    if (bytes.length <= data.remaining()) {
      add(1, address, data(bytes), bytes.length);
    }
  }

  /** Copies bytes into a ring of a power of two bytes from an index on, around its end if need be. @return the index behind them */
  int write(long ring, int size, int index, byte[] bytes) {
    for (int done = 0; done < bytes.length;) {
      int at = index + done & size - 1;
      int part = Math.min(bytes.length - done, size - at);
      write(ring + at, Arrays.copyOfRange(bytes, done, done + part));
      done += part;
    }
    return index + bytes.length;
  }

  void write32(long address, int value) {
    add(2, address, value);
  }

  /** Copies the 32 bits at one address to another. */
  void copy32(long to, long from) {
    add(3, to, from);
  }

  /** A hypercall whose second argument is the address of a structure. */
  void hypercall(int number, int operation, byte[] structure, long third) {
    data.position(data.position() + 7 & ~7);
    add(4, operation, data(structure), third, number);
  }

  /** Sends an event. */
  void send(int port) {
    hypercall(HypercallNumber.__HYPERVISOR_event_channel_op, EventChannelOp.EVTCHNOP_send,
        new byte[] {(byte) port, (byte) (port >> 8), (byte) (port >> 16), (byte) (port >> 24)}, 0);
  }

  void place(Domain guest) {
    guest.memory().write(GuestPlace.TABLE, table.array(), 0, ENTRY * (entries + 1));
    guest.memory().write(GuestPlace.DATA, data.array(), 0, data.position());
  }
}
