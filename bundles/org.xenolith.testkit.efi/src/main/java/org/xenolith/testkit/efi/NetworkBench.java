// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.NetworkFramesContract.Card;

/** One network interface that a contract looks at, with room for what its functions are given. */
final class NetworkBench {
  static final int START = 8;
  static final int STOP = 16;
  static final int INITIALIZE = 24;
  static final int RESET = 32;
  static final int SHUTDOWN = 40;
  static final int FILTERS = 48;
  static final int STATION_ADDRESS = 56;
  static final int STATISTICS = 64;
  static final int TO_MAC = 72;
  static final int NV_DATA = 80;
  static final int STATUS = 88;
  static final int TRANSMIT = 96;
  static final int RECEIVE = 104;
  static final int WAIT = 112;
  static final int MODE = 120;

  static final int MAX_PACKET = 12;
  static final int FILTER_MASK = 24;
  static final int FILTER_SETTING = 28;
  static final int MOST_GROUPS = 32;
  static final int GROUP_COUNT = 36;
  static final int GROUPS = 40;
  static final int CURRENT = 552;

  static final int MAC = 6;
  /** Bytes of an EFI_MAC_ADDRESS. */
  static final int MAC_ROOM = 32;
  static final int HEADER = 14;
  /** EtherType of frames here (IEEE 802, for experiments). */
  static final int TYPE = 0x88B5;
  static final byte[] OTHER = HexFormat.of().parseHex("525400aabbcc");
  static final byte[] ALL = HexFormat.of().parseHex("ffffffffffff");
  static final byte[] GROUP = HexFormat.of().parseHex("01005e000001");
  /** Frames of which this many are more than any queue has room for. */
  static final int MANY = 300;

  private static final byte FILL = (byte) 0xA5;
  private static final int PLACE = 4096;
  private static final int LARGE = 2 * PLACE;

  final Card card;
  final EfiRam memory;
  final byte[] station;
  /** Where what a function returns goes; others are 64 bytes apart. */
  final long out;
  final long buffer;
  private final long frames;
  private int made;

  NetworkBench(Card card) {
    this.card = card;
    memory = card.firmware().memory();
    out = card.firmware().room(PLACE);
    buffer = card.firmware().room(LARGE) + PLACE / 2;
    frames = card.firmware().room(MANY * PLACE);
    station = memory.read(mode() + CURRENT, MAC);
  }

  /** One that is initialized. */
  static NetworkBench initialized(Card card) {
    NetworkBench bench = new NetworkBench(card);
    assertEquals(EfiStatus.SUCCESS, bench.call(START), "Start");
    assertEquals(EfiStatus.SUCCESS, bench.call(INITIALIZE, 0, 0), "Initialize");
    return bench;
  }

  EfiStatus call(int function, long... arguments) {
    return ProtocolCall.status(card.firmware(), card.protocol(), function, arguments);
  }

  void succeeds(int function, long... arguments) {
    assertEquals(EfiStatus.SUCCESS, call(function, arguments), () -> "the function at " + function + " with " + Arrays.toString(arguments));
  }

  void refuses(String what, int function, long... arguments) {
    assertEquals(EfiStatus.INVALID_PARAMETER, call(function, arguments), what);
  }

  long mode() {
    return memory.get64(card.protocol() + MODE);
  }

  long mode(int field) {
    return memory.get32(mode() + field);
  }

  void fill(long at, int bytes) {
    byte[] fill = new byte[bytes];
    Arrays.fill(fill, FILL);
    memory.write(at, fill);
  }

  void untouched(long from, long end, String what) {
    for (byte each : memory.read(from, (int) (end - from))) {
      assertEquals(FILL, each, what);
    }
  }

  /** Room for what comes, where nobody has written. */
  void clean() {
    fill(out, PLACE);
    fill(buffer - PLACE / 2, LARGE);
  }

  /** A frame as nobody else makes one. */
  byte[] frame(byte[] to, int length) {
    byte[] frame = new byte[length];
    made++;
    for (int i = HEADER; i < length; i++) {
      frame[i] = (byte) (made * 31 + i * 7 + i / 256);
    }
    System.arraycopy(to, 0, frame, 0, MAC);
    System.arraycopy(OTHER, 0, frame, MAC, MAC);
    frame[2 * MAC] = (byte) (TYPE >> 8);
    frame[2 * MAC + 1] = (byte) TYPE;
    return frame;
  }

  /** A place for a frame that is sent. */
  long place(int number) {
    return frames + (long) number * PLACE;
  }

  EfiStatus transmit(byte[] frame, long at) {
    memory.write(at, frame);
    return call(TRANSMIT, 0, frame.length, at, 0, 0, 0);
  }

  /** A frame goes and its buffer comes back, when nothing else is under way. */
  void sends(String what) {
    int before = card.sent().size();
    byte[] frame = frame(OTHER, 60);
    assertEquals(EfiStatus.SUCCESS, transmit(frame, place(0)), what);
    assertEquals(before + 1, card.sent().size(), what);
    assertArrayEquals(frame, card.sent().getLast(), what);
    assertEquals(place(0), recycled(), what);
    assertEquals(0, recycled(), what);
  }

  /** A buffer that was sent; 0: none. */
  long recycled() {
    fill(out, PLACE);
    succeeds(STATUS, 0, out);
    untouched(out + 8, out + 64, "behind the buffer's address");
    return memory.get64(out);
  }

  long interrupts() {
    fill(out, PLACE);
    succeeds(STATUS, out, 0);
    untouched(out + 4, out + 64, "behind the interrupts");
    return memory.get32(out);
  }

  EfiStatus receive(long size) {
    clean();
    memory.put64(out, size);
    return call(RECEIVE, 0, out, buffer, 0, 0, 0);
  }

  /** This frame is the next one. */
  void receives(byte[] frame, String what) {
    assertEquals(EfiStatus.SUCCESS, receive(LARGE / 2), what);
    assertEquals(frame.length, memory.get64(out), what);
    assertArrayEquals(frame, memory.read(buffer, frame.length), what);
  }

  void receivesNothing(String what) {
    assertEquals(EfiStatus.NOT_READY, receive(LARGE / 2), what);
  }

  /** One frame is being sent, and two have come. */
  void underWay() {
    card.holds();
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), place(0)));
    card.arrives(frame(station, 64));
    card.arrives(frame(station, 65));
  }

  /** Nobody is told of those any more, and others go and come. */
  void lost(String by) {
    receivesNothing("what came before " + by);
    assertEquals(0, recycled(), "what was sent before " + by);
    card.releases();
    assertEquals(0, recycled(), "what was sent before " + by);
    sends("after " + by);
    byte[] frame = frame(station, 64);
    card.arrives(frame);
    receives(frame, "after " + by);
  }
}
