// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;

/** How the contracts of package lists call their database, and make lists for it. */
final class HiiBench {
  // Where functions are in EFI_HII_DATABASE_PROTOCOL (UEFI 2.10, 34.8.1).
  static final int NEW = 0;
  static final int REMOVE = 8;
  static final int UPDATE = 16;
  static final int LIST = 24;
  static final int EXPORT = 32;
  static final int REGISTER = 40;
  static final int UNREGISTER = 48;
  static final int DRIVER = 80;
  // And in EFI_HII_STRING_PROTOCOL (UEFI 2.10, 34.3.1).
  static final int NEW_STRING = 0;
  static final int GET_STRING = 8;
  static final int SET_STRING = 16;
  static final int LANGUAGES = 24;
  static final int SECONDARY = 32;
  // Kinds of packages (UEFI 2.10, 33.3.1.2).
  static final int ALL = 0;
  static final int GUID = 1;
  static final int STRINGS = 4;
  static final int FONTS = 5;
  static final int IMAGES = 6;
  private static final int END = 0xDF;
  static final int LIST_HEADER = 20;
  static final int PACKAGE_HEADER = 4;
  static final EfiGuid ID = EfiGuid.of("11111111-2222-3333-4444-555555555555");
  static final long NOWHERE = 0x10;
  static final long MEMORY_END = FakeRam.BASE + FakeRam.SIZE;
  /** Bytes that nothing here takes more of. */
  static final int MOST = 1 << 19;
  private static final int GUARD = 64;
  private static final byte FILL = (byte) 0xA5;
  private static final int MOST_TEXT = 1 << 17;

  /** A function that is told how much room there is. */
  interface Asked {
    EfiStatus ask(long sizeAt, long buffer);
  }

  final FakeFirmware firmware;
  /** Address of EFI_HII_DATABASE_PROTOCOL. */
  final long database;
  /** Address of EFI_HII_STRING_PROTOCOL. */
  final long strings;
  final EfiRam memory;
  /** Where sizes and handles are put. */
  final long cell;
  private final long buffer;
  /** A size and room for handles, which a function that is told of packages asks for while others are under way. */
  private final long handles;

  HiiBench(OfferedProtocols hii) {
    firmware = hii.firmware();
    database = hii.protocol(Protocol.HII_DATABASE);
    strings = hii.protocol(Protocol.HII_STRING);
    memory = firmware.memory();
    cell = firmware.room(64);
    buffer = firmware.room(MOST);
    handles = firmware.room(4096);
  }

  private EfiStatus call(long protocol, int function, long... arguments) {
    return ProtocolCall.status(firmware, protocol, function, arguments);
  }

  /** A function of the database. */
  EfiStatus data(int function, long... arguments) {
    return call(database, function, arguments);
  }

  /** A function of strings. */
  EfiStatus text(int function, long... arguments) {
    return call(strings, function, arguments);
  }

  long place(byte[] bytes) {
    long at = firmware.room(bytes.length);
    memory.write(at, bytes);
    return at;
  }

  long ascii(String text) {
    return place((text + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  long wide(String text) {
    return place((text + '\0').getBytes(StandardCharsets.UTF_16LE));
  }

  /** A package: its header and what is behind that. */
  static byte[] packed(int kind, byte... body) {
    return ByteBuffer.allocate(PACKAGE_HEADER + body.length).order(ByteOrder.LITTLE_ENDIAN).putInt(PACKAGE_HEADER + body.length | kind
        << 24)
        .put(body).array();
  }

  /** A package whose kind a GUID says. */
  static byte[] packed(EfiGuid guid, int... body) {
    return packed(GUID, joined(guid.toBytes(), bytes(body)));
  }

  static byte[] bytes(int... numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      out.writeBytes(each);
    }
    return out.toByteArray();
  }

  /** A package of strings (UEFI 2.10, 33.3.6.1). @param blocks what is behind its header */
  static byte[] strings(String language, byte[] blocks) {
    byte[] spoken = (language + '\0').getBytes(StandardCharsets.US_ASCII);
    int header = 46 + spoken.length;
    byte[] body = ByteBuffer.allocate(header - PACKAGE_HEADER + blocks.length).order(ByteOrder.LITTLE_ENDIAN).putInt(header).putInt(header)
        .putShort(40, (short) 1).put(42, spoken).put(header - PACKAGE_HEADER, blocks).array();
    return packed(STRINGS, body);
  }

  /** A package that has these strings, from the first identifier on. */
  static byte[] strings(String language, String... texts) {
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    for (String each : texts) {
      blocks.write(0x14);
      blocks.writeBytes((each + '\0').getBytes(StandardCharsets.UTF_16LE));
    }
    blocks.write(0);
    return strings(language, blocks.toByteArray());
  }

  /** A package list (UEFI 2.10, 33.3.1.1). */
  static byte[] listed(byte[]... packages) {
    byte[] all = joined(joined(packages), packed(END));
    return ByteBuffer.allocate(LIST_HEADER + all.length).order(ByteOrder.LITTLE_ENDIAN).put(ID.toBytes()).putInt(LIST_HEADER + all.length)
        .put(all).array();
  }

  /** Adds a list; its handle. */
  long add(byte[]... packages) {
    assertEquals(EfiStatus.SUCCESS, data(NEW, place(listed(packages)), 0, cell), "NewPackageList");
    return memory.get64(cell);
  }

  /** What a function gives, which is asked with no room, too little, enough and too much. */
  byte[] given(String what, Asked asked) {
    memory.put64(cell, 0);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, asked.ask(cell, 0), what + " without room");
    long size = memory.get64(cell);
    assertTrue(size > 0 && size < MOST - 2 * GUARD, what + ": " + size + " bytes");
    byte[] all = filled((int) size);
    memory.put64(cell, size - 1);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, asked.ask(cell, buffer + GUARD), what + " with a byte less");
    assertEquals(size, memory.get64(cell), what + ": size");
    assertArrayEquals(all, memory.read(buffer, all.length), what + " with a byte less");
    for (int more : new int[] {0, 24}) {
      filled((int) size);
      memory.put64(cell, size + more);
      assertEquals(EfiStatus.SUCCESS, asked.ask(cell, buffer + GUARD), what);
      assertEquals(size, memory.get64(cell), what + ": size");
      byte[] found = memory.read(buffer + GUARD, (int) size);
      System.arraycopy(found, 0, all, GUARD, found.length);
      assertArrayEquals(all, memory.read(buffer, all.length), what + ": around it");
    }
    return memory.read(buffer + GUARD, (int) size);
  }

  private byte[] filled(int size) {
    byte[] all = new byte[size + 2 * GUARD];
    Arrays.fill(all, FILL);
    memory.write(buffer, all);
    return all;
  }

  /** What a function gives once, or the status. */
  private byte @Nullable [] once(Asked asked) {
    memory.put64(cell, MOST);
    EfiStatus status = asked.ask(cell, buffer);
    return status == EfiStatus.SUCCESS ? memory.read(buffer, (int) memory.get64(cell)) : null;
  }

  /** Handles of lists that have a package of this kind; none: NOT_FOUND. */
  List<Long> lists(int kind) {
    memory.put64(handles, 2048);
    List<Long> found = new ArrayList<>();
    if (data(LIST, kind, 0, handles, handles + 8) == EfiStatus.SUCCESS) {
      for (long at = 0; at < memory.get64(handles); at += 8) {
        found.add(memory.get64(handles + 8 + at));
      }
    }
    return found;
  }

  byte[] exported(long handle) {
    byte[] found = once((size, room) -> data(EXPORT, handle, size, room));
    assertTrue(found != null, "ExportPackageLists");
    return found;
  }

  /** The packages of exported lists in hexadecimal, whose order is nobody's, without the ones that end a list. */
  static List<String> packages(byte[] exported) {
    List<String> all = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(exported).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at < exported.length) {
      assertEquals(ID, EfiGuid.ofBytes(exported, at), "whose list it is");
      int end = at + in.getInt(at + EfiGuid.SIZE);
      int next = at + LIST_HEADER;
      while (in.getInt(next) >>> 24 != END) {
        int length = in.getInt(next) & 0xFF_FFFF;
        all.add(HexFormat.of().formatHex(exported, next, next + length));
        next += length;
        assertTrue(next + PACKAGE_HEADER <= end && length >= PACKAGE_HEADER, "a package behind its list");
      }
      assertEquals(end, next + PACKAGE_HEADER, "where the list ends");
      at = end;
    }
    return all.stream().sorted().toList();
  }

  static List<String> packagesOf(byte[]... packages) {
    return packages(listed(packages));
  }

  /** A string, or the status that there is for it. */
  String string(long list, String language, int id) {
    long spoken = ascii(language);
    memory.put64(cell, MOST);
    EfiStatus status = text(GET_STRING, spoken, list, id, buffer, cell, 0);
    if (status != EfiStatus.SUCCESS) {
      return status.toString();
    }
    String found = memory.text(buffer, MOST_TEXT);
    assertEquals(2L * found.length() + 2, memory.get64(cell), "size of a string");
    return found;
  }

  /** Adds a string; its identifier. */
  int newString(long list, String language, String text) {
    memory.put64(cell + 8, -1);
    assertEquals(EfiStatus.SUCCESS, text(NEW_STRING, list, cell + 8, ascii(language), 0, wide(text), 0), "NewString in " + language);
    long said = memory.get64(cell + 8);
    assertEquals(-1L >>> 16, said >>> 16, "behind the identifier");
    return (int) said & 0xFFFF;
  }

  List<String> languages(long list) {
    byte[] found = once((size, room) -> text(LANGUAGES, list, room, size));
    assertTrue(found != null && found[found.length - 1] == 0, "GetLanguages");
    return Arrays.stream(new String(found, 0, found.length - 1, StandardCharsets.US_ASCII).split(";")).sorted().toList();
  }
}
