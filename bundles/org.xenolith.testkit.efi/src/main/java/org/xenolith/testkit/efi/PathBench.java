// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** Paths in a guest's memory, and a pool that knows what was taken from it: for contracts of protocols whose results the caller frees. */
final class PathBench {
  /** Where there is no memory. */
  static final long NOWHERE = 0x10;
  /** The mark between instances. */
  static final byte[] MARK = {0x7F, 1, 4, 0};
  /** The end. */
  static final byte[] END = {0x7F, -1, 4, 0};
  private static final int BOOT_SERVICES_DATA = 4;
  private static final byte FILL = (byte) 0xA5;
  private static final int GUARD = 32;
  private static final int POOL = 8 << 20;
  private static final int LAST = 0x1000;

  final FakeFirmware firmware;
  final EfiRam memory;
  private final Map<Long, Integer> taken = new HashMap<>();
  private final long pool;
  private long next;
  private boolean empty;

  PathBench(FakeFirmware firmware) {
    this.firmware = firmware;
    memory = firmware.memory();
    pool = firmware.room(POOL);
    next = pool;
    firmware.service(BootService.ALLOCATE_POOL, this::allocate);
    firmware.service(BootService.FREE_POOL, this::free);
  }

  private EfiStep allocate(Call call) {
    int size = (int) call.argument(1);
    assertEquals(BOOT_SERVICES_DATA, call.argument(0), "results are memory of boot services");
    assertTrue(size > 0 && size < POOL / 2, "memory of " + size + " bytes");
    if (empty) {
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    int all = GUARD + (size + 15 & -16) + GUARD;
    if (next + all > pool + POOL) {
      next = pool;
    }
    byte[] bytes = new byte[all];
    Arrays.fill(bytes, FILL);
    memory.write(next, bytes);
    taken.put(next + GUARD, size);
    memory.put64(call.argument(2), next + GUARD);
    next += all;
    return EfiStep.done();
  }

  private EfiStep free(Call call) {
    assertTrue(taken.containsKey(call.argument(0)), "what is freed was allocated");
    give(call.argument(0));
    return EfiStep.done();
  }

  private void give(long address) {
    taken.remove(address);
    if (taken.isEmpty()) {
      next = pool;
    }
  }

  /** Whether the pool is empty from now on. */
  void empty(boolean is) {
    empty = is;
  }

  /** Calls a function of a table of pointers. */
  long call(long protocol, int function, long... arguments) {
    return firmware.call(memory.get64(protocol + 8L * function), arguments);
  }

  /** What a function made, taken from the pool and nothing besides it written; it is freed. */
  byte[] made(long address, String what) {
    assertTrue(taken.containsKey(address), what + ": 0x" + Long.toHexString(address) + " is of the pool");
    int size = taken.get(address);
    byte[] all = memory.read(address - GUARD, GUARD + (size + 15 & -16) + GUARD);
    for (int i = 0; i < all.length; i++) {
      assertTrue(i >= GUARD && i < GUARD + size || all[i] == FILL, what + ": written besides what was allocated");
    }
    give(address);
    assertTrue(taken.isEmpty(), what + ": more was allocated than is returned");
    return Arrays.copyOfRange(all, GUARD, GUARD + size);
  }

  /** A path that a function made, with its end; it is freed. */
  byte[] madePath(long address, String what) {
    byte[] bytes = made(address, what);
    int at = 0;
    while (at + 4 <= bytes.length && !(bytes[at] == END[0] && bytes[at + 1] == END[1])) {
      assertTrue(length(bytes, at) >= 4, what + ": a node of " + length(bytes, at) + " bytes");
      at += length(bytes, at);
    }
    assertTrue(at + 4 <= bytes.length, what + ": no end in what was allocated");
    return Arrays.copyOf(bytes, at + 4);
  }

  /** A function that returns nothing, and leaves nothing of the pool. */
  void nothing(long value, String what) {
    assertEquals(0, value, what);
    assertTrue(taken.isEmpty(), what + ": memory stays allocated");
  }

  static int length(byte[] bytes, int at) {
    return bytes[at + 2] & 0xFF | (bytes[at + 3] & 0xFF) << 8;
  }

  /** Puts bytes between others that aren't of them. */
  long place(byte... bytes) {
    byte[] all = new byte[GUARD + bytes.length + GUARD];
    Arrays.fill(all, FILL);
    System.arraycopy(bytes, 0, all, GUARD, bytes.length);
    long at = firmware.room(all.length);
    memory.write(at, all);
    return at + GUARD;
  }

  /** Bytes such that what they say is longer goes beyond the memory's end. */
  long placeLast(byte... bytes) {
    long at = FakeRam.BASE + FakeRam.SIZE - LAST;
    memory.write(at, bytes);
    return at;
  }

  /** A node of as many bytes. */
  static byte[] node(int type, int subtype, int length) {
    byte[] node = new byte[length];
    for (int i = 0; i < length; i++) {
      node[i] = (byte) (7 * i + type);
    }
    node[0] = (byte) type;
    node[1] = (byte) subtype;
    node[2] = (byte) length;
    node[3] = (byte) (length >> 8);
    return node;
  }

  /** One behind the other. */
  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      all.writeBytes(each);
    }
    return all.toByteArray();
  }

  /** Places of what isn't a path: nodes that are shorter than their header, no end before the memory's, and where there is no memory. */
  Map<String, Long> noPaths() {
    Map<String, Long> all = new HashMap<>();
    for (int length = 0; length < 4; length++) {
      byte[] broken = {1, 1, (byte) length, 0};
      all.put("a node of " + length + " bytes", place(join(broken, END)));
      all.put("a second node of " + length + " bytes", place(join(node(1, 1, 6), broken, END)));
    }
    byte[] nodes = new byte[1 << 20];
    for (int at = 0; at < nodes.length; at += 4) {
      System.arraycopy(node(1, 1, 4), 0, nodes, at, 4);
    }
    memory.write(FakeRam.BASE + FakeRam.SIZE - nodes.length - LAST, nodes);
    all.put("nodes to the memory's end", FakeRam.BASE + FakeRam.SIZE - nodes.length - LAST);
    all.put("a node beyond the memory's end", placeLast((byte) 1, (byte) 1, (byte) 0xFF, (byte) 0xFF));
    all.put("a path at 0x10", NOWHERE);
    all.put("a path before the memory", FakeRam.BASE - 4);
    all.put("a path behind the memory", FakeRam.BASE + FakeRam.SIZE);
    all.put("a path at -4", -4L);
    return all;
  }
}
