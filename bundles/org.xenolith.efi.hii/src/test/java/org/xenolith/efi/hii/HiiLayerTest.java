// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** Package lists and strings, by the functions that a guest calls. */
class HiiLayerTest {
  private static final EfiGuid ID = EfiGuid.of("11111111-2222-3333-4444-555555555555");

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private long database;
  private long strings;
  private long room;

  @BeforeEach
  void begin() {
    new HiiLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.HII_DATABASE).getFirst();
    database = firmware.handles().find(handle, Protocol.HII_DATABASE);
    strings = firmware.handles().find(handle, Protocol.HII_STRING);
    room = firmware.room(4096);
  }

  private long place(byte[] bytes) {
    long at = firmware.room(bytes.length);
    firmware.memory().write(at, bytes);
    return at;
  }

  private long ascii(String text) {
    return place((text + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  private long wide(String text) {
    return place((text + '\0').getBytes(StandardCharsets.UTF_16LE));
  }

  private EfiStatus data(int function, long... arguments) {
    return call(database, function, arguments);
  }

  private EfiStatus text(int function, long... arguments) {
    return call(strings, function, arguments);
  }

  private EfiStatus call(long self, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = self;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(firmware.memory().get64(self + 8L * function), all));
  }

  /** A package as compilers of strings make them: all kinds of blocks. */
  private static byte[] compiled(String language, int... blocks) {
    byte[] spoken = (language + '\0').getBytes(StandardCharsets.US_ASCII);
    int header = 46 + spoken.length;
    ByteBuffer out = ByteBuffer.allocate(header + blocks.length).order(ByteOrder.LITTLE_ENDIAN).putInt(header + blocks.length | 4 << 24)
        .putInt(
            header).putInt(header).putShort(44, (short) 1).put(46, spoken).position(header);
    for (int each : blocks) {
      out.put((byte) each);
    }
    return out.array();
  }

  private static byte[] english() {
    return compiled("en-US", 0x14, 'E', 0, 0, 0, // 1: E
        0x21, 2, 0, // 2 and 3 are skipped
        0x16, 2, 0, 'a', 0, 0, 0, 'b', 0, 'c', 0, 0, 0, // 4: a, 5: bc
        0x20, 5, 0, // 6: as 5
        0x10, 'x', 'y', 0, // 7: xy
        0x31, 0x40, 7, 0, 1, 2, 3, // a font
        0x15, 9, 'q', 0, 0, 0, // 8: q
        0x22, 1, // 9 is skipped
        0x12, 1, 0, 'z', 0, // 10: z
        0);
  }

  private long add(byte[]... packages) {
    assertEquals(EfiStatus.SUCCESS, data(0, place(new PackageList(ID, List.of(packages)).bytes()), 0x77, room));
    return firmware.memory().get64(room);
  }

  private String string(long list, String language, int id) {
    firmware.memory().put64(room, 256);
    EfiStatus status = text(1, ascii(language), list, id, room + 64, room, 0);
    return status == EfiStatus.SUCCESS ? firmware.memory().text(room + 64, 120) : status.toString();
  }

  @Test
  void stringsOfAllKindsOfBlocksAreFound() {
    long list = add(english());
    List<String> found = new ArrayList<>();
    for (int id = 1; id <= 11; id++) {
      found.add(string(list, "en-US", id));
    }
    assertEquals(List.of("E", "NOT_FOUND", "NOT_FOUND", "a", "bc", "bc", "xy", "q", "NOT_FOUND", "z", "NOT_FOUND"), found);
    assertEquals("INVALID_LANGUAGE", string(list, "fr", 1));
    assertEquals("E", string(list, "EN-us", 1));
    firmware.memory().put64(room, 5);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, text(1, ascii("en-US"), list, 5, room + 64, room, 0));
    assertEquals(6, firmware.memory().get64(room));
    firmware.memory().put64(room, 64);
    assertEquals(EfiStatus.SUCCESS, text(3, list, room + 64, room));
    assertEquals("en-US\0", new String(firmware.memory().read(room + 64, 6), StandardCharsets.US_ASCII));
  }

  @Test
  void stringsAreAddedAndChangedInALanguage() {
    long list = add(english(), compiled("fr", 0x14, 'F', 0, 0, 0, 0));
    assertEquals(EfiStatus.SUCCESS, text(0, list, room, ascii("fr"), 0, wide("neuf"), 0));
    assertEquals(11, firmware.memory().get16(room), "behind those of all languages");
    assertEquals("neuf", string(list, "fr", 11));
    assertEquals("INVALID_LANGUAGE", string(list, "en-US", 11));
    assertEquals(EfiStatus.SUCCESS, text(2, list, 11, ascii("en-US"), wide("new"), 0));
    assertEquals("new", string(list, "en-US", 11));
    assertEquals("bc", string(list, "en-US", 6));
    assertEquals(EfiStatus.NOT_FOUND, text(2, list, 12, ascii("en-US"), wide("new"), 0));
    assertEquals(EfiStatus.SUCCESS, text(0, list, room, ascii("de"), wide("Deutsch"), wide("zehn"), 0));
    assertEquals("zehn", string(list, "de", firmware.memory().get16(room)));
    firmware.memory().put64(room, 64);
    assertEquals(EfiStatus.SUCCESS, text(4, list, ascii("de"), room + 64, room));
    assertEquals(0, firmware.memory().get8(room + 64), "no other ones");
  }

  @Test
  void listsComeAndGo() {
    int before = firmware.allocated();
    long one = add(english());
    long two = add(new byte[] {8, 0, 0, 5, 1, 2, 3, 4});
    firmware.memory().put64(room, 64);
    assertEquals(EfiStatus.SUCCESS, data(3, 0, 0, room, room + 64));
    assertEquals(List.of(16L, one, two), List.of(firmware.memory().get64(room), firmware.memory().get64(room + 64), firmware.memory().get64(
        room
            + 72)));
    assertEquals(EfiStatus.SUCCESS, data(3, 5, 0, room, room + 64));
    assertEquals(List.of(8L, two), List.of(firmware.memory().get64(room), firmware.memory().get64(room + 64)));
    assertEquals(EfiStatus.NOT_FOUND, data(3, 2, 0, room, room + 64));
    assertEquals(EfiStatus.SUCCESS, data(10, one, room));
    assertEquals(0x77, firmware.memory().get64(room));
    assertEquals(EfiStatus.SUCCESS, data(2, two, place(new PackageList(ID, List.of(new byte[] {5, 0, 0, 5, 9})).bytes())));
    firmware.memory().put64(room, 64);
    assertEquals(EfiStatus.SUCCESS, data(4, two, room, room + 64));
    assertArrayEquals(new PackageList(ID, List.of(new byte[] {5, 0, 0, 5, 9})).bytes(), firmware.memory().read(room + 64, (int) firmware
        .memory()
        .get64(room)));
    assertEquals(EfiStatus.SUCCESS, data(1, one));
    assertEquals(EfiStatus.NOT_FOUND, data(1, one));
    assertEquals(EfiStatus.SUCCESS, data(1, two));
    assertEquals(before, firmware.allocated());
  }

  @Test
  void whoWantsToKnowIsToldOfPackages() {
    List<String> told = new ArrayList<>();
    long function = firmware.guest(call -> {
      told.add(call.argument(0) + " " + firmware.memory().get8(call.argument(2) + 4) + " " + call.argument(4));
      return EfiStep.done();
    });
    assertEquals(EfiStatus.SUCCESS, data(5, 5, 0, function, 0xF, room + 8));
    long notice = firmware.memory().get64(room + 8);
    long list = add(english(), new byte[] {8, 0, 0, 5, 1, 2, 3, 4}, new byte[] {8, 0, 0, 7, 1, 2, 3, 4});
    assertEquals(EfiStatus.SUCCESS, data(2, list, place(new PackageList(ID, List.of(new byte[] {5, 0, 0, 5, 9})).bytes())));
    assertEquals(EfiStatus.SUCCESS, data(1, list));
    assertEquals(List.of("5 1 1", "5 1 2", "5 9 8", "5 9 2"), told);
    assertEquals(EfiStatus.SUCCESS, data(6, notice));
    assertEquals(EfiStatus.NOT_FOUND, data(6, notice));
    add(new byte[] {8, 0, 0, 5, 1, 2, 3, 4});
    assertEquals(4, told.size());
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    long list = add(english());
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, 0, 0, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, place(new byte[64]), 0, room), "no length");
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, place(Arrays.copyOf(new PackageList(ID, List.of(english())).bytes(), 60)), 0, 0));
    byte[] endless = new PackageList(ID, List.of(english())).bytes();
    endless[endless.length - 1] = 5;
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, place(endless), 0, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, place(new PackageList(ID, List.of(compiled("en", 0x14, 'a'))).bytes()), 0, room),
        "a string without an end");
    assertEquals(EfiStatus.NOT_FOUND, text(1, ascii("en"), database, 1, room + 64, room, 0), "no list");
    assertEquals(EfiStatus.INVALID_PARAMETER, call(list, 0, 1, 2), "no interface");
    assertEquals(EfiStatus.NOT_FOUND, EfiStatus.of(firmware.call(firmware.memory().get64(database + 8), list, list)),
        "a list as the database");
    assertEquals(EfiStatus.NOT_FOUND, data(8, 1, 2, 3));
    assertEquals(EfiStatus.INVALID_LANGUAGE, text(1, ascii("x".repeat(100)), list, 1, room + 64, room, 0));
  }

  @Test
  void whatFailsLeavesNothingAllocated() {
    long list = place(new PackageList(ID, List.of(english())).bytes());
    int before = firmware.allocated();
    for (int number = 1; number <= 2; number++) {
      firmware.faults().allocation(number);
      assertEquals(EfiStatus.OUT_OF_RESOURCES, data(0, list, 0, room), "allocation " + number);
      assertEquals(before, firmware.allocated(), "allocation " + number);
    }
    firmware.faults().none();
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, list, 0, 8));
    assertEquals(EfiStatus.INVALID_PARAMETER, data(5, 1, 8, 0x77, 1, room), "a GUID that is nowhere");
    assertEquals(EfiStatus.INVALID_PARAMETER, data(5, 5, 0, 0x77, 1, 8), "a handle for nowhere");
    assertEquals(before, firmware.allocated());
  }

  /** As many as both can be: what is to be told to all isn't made beforehand. */
  @Test
  void manyAreToldOfManyPackages() {
    int[] told = {0};
    long function = firmware.guest(call -> {
      told[0]++;
      return EfiStep.done();
    });
    for (int i = 0; i < 4000; i++) {
      assertEquals(EfiStatus.SUCCESS, data(5, 5 + i % 2, 0, 0x77, 2 - i % 2, room));
    }
    assertEquals(EfiStatus.SUCCESS, data(5, 7, 0, function, 1, room));
    byte[][] packages = new byte[100_000][];
    Arrays.fill(packages, new byte[] {4, 0, 0, 5});
    packages[packages.length - 1] = new byte[] {4, 0, 0, 7};
    add(packages);
    assertEquals(1, told[0]);
  }

  @Test
  void asManyAreToldAsThereMayBe() {
    int most = 4096;
    for (int i = 0; i < most; i++) {
      assertEquals(EfiStatus.SUCCESS, data(5, 5, 0, 0x77, 2, room));
    }
    assertEquals(EfiStatus.OUT_OF_RESOURCES, data(5, 5, 0, 0x77, 2, room));
    assertEquals(EfiStatus.SUCCESS, data(6, firmware.memory().get64(room)));
    assertEquals(EfiStatus.SUCCESS, data(5, 5, 0, 0x77, 2, room));
  }

  @Test
  void listsDoNotGrowBeyondWhatIsTaken() {
    byte[] large = new byte[5 << 20];
    large[0] = 0;
    large[2] = 0x50;
    large[3] = 5;
    long list = add(large);
    large[3] = 6;
    long more = place(new PackageList(ID, List.of(large)).bytes());
    assertEquals(EfiStatus.OUT_OF_RESOURCES, data(2, list, more));
    firmware.memory().put64(room, 64);
    assertEquals(EfiStatus.NOT_FOUND, data(3, 6, 0, room, room + 64));
    assertEquals(EfiStatus.SUCCESS, data(1, list));
  }

  /** Identifiers have 16 bits; those that are skipped are no strings, however many there are. */
  @Test
  void identifiersEnd() {
    byte[] skipping = compiled("en", 0x21, 0xFE, 0xFF, 0x14, 'a', 0, 0, 0, 0x21, 0xFF, 0xFF, 0);
    long list = add(skipping);
    assertEquals("a", string(list, "en", 0xFFFF));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, text(0, list, room, ascii("en"), 0, wide("b"), 0));
    assertEquals(EfiStatus.SUCCESS, text(2, list, 0xFFFF, ascii("en"), wide("c"), 0));
    assertEquals("c", string(list, "en", 0xFFFF));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, text(0, list, room, ascii("en"), 0, wide("b"), 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, data(0, place(new PackageList(ID, List.of(compiled("en", 0x21, 0xFF, 0xFF, 0x14, 'a', 0, 0, 0,
        0))).bytes()), 0, room), "a string behind the last identifier");
  }

  /** Packages that nobody compiled: a status, and never anything else. */
  @Test
  void randomPackagesAreReadOrRefused() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = english();
      for (int i = random.nextInt(6); i >= 0; i--) {
        bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt();
      }
      try {
        StringPackage found = StringPackage.of(bytes);
        assertEquals(found.texts(), new TreeMap<>(StringPackage.of(found.bytes()).texts()));
      } catch (org.xenolith.efi.boot.api.EfiError e) {
        assertEquals(EfiStatus.INVALID_PARAMETER, e.status());
      }
    }
  }
}
