// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The code and data of a program that calls once what loaders of operating systems call between them: what firmware executes for those is kept ready
 * then. Its code, {@code training.bin}, is what the assembler makes of {@code training.s}; the list of calls that it goes through is made here. Functions are numbered by
 * their offsets in the tables of UEFI 2.10, 4.3, 4.4, 4.5, 12.4 and 13.4 to 13.9. What a call returns is of no interest.
 */
final class TrainingProgram {
  /** Bytes of all. */
  static final int SIZE = 0x3000;
  // Places, as in training.s.
  private static final int IMAGE = 0x200;
  private static final int SYSTEM_TABLE = 0x208;
  private static final int DATA = 0x400;
  private static final int LIST = 0xC00;
  private static final int ENTRY = 80;
  private static final int OPERANDS = 16;
  /** Places with the addresses of tables. */
  private static final int BOOT = DATA;
  private static final int RUNTIME = DATA + 8;
  private static final int OUTPUT = DATA + 16;
  private static final int INPUT = DATA + 24;
  private static final int LOADER_DATA = 2;
  private static final int SECTOR = 512;

  private final ByteBuffer out = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private int data = DATA + 32;
  private int list = LIST;

  /** An operand. @param kind 0: a number; 1: the address of a place; 3: what is there */
  private record Operand(long value, int kind) {}

  private TrainingProgram() {}

  static byte[] bytes() {
    TrainingProgram made = new TrainingProgram();
    made.out.put(0, resource("training.bin"));
    made.tables();
    made.memory();
    made.files();
    made.blocks();
    made.console();
    made.variables();
    made.protocols();
    made.events();
    return made.out.array();
  }

  /** What a file beside this class has. */
  static byte[] resource(String name) {
    try (InputStream in = TrainingProgram.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tables() {
    copy(SYSTEM_TABLE, 96, BOOT);
    copy(SYSTEM_TABLE, 88, RUNTIME);
    copy(SYSTEM_TABLE, 64, OUTPUT);
    copy(SYSTEM_TABLE, 48, INPUT);
  }

  private void memory() {
    int piece = cell(0);
    int key = cell(0);
    int size = cell(0x2000);
    int map = cell(0);
    call(BOOT, 256, number(0), number(0), number(0), number(0)); // SetWatchdogTimer
    call(BOOT, 64, number(LOADER_DATA), number(0x2000), at(map)); // AllocatePool
    call(BOOT, 56, at(size), of(map), at(key), at(cell(0)), at(cell(0))); // GetMemoryMap
    call(BOOT, 64, number(LOADER_DATA), number(100), at(piece));
    call(BOOT, 360, of(piece), number(100), number(7)); // SetMem
    call(BOOT, 352, of(map), of(piece), number(100)); // CopyMem
    call(BOOT, 344, of(piece), number(100), at(key)); // CalculateCrc32
    call(BOOT, 72, of(piece)); // FreePool
    call(BOOT, 72, of(map));
    call(BOOT, 40, number(0), number(LOADER_DATA), number(3), at(piece)); // AllocatePages
    call(BOOT, 48, of(piece), number(3)); // FreePages
    int limit = cell(0x7FFF_FFFF);
    call(BOOT, 40, number(1), number(1), number(3), at(limit));
    call(BOOT, 48, of(limit), number(3));
  }

  private void files() {
    int loaded = cell(0);
    int device = cell(0);
    int volume = cell(0);
    int root = cell(0);
    int file = cell(0);
    int buffer = cell(0);
    int size = cell(0x1000);
    int image = cell(0);
    int name = text("\\EFI\\BOOT\\BOOTAA64.EFI");
    int info = guid("09576e92-6d3f-11d2-8e39-00a0c969723b");
    call(BOOT, 152, of(IMAGE), at(guid("5b1b31a1-9562-11d2-8e3f-00a0c969723b")), at(loaded)); // HandleProtocol
    copy(loaded, 24, device);
    call(BOOT, 280, of(device), at(guid("964e5b22-6459-11d2-8e39-00a0c969723b")), at(volume), of(IMAGE), number(0), number(2)); // OpenProtocol
    call(volume, 8, of(volume), at(root)); // OpenVolume
    call(root, 8, of(root), at(file), at(text("\\nothing")), number(1), number(0)); // Open
    call(root, 8, of(root), at(file), at(name), number(1), number(0));
    call(BOOT, 64, number(LOADER_DATA), number(0x8000), at(buffer));
    call(file, 64, of(file), at(info), at(size), of(buffer)); // GetInfo
    call(file, 48, of(file), at(cell(0))); // GetPosition
    call(file, 56, of(file), number(0)); // SetPosition
    int length = cell(0x8000);
    call(file, 32, of(file), at(length), of(buffer)); // Read
    call(file, 16, of(file)); // Close
    call(root, 16, of(root));
    call(BOOT, 200, number(0), of(IMAGE), number(0), of(buffer), of(length), at(image)); // LoadImage
    call(BOOT, 224, of(image)); // UnloadImage
  }

  private void blocks() {
    int handles = cell(0);
    int count = cell(0);
    int handle = cell(0);
    int blocks = cell(0);
    int media = cell(0);
    int identity = cell(0);
    int buffer = cell(0);
    int protocol = guid("964e5b21-6459-11d2-8e39-00a0c969723b");
    int size = cell(0);
    int path = guid("09576e91-6d3f-11d2-8e39-00a0c969723b");
    call(BOOT, 176, number(2), at(protocol), number(0), at(size), number(0)); // LocateHandle
    call(BOOT, 312, number(2), at(protocol), number(0), at(count), at(handles)); // LocateHandleBuffer
    copy(handles, 0, handle);
    call(BOOT, 152, of(handle), at(protocol), at(blocks));
    call(BOOT, 152, of(handle), at(path), at(cell(0)));
    copy(blocks, 8, media);
    copy(media, 0, identity);
    call(BOOT, 40, number(0), number(LOADER_DATA), number(4), at(buffer));
    for (int sectors : new int[] {1, 16}) {
      call(blocks, 24, of(blocks), of(identity), number(0), number(sectors * SECTOR), of(buffer)); // ReadBlocks
    }
    call(blocks, 40, of(blocks)); // FlushBlocks
    call(BOOT, 320, at(protocol), number(0), at(cell(0))); // LocateProtocol
    call(BOOT, 72, of(handles));
  }

  private void console() {
    int extended = cell(0);
    call(OUTPUT, 48, of(OUTPUT)); // ClearScreen
    call(OUTPUT, 40, of(OUTPUT), number(0x70)); // SetAttribute
    call(OUTPUT, 56, of(OUTPUT), number(4), number(4)); // SetCursorPosition
    call(OUTPUT, 64, of(OUTPUT), number(1)); // EnableCursor
    call(OUTPUT, 24, of(OUTPUT), number(0), at(cell(0)), at(cell(0))); // QueryMode
    call(OUTPUT, 16, of(OUTPUT), at(text("\u2500"))); // TestString
    call(OUTPUT, 8, of(OUTPUT), at(text("Trained \u2502\r\n"))); // OutputString
    call(INPUT, 8, of(INPUT), at(cell(0))); // ReadKeyStroke
    call(BOOT, 320, at(guid("dd9e7534-7762-4698-8c14-f58517a625aa")), number(0), at(extended));
    call(extended, 8, of(extended), at(cell(0))); // ReadKeyStrokeEx
  }

  private void variables() {
    int global = guid("8be4df61-93ca-11d2-aa0d-00e098032b8c");
    int own = guid("d7d7e8c2-1b1e-4b0e-9c53-0c1f3c6c1ee1");
    int size = cell(8);
    int value = cell(0);
    int name = text("Trained");
    call(RUNTIME, 72, at(text("SecureBoot")), at(global), number(0), at(size), at(value)); // GetVariable
    call(RUNTIME, 72, at(text("BootOrder")), at(global), number(0), at(size), at(value));
    call(RUNTIME, 88, at(name), at(own), number(2), number(8), at(value)); // SetVariable
    call(RUNTIME, 72, at(name), at(own), number(0), at(size), at(value));
    call(RUNTIME, 128, number(2), at(cell(0)), at(cell(0)), at(cell(0))); // QueryVariableInfo
    call(RUNTIME, 24, at(cell(0)), number(0)); // GetTime: 16 bytes
    cell(0);
  }

  private void protocols() {
    int handle = cell(0);
    int protocol = guid("1d0ee0d7-6f0a-4a0c-8f7b-3a1e7f6f3f0e");
    call(BOOT, 328, at(handle), at(protocol), at(handle), number(0)); // InstallMultipleProtocolInterfaces
    call(BOOT, 320, at(protocol), number(0), at(cell(0)));
    call(BOOT, 336, of(handle), at(protocol), at(handle), number(0)); // UninstallMultipleProtocolInterfaces
    call(BOOT, 128, at(handle), at(protocol), number(0), at(handle)); // InstallProtocolInterface
    call(BOOT, 192, at(protocol), at(handle)); // InstallConfigurationTable
    call(BOOT, 192, at(protocol), number(0));
  }

  private void events() {
    int event = cell(0);
    call(BOOT, 80, number(0x8000_0000L), number(8), number(0), number(0), at(event)); // CreateEvent
    call(BOOT, 88, of(event), number(2), number(1000)); // SetTimer
    call(BOOT, 96, number(1), at(event), at(cell(0))); // WaitForEvent
    call(BOOT, 120, of(event)); // CheckEvent
    call(BOOT, 112, of(event)); // CloseEvent
    call(BOOT, 24, number(16)); // RaiseTPL
    call(BOOT, 32, number(4)); // RestoreTPL
    call(BOOT, 248, number(100)); // Stall
  }

  // ---- Entries and data

  private static Operand number(long value) {
    return new Operand(value, 0);
  }

  /** A place's address. */
  private static Operand at(int place) {
    return new Operand(place, 1);
  }

  /** What is at a place. */
  private static Operand of(int place) {
    return new Operand(place, 3);
  }

  private void call(int table, int function, Operand... operands) {
    int kinds = 0;
    for (int i = 0; i < operands.length; i++) {
      kinds |= operands[i].kind << 2 * i;
      out.putLong(list + OPERANDS + 8 * i, operands[i].value);
    }
    entry(kinds, table, function, 0);
  }

  /** Copies a pointer out of a table. */
  private void copy(int table, int offset, int place) {
    entry(0, table, offset, place);
  }

  private void entry(int kinds, int table, int offset, int place) {
    out.putInt(list, kinds).putInt(list + 4, table).putInt(list + 8, offset).putInt(list + 12, place);
    list += ENTRY;
  }

  private int room(int bytes) {
    int place = data;
    data += bytes + 7 & -8;
    if (data > LIST) {
      throw new IllegalStateException("data of " + data + " bytes: the list begins at " + LIST);
    }
    return place;
  }

  private int cell(long value) {
    int place = room(8);
    out.putLong(place, value);
    return place;
  }

  private int text(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_16LE);
    int place = room(bytes.length);
    out.put(place, bytes);
    return place;
  }

  /** A GUID, of which the first three fields are little-endian. */
  private int guid(String text) {
    UUID id = UUID.fromString(text);
    long high = id.getMostSignificantBits();
    int place = room(16);
    out.putInt(place, (int) (high >>> 32)).putShort(place + 4, (short) (high >>> 16)).putShort(place + 6, (short) high);
    out.putLong(place + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    return place;
  }
}
