// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.xenolith.testkit.efi.HiiBench.ALL;
import static org.xenolith.testkit.efi.HiiBench.FONTS;
import static org.xenolith.testkit.efi.HiiBench.GUID;
import static org.xenolith.testkit.efi.HiiBench.IMAGES;
import static org.xenolith.testkit.efi.HiiBench.MEMORY_END;
import static org.xenolith.testkit.efi.HiiBench.NOWHERE;
import static org.xenolith.testkit.efi.HiiBench.STRINGS;
import static org.xenolith.testkit.efi.HiiBench.listed;
import static org.xenolith.testkit.efi.HiiBench.packages;
import static org.xenolith.testkit.efi.HiiBench.packagesOf;
import static org.xenolith.testkit.efi.HiiBench.packed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiStep;

/** What EFI_HII_DATABASE_PROTOCOL must keep, but for keyboard layouts (UEFI 2.10, 34.8). */
public abstract class HiiDatabaseContract {
  private static final EfiGuid ONE = EfiGuid.of("6f1e3b52-7c1d-4c6b-9a57-0d1d3b9a6c01");
  private static final EfiGuid OTHER = EfiGuid.of("6f1e3b52-7c1d-4c6b-9a57-0d1d3b9a6c02");
  private static final byte[] FONT = packed(FONTS, new byte[] {1, 2, 3});
  private static final byte[] IMAGE = packed(IMAGES, new byte[] {4, 5, 6, 7, 8});
  private static final byte[] STRING = HiiBench.strings("en-US", "English", "one");
  private static final int NEW_PACK = 1;
  private static final int REMOVE_PACK = 2;
  private static final int EXPORT_PACK = 4;
  private static final int ADD_PACK = 8;

  /** A new EFI_HII_DATABASE_PROTOCOL, which may have lists of its own, and EFI_HII_STRING_PROTOCOL, of the same lists. */
  protected abstract OfferedProtocols hii();

  private HiiBench bench() {
    return new HiiBench(hii());
  }

  private static byte[] with(byte[] list, int at, int number) {
    return ByteBuffer.wrap(list.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number).array();
  }

  @Test
  void aListIsGivenBackAsItCame() {
    HiiBench bench = bench();
    long list = bench.add(FONT, packed(ONE, 9, 8), STRING, IMAGE);
    long other = bench.add(IMAGE, packed(OTHER, 7));
    byte[] found = bench.given("ExportPackageLists", (size, room) -> bench.data(HiiBench.EXPORT, list, size, room));
    assertEquals(packagesOf(FONT, packed(ONE, 9, 8), STRING, IMAGE), packages(found));
    assertEquals(packagesOf(IMAGE, packed(OTHER, 7)), packages(bench.exported(other)), "another list");
    List<String> all = packages(bench.exported(0));
    for (byte[] each : List.of(FONT, STRING, IMAGE, packed(OTHER, 7))) {
      assertEquals(true, all.containsAll(packagesOf(each)), "a package of all lists");
    }
    bench.given("ExportPackageLists of all", (size, room) -> bench.data(HiiBench.EXPORT, 0, size, room));
  }

  @Test
  void listsAreFoundByWhatTheyHave() {
    HiiBench bench = bench();
    List<Long> before = bench.lists(ALL);
    List<Long> fonts = new ArrayList<>(bench.lists(FONTS));
    long one = bench.add(FONT, packed(ONE, 1));
    long other = bench.add(FONT, STRING);
    bench.given("ListPackageLists", (size, room) -> bench.data(HiiBench.LIST, FONTS, 0, size, room));
    List<Long> all = new ArrayList<>(bench.lists(ALL));
    all.removeAll(before);
    assertEquals(List.of(one, other), all.stream().sorted(one < other ? Long::compare : (a, b) -> Long.compare(b, a)).toList());
    List<Long> found = new ArrayList<>(bench.lists(FONTS));
    found.removeAll(fonts);
    assertEquals(2, found.size(), "lists of fonts");
    assertEquals(true, bench.lists(STRINGS).contains(other) && !bench.lists(STRINGS).contains(one), "lists of strings");
    bench.memory.put64(bench.cell, 64);
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.LIST, GUID, bench.place(ONE.toBytes()), bench.cell, bench.cell + 8));
    assertEquals(List.of(8L, one), List.of(bench.memory.get64(bench.cell), bench.memory.get64(bench.cell + 8)), "by a GUID");
    bench.memory.put64(bench.cell, 64);
    assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.LIST, GUID, bench.place(OTHER.toBytes()), bench.cell, bench.cell + 8));
    assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.LIST, 0xE5, 0, bench.cell, bench.cell + 8), "a kind that nobody has");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.LIST, GUID, 0, bench.cell, bench.cell + 8), "which GUID");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.LIST, FONTS, bench.place(ONE.toBytes()), bench.cell, bench.cell + 8),
        "a GUID for another kind");
  }

  @Test
  void whatIsRemovedIsGone() {
    HiiBench bench = bench();
    List<Long> before = bench.lists(ALL);
    long one = bench.add(FONT);
    long other = bench.add(IMAGE);
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REMOVE, one));
    List<Long> left = new ArrayList<>(bench.lists(ALL));
    left.removeAll(before);
    assertEquals(List.of(other), left);
    for (long gone : new long[] {one, other + 1, NOWHERE, -1, bench.database}) {
      bench.memory.put64(bench.cell, 64);
      assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.REMOVE, gone), "RemovePackageList");
      assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.UPDATE, gone, bench.place(listed(FONT))), "UpdatePackageList");
      assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.EXPORT, gone, bench.cell, bench.cell + 8), "ExportPackageLists");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.DRIVER, gone, bench.cell), "GetPackageListHandle");
    }
    assertEquals(packagesOf(IMAGE), packages(bench.exported(other)), "the other one");
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REMOVE, other));
    assertEquals(before, bench.lists(ALL));
  }

  @Test
  void aListIsSomebodys() {
    HiiBench bench = bench();
    long driver = bench.firmware.handles().install(0, OTHER, bench.cell);
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.NEW, bench.place(listed(FONT)), driver, bench.cell));
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.DRIVER, bench.memory.get64(bench.cell), bench.cell + 8));
    assertEquals(driver, bench.memory.get64(bench.cell + 8));
    long nobodys = bench.add(FONT);
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.DRIVER, nobodys, bench.cell + 8));
    assertEquals(0, bench.memory.get64(bench.cell + 8), "nobody's list");
  }

  /** A package of a GUID is of the same kind as another only if that has the same GUID. */
  @Test
  void whatIsOfTheSameKindIsReplaced() {
    HiiBench bench = bench();
    long other = bench.add(FONT, IMAGE);
    long list = bench.add(FONT, packed(FONTS, new byte[] {7}), IMAGE, packed(ONE, 1), packed(OTHER, 2));
    byte[] font = packed(FONTS, new byte[] {9, 9, 9, 9});
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.UPDATE, list, bench.place(listed(font, packed(ONE, 3), packed(ONE, 4), STRING))));
    assertEquals(packagesOf(font, IMAGE, packed(ONE, 3), packed(ONE, 4), packed(OTHER, 2), STRING), packages(bench.exported(list)));
    assertEquals("one", bench.string(list, "en-US", 2));
    assertEquals(packagesOf(FONT, IMAGE), packages(bench.exported(other)), "another list");
  }

  @Test
  void whoAskedIsToldOfPackages() {
    HiiBench bench = bench();
    List<String> told = new ArrayList<>();
    long notice = register(bench, told, "", FONTS, 0, NEW_PACK | REMOVE_PACK | EXPORT_PACK | ADD_PACK);
    register(bench, told, "new ", FONTS, 0, NEW_PACK);
    register(bench, told, "guid ", GUID, bench.place(ONE.toBytes()), NEW_PACK | ADD_PACK);
    long list = bench.add(FONT, IMAGE, packed(ONE, 5), packed(OTHER, 6));
    tells(told, "5 0 1 1", "guid 1 5 1", "new 5 0 1 1");
    bench.exported(list);
    tells(told, "5 0 1 4");
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.UPDATE, list, bench.place(listed(packed(FONTS, new byte[] {3})))));
    tells(told, "5 0 1 2", "5 0 3 8");
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.UPDATE, list, bench.place(listed(packed(IMAGES, new byte[] {3})))));
    tells(told);
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REMOVE, list));
    tells(told, "5 0 3 2");
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.UNREGISTER, notice));
    assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.UNREGISTER, notice));
    assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.UNREGISTER, bench.add(FONT)), "a list");
    tells(told, "new 5 0 1 1");
  }

  /** In which order several are told is nobody's. */
  private static void tells(List<String> told, String... expected) {
    List<String> sorted = told.stream().sorted().toList();
    assertEquals(Arrays.asList(expected), sorted);
    told.clear();
  }

  /** Asks to be told; what is told is the kind, the GUID or the package's first byte, and what has happened. The list must be there then. */
  private static long register(HiiBench bench, List<String> told, String name, int kind, long guid, int events) {
    long function = bench.firmware.guest(call -> {
      long first = call.argument(2) + HiiBench.PACKAGE_HEADER;
      boolean known = call.argument(1) != 0;
      String what = known ? bench.memory.guid(call.argument(1)).equals(ONE) ? "" + bench.memory.get8(first + EfiGuid.SIZE) : "?"
          : "0 " + bench.memory.get8(first);
      assertEquals(true, bench.lists((int) call.argument(0)).contains(call.argument(3)) || known, "the list of a package that is told of");
      told.add(name + call.argument(0) + " " + what + " " + call.argument(4));
      return EfiStep.done();
    });
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REGISTER, kind, guid, function, events, bench.cell + 16));
    return bench.memory.get64(bench.cell + 16);
  }

  @Test
  void whoAskedWronglyIsntTold() {
    HiiBench bench = bench();
    List<String> told = new ArrayList<>();
    long function = bench.firmware.guest(call -> {
      told.add("told");
      return EfiStep.done();
    });
    long guid = bench.place(ONE.toBytes());
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.REGISTER, GUID, 0, function, NEW_PACK, bench.cell), "which GUID");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.REGISTER, FONTS, guid, function, NEW_PACK, bench.cell), "another kind");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.REGISTER, FONTS, 0, function, NEW_PACK, 0), "no handle");
    for (long place : new long[] {NOWHERE, MEMORY_END - 7, MEMORY_END, -8}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REGISTER, FONTS, 0, function, NEW_PACK, place), "a handle where nothing is");
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REGISTER, GUID, place, function, NEW_PACK, bench.cell), "a GUID there");
    }
    for (long gone : new long[] {0, NOWHERE, -1, bench.database}) {
      assertEquals(EfiStatus.NOT_FOUND, bench.data(HiiBench.UNREGISTER, gone));
    }
    bench.add(FONT, packed(ONE, 1));
    tells(told);
  }

  @Test
  void listsThatLieAreRefused() {
    HiiBench bench = bench();
    List<Long> before = bench.lists(ALL);
    byte[] good = listed(FONT, IMAGE);
    int length = EfiGuid.SIZE;
    int font = HiiBench.LIST_HEADER;
    int last = good.length - HiiBench.PACKAGE_HEADER;
    List<byte[]> lies = new ArrayList<>();
    for (int size : new int[] {0, 1, length, font - 1, font, font + 3, good.length - 1, last, FakeRam.SIZE, Integer.MAX_VALUE, -1}) {
      lies.add(with(good, length, size));
    }
    for (int size : new int[] {0, 1, 3, good.length, 0xFF_FFFF}) {
      lies.add(with(good, font, size | FONTS << 24));
    }
    lies.add(with(good, last, HiiBench.PACKAGE_HEADER | FONTS << 24)); // no package ends the list
    lies.add(with(good, last, 0));
    long list = bench.add(IMAGE);
    for (byte[] each : lies) {
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.NEW, bench.place(each), 0, bench.cell), () -> Arrays.toString(each));
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.UPDATE, list, bench.place(each)), () -> Arrays.toString(each));
    }
    bench.memory.write(MEMORY_END - good.length + 1, Arrays.copyOf(good, good.length - 1));
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 16, MEMORY_END - good.length + 1, MEMORY_END - 8, MEMORY_END, -16}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.NEW, place, 0, bench.cell), "a list at 0x" + Long.toHexString(place));
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.UPDATE, list, place), "a list at 0x" + Long.toHexString(place));
    }
    assertEquals(packagesOf(IMAGE), packages(bench.exported(list)));
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REMOVE, list));
    assertEquals(before, bench.lists(ALL));
  }

  @Test
  void whatHasNoPlaceIsRefused() {
    HiiBench bench = bench();
    long list = bench.add(FONT);
    List<Long> before = bench.lists(ALL);
    long good = bench.place(listed(FONT, STRING));
    bench.memory.put64(bench.cell, 64);
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.NEW, 0, 0, bench.cell), "no list");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.NEW, good, 0, 0), "no handle");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.UPDATE, list, 0), "nothing new");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.LIST, ALL, 0, 0, bench.cell), "no size of handles");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.EXPORT, list, 0, bench.cell), "no size of lists");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.DRIVER, list, 0), "no driver");
    bench.memory.put64(bench.cell, HiiBench.MOST);
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.LIST, ALL, 0, bench.cell, 0), "no handles");
    bench.memory.put64(bench.cell, HiiBench.MOST);
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.data(HiiBench.EXPORT, list, bench.cell, 0), "no lists");
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 8, MEMORY_END - 7, MEMORY_END, -8}) {
      bench.memory.put64(bench.cell, HiiBench.MOST);
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.NEW, good, 0, place), "a handle where nothing is");
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.LIST, ALL, 0, place, bench.cell), "a size where nothing is");
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.LIST, ALL, 0, bench.cell, place), "handles where nothing is");
      bench.memory.put64(bench.cell, HiiBench.MOST);
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.EXPORT, list, bench.cell, place), "lists where nothing is");
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.EXPORT, list, place, bench.cell), "a size where nothing is");
      assertNotEquals(EfiStatus.SUCCESS, bench.data(HiiBench.DRIVER, list, place), "a driver where nothing is");
    }
    assertEquals(before, bench.lists(ALL), "lists that nobody has the handle of");
    assertEquals(packagesOf(FONT), packages(bench.exported(list)));
  }
}
