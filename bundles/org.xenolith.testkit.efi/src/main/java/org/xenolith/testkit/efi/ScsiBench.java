// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** How the contracts of SCSI send packets, and see what was written into memory. */
final class ScsiBench {
  static final long NOWHERE = 0x10;
  static final long END = FakeRam.BASE + FakeRam.SIZE;
  /** Most bytes of data. */
  static final int MOST = 1 << 15;
  /** Room for sense data: as much as a packet can name. */
  static final int MOST_SENSE = 255;
  static final int GOOD = 0;
  static final int CHECK_CONDITION = 2;
  private static final int GUARD = 64;
  private static final int PAGE = 4096;
  private static final byte FILL = (byte) 0xA5;
  private static final int STATUS = ScsiPacket.HOST_STATUS;

  /** Sends the packet to the unit. */
  interface Sender {
    /** One call. */
    EfiStatus send(long packet, long event);
  }

  private final FakeFirmware firmware;
  final EfiRam memory;
  final FakeScsiUnit unit;
  /** The packet, the command, sense data and data, with what nobody may touch before and behind them. */
  final long packet;
  final long block;
  final long sense;
  final long data;
  /** Where a packet can be that isn't the usual one, and whatever else. */
  final long room;
  private final Sender sender;

  ScsiBench(FakeFirmware firmware, FakeScsiUnit unit, Sender sender) {
    this.firmware = firmware;
    this.unit = unit;
    this.sender = sender;
    memory = firmware.memory();
    packet = firmware.room(PAGE) + GUARD;
    block = packet + 2 * GUARD;
    sense = firmware.room(2 * PAGE) + PAGE;
    data = firmware.room(MOST + 2 * PAGE) + PAGE;
    room = firmware.room(PAGE);
    unit.forget();
  }

  void fill(long at, int bytes) {
    byte[] fill = new byte[bytes];
    Arrays.fill(fill, FILL);
    memory.write(at, fill);
  }

  void untouched(long from, long end, String what) {
    byte[] bytes = memory.read(from, (int) (end - from));
    byte[] fill = new byte[bytes.length];
    Arrays.fill(fill, FILL);
    assertEquals(-1, Arrays.mismatch(fill, bytes), what);
  }

  private static byte[] command(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (0x28 + 3 * i);
    }
    return bytes;
  }

  /** Describes a command in the packet; nothing is sent. What the host has to say isn't said yet. */
  void describe(int direction, long length, int size) {
    fill(packet - GUARD, PAGE);
    fill(sense - GUARD, MOST_SENSE + 2 * GUARD);
    fill(data - GUARD, MOST + 2 * GUARD);
    memory.clear(packet, ScsiPacket.SIZE);
    memory.write(block, command(size));
    memory.put64(packet + ScsiPacket.COMMAND, block);
    memory.put8(packet + ScsiPacket.COMMAND_LENGTH, size);
    memory.put8(packet + ScsiPacket.DIRECTION, direction);
    memory.put64(packet + ScsiPacket.SENSE, sense);
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, MOST_SENSE);
    memory.put8(packet + STATUS, FILL);
    memory.put8(packet + ScsiPacket.TARGET_STATUS, FILL);
    if (direction == ScsiPacket.READ || direction == ScsiPacket.WRITE) {
      memory.put64(ScsiPacket.data(packet, direction), data);
      memory.put32(ScsiPacket.length(packet, direction), length);
    }
  }

  EfiStatus send() {
    return sender.send(packet, 0);
  }

  long moved(int direction) {
    return memory.get32(ScsiPacket.length(packet, direction));
  }

  int said(int field) {
    return memory.get8(packet + field);
  }

  /** A read or write of which everything arrives, and nothing else is touched. */
  void moves(int direction, int length, int size, long event) {
    String what = (direction == ScsiPacket.READ ? "read" : "write") + " of " + length + " bytes by a command of " + size;
    describe(direction, length, size);
    byte[] out = new byte[direction == ScsiPacket.WRITE ? length : 0];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (i * 5 + 3 ^ i >> 8);
    }
    memory.write(data, out);
    byte[] before = memory.read(packet, ScsiPacket.SIZE);
    int sent = unit.commands().size();
    assertEquals(EfiStatus.SUCCESS, sender.send(packet, event), what);
    assertEquals(sent + 1, unit.commands().size(), what + ": commands that reached the unit");
    assertTrue(unit.got(command(size)), what + ": the command");
    assertArrayEquals(out, unit.commands().getLast().data(), what + ": what went to the unit");
    assertEquals(length - out.length, unit.commands().getLast().room(), what + ": what the unit may give");
    byte[] there = out.length == 0 ? unit.gives(length) : out;
    assertEquals(-1, Arrays.mismatch(there, memory.read(data, length)), what + ": where the data is another");
    before[STATUS] = ScsiPacket.HOST_OK;
    before[ScsiPacket.TARGET_STATUS] = GOOD;
    before[ScsiPacket.SENSE_LENGTH] = 0;
    assertArrayEquals(before, memory.read(packet, ScsiPacket.SIZE), what + ": the packet");
    around(length, 0, what);
  }

  /** What isn't the packet's, data or sense data is as it was. */
  void around(int length, int senses, String what) {
    untouched(packet - GUARD, packet, what + ", before the packet");
    untouched(packet + ScsiPacket.SIZE, block, what + ", behind the packet");
    untouched(sense - GUARD, sense, what + ", before sense data");
    untouched(sense + senses, sense + MOST_SENSE + GUARD, what + ", behind sense data");
    untouched(data - GUARD, data, what + ", before the data");
    untouched(data + length, data + MOST + GUARD, what + ", behind the data");
  }

  /** The unit takes commands as if nothing had been. */
  void goesOn(String when) {
    try {
      moves(ScsiPacket.READ, 512, 10, 0);
    } catch (AssertionError e) {
      throw new AssertionError("after " + when + ": " + e.getMessage(), e);
    }
  }

  /** The packet is refused, and the unit has heard nothing. */
  void refused(long at, String what, EfiStatus... allowed) {
    int sent = unit.commands().size();
    EfiStatus status = sender.send(at, 0);
    assertTrue(Arrays.asList(allowed).contains(status), what + ": " + status);
    assertEquals(sent, unit.commands().size(), what + " was sent");
    untouched(data, data + MOST, what + ": data");
    untouched(sense, sense + MOST_SENSE, what + ": sense data");
  }

  /** What a unit says of a command comes to who sent it: its status, and as much of its sense data as there is room for. */
  void refusalsOfTheUnit() {
    byte[] senses = new byte[18];
    for (int i = 0; i < senses.length; i++) {
      senses[i] = (byte) (0x70 + i);
    }
    for (int status : new int[] {CHECK_CONDITION, 8, 0x18, 0x28}) {
      byte[] given = status == CHECK_CONDITION ? senses : new byte[0];
      unit.says(status, given);
      unit.moves(0);
      for (int size : new int[] {0, 1, given.length, MOST_SENSE}) {
        describe(ScsiPacket.READ, 512, 6);
        memory.put8(packet + ScsiPacket.SENSE_LENGTH, size);
        String what = "status " + status + " with room for " + size + " bytes of sense data";
        assertEquals(EfiStatus.SUCCESS, send(), what);
        assertEquals(status, said(ScsiPacket.TARGET_STATUS), what);
        assertEquals(0, moved(ScsiPacket.READ), what + ": bytes of data");
        int there = Math.min(size, given.length);
        assertEquals(there, said(ScsiPacket.SENSE_LENGTH), what);
        assertArrayEquals(Arrays.copyOf(given, there), memory.read(sense, there), what);
        around(0, there, what);
      }
    }
    unit.says(GOOD, new byte[0]);
    unit.moves(Integer.MAX_VALUE);
    goesOn("a unit's refusals");
  }

  /** How many bytes were moved is said, of a unit that gives or takes fewer. */
  void shortTransfers() {
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (int bytes : new int[] {0, 1, 100, 511}) {
        unit.moves(bytes);
        describe(direction, 512, 10);
        assertEquals(EfiStatus.SUCCESS, send(), "a unit that moves " + bytes);
        assertEquals(bytes, moved(direction), "bytes of 512 that a unit moved, direction " + direction);
      }
    }
    unit.moves(Integer.MAX_VALUE);
    goesOn("a short transfer");
  }

  /** Packets that can't be meant. */
  void badPackets() {
    describe(ScsiPacket.READ, 512, 10);
    refused(0, "no packet", EfiStatus.INVALID_PARAMETER);
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      describe(direction, 512, 10);
      memory.put64(packet + ScsiPacket.COMMAND, 0);
      refused(packet, "no command", EfiStatus.INVALID_PARAMETER);
      describe(direction, 512, 10);
      memory.put8(packet + ScsiPacket.COMMAND_LENGTH, 0);
      refused(packet, "a command of 0 bytes", EfiStatus.INVALID_PARAMETER);
      describe(direction, 512, 10);
      memory.put64(ScsiPacket.data(packet, direction), 0);
      refused(packet, "no data", EfiStatus.INVALID_PARAMETER);
    }
    for (int direction : new int[] {3, 0x80, 0xFF}) {
      describe(direction, 0, 10);
      refused(packet, "direction " + direction, EfiStatus.INVALID_PARAMETER, EfiStatus.UNSUPPORTED);
    }
    goesOn("bad packets");
  }

  /** Places of the packet's contents where there is no memory: before, behind, and across both ends. */
  void nowhere() {
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (long at : new long[] {NOWHERE, FakeRam.BASE - 1, END - 511, END, -512, -1}) {
        describe(direction, 512, 10);
        memory.put64(ScsiPacket.data(packet, direction), at);
        refused(packet, "data at 0x" + Long.toHexString(at), EfiStatus.INVALID_PARAMETER);
      }
    }
    long gap = firmware.gap(64);
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      describe(direction, 512, 10);
      memory.put64(ScsiPacket.data(packet, direction), gap - 256);
      refused(packet, "data across a gap between memory", EfiStatus.INVALID_PARAMETER);
    }
    for (long at : new long[] {NOWHERE, FakeRam.BASE - 1, END - 9, END, -10, -1}) {
      describe(ScsiPacket.READ, 512, 10);
      memory.put64(packet + ScsiPacket.COMMAND, at);
      refused(packet, "a command at 0x" + Long.toHexString(at), EfiStatus.INVALID_PARAMETER);
    }
    unit.says(CHECK_CONDITION, new byte[MOST_SENSE]);
    for (long at : new long[] {NOWHERE, FakeRam.BASE - 1, END - 17, END, -18, -1}) {
      describe(ScsiPacket.READ, 512, 10);
      memory.put64(packet + ScsiPacket.SENSE, at);
      memory.put8(packet + ScsiPacket.SENSE_LENGTH, 18);
      refused(packet, "sense data to 0x" + Long.toHexString(at), EfiStatus.INVALID_PARAMETER);
    }
    unit.says(GOOD, new byte[0]);
    describe(ScsiPacket.READ, 512, 10);
    byte[] whole = memory.read(packet, ScsiPacket.SIZE);
    memory.write(END - ScsiPacket.SENSE_LENGTH, Arrays.copyOf(whole, ScsiPacket.SENSE_LENGTH));
    for (long at : new long[] {NOWHERE, FakeRam.BASE - 1, END - ScsiPacket.SENSE_LENGTH, END, -ScsiPacket.SIZE, -1}) {
      refused(at, "a packet at 0x" + Long.toHexString(at), EfiStatus.INVALID_PARAMETER);
    }
    goesOn("places where there is no memory");
  }

  /** Data and sense data have to be as aligned as is said, and nothing more. */
  void alignment(long alignment) {
    assertEquals(0, alignment & alignment - 1, "an alignment of " + alignment);
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (long off = 1; off < alignment; off *= 2) {
        describe(direction, 512, 10);
        memory.put64(ScsiPacket.data(packet, direction), data + off);
        refused(packet, "data that is " + off + " off", EfiStatus.INVALID_PARAMETER);
        describe(direction, 512, 10);
        memory.put64(packet + ScsiPacket.SENSE, sense + off);
        refused(packet, "sense data that is " + off + " off", EfiStatus.INVALID_PARAMETER);
      }
      describe(direction, 512, 10);
      memory.put64(ScsiPacket.data(packet, direction), data + Math.max(1, alignment));
      assertEquals(EfiStatus.SUCCESS, send(), "data that is as aligned as it has to be");
    }
    goesOn("data that isn't aligned");
  }
}
