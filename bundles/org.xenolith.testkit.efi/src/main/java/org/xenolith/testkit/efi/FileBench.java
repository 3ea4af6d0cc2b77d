// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/** How the contracts call files of a volume, and see what they wrote into memory. */
final class FileBench {
  // Where functions are in EFI_FILE_PROTOCOL (UEFI 2.10, 13.5).
  static final int OPEN = 8;
  static final int CLOSE = 16;
  static final int DELETE = 24;
  static final int READ = 32;
  static final int WRITE = 40;
  static final int GET_POSITION = 48;
  static final int SET_POSITION = 56;
  static final int GET_INFO = 64;
  static final int SET_INFO = 72;
  static final int FLUSH = 80;
  static final int OPEN_EX = 88;
  static final int READ_EX = 96;
  /** EFI_FILE_INFO. */
  static final EfiGuid FILE_INFO = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");
  /** EFI_FILE_SYSTEM_INFO. */
  static final EfiGuid SYSTEM_INFO = EfiGuid.of("09576e93-6d3f-11d2-8e39-00a0c969723b");
  /** EFI_FILE_SYSTEM_VOLUME_LABEL. */
  static final EfiGuid LABEL = EfiGuid.of("db47d7d3-fe81-11d3-9a35-0090273fc14d");
  /** A kind of information that there isn't. */
  static final EfiGuid UNKNOWN = EfiGuid.of("2f1f6c1e-5d0c-4a57-8f0e-9a3b6d1c7e55");
  /** Bytes of EFI_FILE_INFO before its name. */
  static final int INFO_NAME = 80;
  static final long READING = 1;
  static final long WRITING = 2;
  static final long CREATING = 1L << 63;
  static final long NOWHERE = 0x10;
  /** Most bytes that are read at once. */
  static final int MOST = 8192;
  private static final int GUARD = 64;
  private static final byte FILL = (byte) 0xA5;
  private static final int MOST_PATH = 400;

  final FileContract.Mounted mounted;
  final FakeFirmware firmware;
  final EfiRam memory;
  /** The root directory, open. */
  final long root;
  /** Where sizes, positions and addresses of files are put. */
  final long cell;
  /** Room for {@link #MOST} bytes, with what nobody may touch before and behind them. */
  final long buffer;
  private final long text;
  private final long kind;

  FileBench(FileContract.Mounted mounted) {
    this.mounted = mounted;
    firmware = mounted.firmware();
    memory = firmware.memory();
    cell = firmware.room(8);
    text = firmware.room(2 * MOST_PATH + 2);
    kind = firmware.room(EfiGuid.SIZE);
    buffer = firmware.room(MOST + 2 * GUARD) + GUARD;
    root = openVolume();
  }

  long openVolume() {
    assertEquals(EfiStatus.SUCCESS, openVolume(cell), "OpenVolume");
    return memory.get64(cell);
  }

  EfiStatus openVolume(long to) {
    return ProtocolCall.status(firmware, mounted.protocol(), 8, to);
  }

  EfiStatus call(long file, int function, long... arguments) {
    return EfiStatus.of(raw(file, function, arguments));
  }

  /** What is in x0: warnings have no {@link EfiStatus}. */
  long raw(long file, int function, long... arguments) {
    return ProtocolCall.value(firmware, file, function, arguments);
  }

  /** Puts a path where functions read it; its address. */
  long path(String path) {
    memory.write(text, (path + '\0').getBytes(StandardCharsets.UTF_16LE));
    return text;
  }

  long guid(EfiGuid of) {
    memory.write(kind, of.toBytes());
    return kind;
  }

  long open(long from, String path) {
    memory.put64(cell, 0);
    assertEquals(EfiStatus.SUCCESS, call(from, OPEN, cell, path(path), READING, 0), "Open of " + path);
    assertNotEquals(0, memory.get64(cell), "a file that Open of " + path + " gives");
    return memory.get64(cell);
  }

  /** Open is refused, and nothing is left behind. */
  void refusesToOpen(EfiStatus expected, long from, String path, long mode) {
    String before = FirmwareState.of(firmware);
    assertEquals(expected, call(from, OPEN, cell, path(path), mode, 0), "Open of " + path + " with mode 0x" + Long.toHexString(mode));
    assertEquals(before, FirmwareState.of(firmware), "after Open of " + path);
  }

  void close(long file) {
    assertEquals(EfiStatus.SUCCESS, call(file, CLOSE), "Close");
  }

  void fill() {
    byte[] fill = new byte[MOST + 2 * GUARD];
    Arrays.fill(fill, FILL);
    memory.write(buffer - GUARD, fill);
  }

  /** Nothing but so many bytes of the buffer was written. */
  void onlyWrote(int bytes) {
    byte[] all = memory.read(buffer - GUARD, MOST + 2 * GUARD);
    Arrays.fill(all, GUARD, GUARD + bytes, FILL);
    byte[] expected = new byte[all.length];
    Arrays.fill(expected, FILL);
    assertArrayEquals(expected, all, "memory around " + bytes + " bytes that were asked for");
  }

  /** Calls a function that fills a buffer; what it wrote, and nothing else. */
  private byte[] filled(String what, long room, Supplier<EfiStatus> function) {
    fill();
    memory.put64(cell, room);
    assertEquals(EfiStatus.SUCCESS, function.get(), what);
    long size = memory.get64(cell);
    assertTrue(size >= 0 && size <= MOST && Long.compareUnsigned(size, room) <= 0, () -> what + " says that it gave " + size);
    onlyWrote((int) size);
    return memory.read(buffer, (int) size);
  }

  byte[] read(long file, long room) {
    return filled("Read of " + room, room, () -> call(file, READ, cell, buffer));
  }

  byte[] info(long file, EfiGuid of) {
    return filled("GetInfo", MOST, () -> call(file, GET_INFO, guid(of), cell, buffer));
  }

  /** The name in EFI_FILE_INFO. */
  static String name(byte[] info) {
    return new String(info, INFO_NAME, info.length - INFO_NAME - 2, StandardCharsets.UTF_16LE);
  }

  static long number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }

  /** A function that is refused changes neither the buffer nor what there is in firmware. */
  void tooSmall(String what, long room, int needed, Supplier<EfiStatus> function) {
    String before = FirmwareState.of(firmware);
    fill();
    memory.put64(cell, room);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, function.get(), what + " with room for " + room);
    assertEquals(needed, memory.get64(cell), "the size that " + what + " says it needs");
    onlyWrote(0);
    assertEquals(before, FirmwareState.of(firmware), what);
  }

  /** Whether the volume says that it can't be written (UEFI 2.10, 13.5.17). */
  boolean isReadOnly() {
    return info(root, SYSTEM_INFO)[8] != 0;
  }
}
