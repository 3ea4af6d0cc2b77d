// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.hyp.api.Domain;

/**
 * Hypercalls as an input has them. Each: its number (6 bits; bit 7 set: a literal one of 4 bytes follows), five arguments as
 * {@link GuestValues}, the length of its structure in memory and the structure's fields, each naturally aligned. Argument value
 * 62 is the address of that structure.
 */
final class HypercallInput {
  private static final int MOST_CALLS = 32;
  private static final int ROOM = GuestPlace.DATA_SIZE / MOST_CALLS;
  private static final int ENTRY = 56;
  private static final int OWN_STRUCTURE = 62;
  private static final int ARGUMENTS = 5;

  private HypercallInput() {}

  static void place(Domain guest, byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    ByteBuffer table = ByteBuffer.allocate(ENTRY * (MOST_CALLS + 1)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer data = ByteBuffer.allocate(GuestPlace.DATA_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    int calls = 0;
    for (; calls < MOST_CALLS && !input.end(); calls++) {
      int number = input.next();
      long here = GuestPlace.DATA + (long) calls * ROOM;
      table.putLong(ENTRY * calls + 40, number < 128 ? number & 63 : input.next(4));
      for (int i = 0; i < ARGUMENTS; i++) {
        int selector = input.next();
        table.putLong(ENTRY * calls + 8 * i, (selector & 63) == OWN_STRUCTURE ? here : GuestValues.of(selector, input, here));
      }
      structure(data, calls * ROOM, input, here);
    }
    table.putLong(ENTRY * calls + 40, -1);
    guest.memory().write(GuestPlace.TABLE, table.array(), 0, ENTRY * (calls + 1));
    guest.memory().write(GuestPlace.DATA, data.array(), 0, calls * ROOM);
  }

  private static void structure(ByteBuffer data, int begin, InputBytes input, long here) {
    int at = begin;
    for (int left = input.next() & 63; left > 0; left--) {
      int selector = input.next();
      int width = GuestValues.width(selector);
      at = (at + width - 1) / width * width;
      if (at + width > begin + ROOM) {
        return;
      }
      long value = GuestValues.of(selector, input, here);
      switch (width) {
        case 2 -> data.putShort(at, (short) value);
        case 4 -> data.putInt(at, (int) value);
        default -> data.putLong(at, value);
      }
      at += width;
    }
  }
}
