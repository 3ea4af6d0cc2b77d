// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.testkit.efi.XenStoreContract.Bus;
import org.xenolith.testkit.efi.XenStoreContract.StoreFault;

/** Calls of a bus as drivers make them, with places for what comes back and bytes around those. */
final class XenBusBench {
  private static final byte FILL = (byte) 0xA5;
  private static final int GUARD = 32;
  private static final int MOST = 8192;

  final Bus bus;
  /** A buffer. */
  final long room;
  /** Where the buffer's size is. */
  final long size;
  /** Where numbers go that come back. */
  final long number;
  /** Number of a page; there is another one behind it. */
  final long page;
  private final long texts;

  XenBusBench(Bus bus) {
    this.bus = bus;
    bus.store().conflicts(0);
    page = bus.firmware().room(2 * 4096) >>> 12;
    room = bus.firmware().room(MOST + 2 * GUARD) + GUARD;
    size = bus.firmware().room(8);
    number = bus.firmware().room(8);
    texts = bus.firmware().room(MOST);
    fill();
  }

  /** What a node has. */
  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 7);
    }
    return bytes;
  }

  EfiRam memory() {
    return bus.firmware().memory();
  }

  EfiStatus call(XenBus function, long... arguments) {
    return ProtocolCall.status(bus.firmware(), bus.device(), function.offset(), arguments);
  }

  /** A path in memory, until the next one if it is short. */
  long text(String text) {
    long at = text.length() < 16 ? bus.firmware().room(16) : texts;
    memory().write(at, (text + '\0').getBytes(StandardCharsets.ISO_8859_1));
    return at;
  }

  void fill() {
    byte[] bytes = new byte[MOST + 2 * GUARD];
    Arrays.fill(bytes, FILL);
    memory().write(room - GUARD, bytes);
  }

  /** That nothing was written before the buffer, nor behind so many bytes of it. */
  void untouched(int used, String what) {
    byte[] bytes = memory().read(room - GUARD, MOST + 2 * GUARD);
    for (int i = 0; i < bytes.length; i++) {
      if (i < GUARD || i >= GUARD + used) {
        assertEquals(FILL, bytes[i], what);
      }
    }
  }

  EfiStatus read(long transaction, String path, long most) {
    fill();
    memory().put64(size, most);
    return call(XenBus.READ, transaction, text(path), room, size);
  }

  /** The size that the latest {@link #read} has said. */
  long said() {
    return memory().get64(size);
  }

  /** What the latest {@link #read} has brought. */
  byte[] value() {
    return memory().read(room, (int) Math.min(MOST, said()));
  }

  EfiStatus write(long transaction, String path, byte[] value) {
    fill();
    memory().write(room, value);
    return call(XenBus.WRITE, transaction, text(path), room, value.length);
  }

  void put(String path, byte[] value) {
    bus.store().nodes().put(path, new String(value, StandardCharsets.ISO_8859_1));
  }

  /** What the store has; null if it has no such node. */
  byte @Nullable [] node(String path) {
    String value = bus.store().nodes().get(path);
    return value == null ? null : value.getBytes(StandardCharsets.ISO_8859_1);
  }

  void honest() {
    bus.fault(StoreFault.NONE);
  }

  private long came(EfiStatus status, String what) {
    assertEquals(EfiStatus.SUCCESS, status, what);
    assertEquals(0xA5A5_A5A5L, memory().get32(number + 4), what + ": behind the number");
    return memory().get32(number);
  }

  private long place() {
    memory().put64(number, 0xA5A5_A5A5_A5A5_A5A5L);
    return number;
  }

  long begin() {
    long begun = came(call(XenBus.BEGIN, place()), "BEGIN");
    assertNotEquals(0, begun, "BEGIN: 0 is no transaction");
    return begun;
  }

  long grant(long domain, long frame, long readOnly) {
    return came(call(XenBus.GRANT, domain, frame, readOnly, place()), "GRANT");
  }

  long open() {
    return came(call(XenBus.OPEN, 1, place()), "OPEN");
  }
}
