// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;

/** What EFI_FILE_PROTOCOL must keep of files and directories that are open (UEFI 2.10, 13.5). How they are opened is in {@link FileSystemContract}. */
public abstract class FileContract {
  private static final long DIRECTORY = 0x10;
  private static final long VALID_ATTRIBUTES = 0x37;
  private static final int MOST_ENTRIES = 10;
  private static final int REVISION_2 = 0x2_0000;
  /** A file in pieces, on whatever volume. */
  static final String LONG = "\\EFI\\BOOT\\BOOTAA64.EFI";
  static final String SHORT = "\\EFI\\BOOT\\a rather long name.cfg";

  /** A volume that is mounted. */
  public interface Mounted {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its EFI_SIMPLE_FILE_SYSTEM_PROTOCOL. */
    long protocol();

    /** All bytes that it lies in, live: what it says it can't write stays as it is. */
    byte[] bytes();
  }

  /** A new one with such files: paths with slashes between, and what is in them. */
  protected abstract Mounted mounted(Map<String, byte[]> files);

  static byte[] content(String path) {
    return files().get(path.substring(1).replace('\\', '/'));
  }

  static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] many = new byte[5000];
    new Random(3).nextBytes(many);
    files.put("EFI/BOOT/BOOTAA64.EFI", many);
    files.put("EFI/BOOT/a rather long name.cfg", "set x".getBytes(StandardCharsets.US_ASCII));
    files.put("EFI/empty", new byte[0]);
    files.put("readme", "0123456789".getBytes(StandardCharsets.US_ASCII));
    return files;
  }

  final FileBench bench() {
    return new FileBench(mounted(files()));
  }

  @Test
  void filesAreReadPieceByPieceAndNothingElseIsTouched() {
    FileBench bench = bench();
    byte[] content = content(LONG);
    long file = bench.open(bench.root, LONG);
    assertArrayEquals(content, bench.read(file, FileBench.MOST), "all of a file");
    assertEquals(0, bench.read(file, 100).length, "bytes behind the end");
    Random random = new Random(4);
    for (int i = 0; i < 60; i++) {
      int at = random.nextInt(content.length);
      int wanted = random.nextInt(2000);
      assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.SET_POSITION, at));
      byte[] expected = Arrays.copyOfRange(content, at, Math.min(content.length, at + wanted));
      assertArrayEquals(expected, bench.read(file, wanted), wanted + " bytes at " + at);
      byte[] next = Arrays.copyOfRange(content, at + expected.length, Math.min(content.length, at + expected.length + 7));
      assertArrayEquals(next, bench.read(file, 7), "the bytes behind them");
    }
    assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.SET_POSITION, content.length - 5));
    assertEquals(5, bench.read(file, -1).length, "bytes of a read that asks for all there can be");
    assertEquals(0, bench.read(bench.open(bench.root, "\\EFI\\empty"), 100).length, "bytes of an empty file");
  }

  @Test
  void positionsAreSetAndTold() {
    FileBench bench = bench();
    long size = content(LONG).length;
    long file = bench.open(bench.root, LONG);
    assertEquals(0, position(bench, file), "at first");
    bench.read(file, 100);
    assertEquals(100, position(bench, file), "what was read");
    for (long each : new long[] {0, 1, size - 1, size, size + 1, 1L << 40}) {
      assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.SET_POSITION, each), "SetPosition");
      assertEquals(each, position(bench, file));
    }
    bench.memory.put64(bench.cell, 1);
    assertEquals(EfiStatus.DEVICE_ERROR, bench.call(file, FileBench.READ, bench.cell, bench.buffer), "Read behind the end");
    assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.SET_POSITION, -1), "SetPosition to the end");
    assertEquals(size, position(bench, file), "the end");
  }

  private static long position(FileBench bench, long file) {
    bench.memory.put64(bench.cell, -2);
    assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.GET_POSITION, bench.cell), "GetPosition");
    return bench.memory.get64(bench.cell);
  }

  /** Directories have no positions, but go back to their beginnings. */
  @Test
  void directoriesAreReadEntryByEntry() {
    FileBench bench = bench();
    long directory = bench.open(bench.root, "EFI\\BOOT");
    Map<String, Long> found = entries(bench, directory);
    assertEquals(Map.of("BOOTAA64.EFI", 5000L, "a rather long name.cfg", 5L), found, "names and sizes");
    assertEquals(0, bench.read(directory, FileBench.MOST).length, "bytes behind the last entry");
    assertEquals(EfiStatus.SUCCESS, bench.call(directory, FileBench.SET_POSITION, 0), "SetPosition to the beginning");
    assertEquals(found, entries(bench, directory), "once more");
    assertEquals(Map.of("EFI", -1L, "readme", 10L), entries(bench, bench.root), "the root");
    for (long each : new long[] {1, 2, -1}) {
      assertEquals(EfiStatus.UNSUPPORTED, bench.call(directory, FileBench.SET_POSITION, each), "SetPosition of a directory");
    }
    assertEquals(EfiStatus.UNSUPPORTED, bench.call(directory, FileBench.GET_POSITION, bench.cell), "GetPosition of a directory");
  }

  /** Sizes by name, without the directory itself and its parent; -1 for a directory. */
  private static Map<String, Long> entries(FileBench bench, long directory) {
    Map<String, Long> found = new TreeMap<>();
    int count = 0;
    for (byte[] one = bench.read(directory, FileBench.MOST); one.length != 0; one = bench.read(directory, FileBench.MOST)) {
      String name = FileBench.name(one);
      if (!name.equals(".") && !name.equals("..")) {
        assertEquals(null, found.put(name, (FileBench.number(one, 72) & DIRECTORY) != 0 ? -1 : FileBench.number(one, 8)), name
            + " is told twice");
      }
      assertEquals(one.length, FileBench.number(one, 0), "Size of what is told of " + name);
      assertTrue(++count < MOST_ENTRIES, "a directory has no end");
    }
    return found;
  }

  @Test
  void anEntryThatHasNoRoomIsToldNextTime() {
    FileBench bench = bench();
    long directory = bench.open(bench.root, "EFI\\BOOT");
    long other = bench.open(bench.root, "EFI\\BOOT");
    int count = 0;
    for (byte[] one = bench.read(other, FileBench.MOST); one.length != 0; one = bench.read(other, FileBench.MOST)) {
      for (long room : new long[] {0, 10, one.length - 1}) {
        bench.tooSmall("Read of a directory", room, one.length, () -> bench.call(directory, FileBench.READ, bench.cell, bench.buffer));
      }
      assertArrayEquals(one, bench.read(directory, one.length), "the entry that had no room");
      assertTrue(++count < MOST_ENTRIES, "a directory has no end");
    }
  }

  @Test
  void filesAreDescribed() {
    FileBench bench = bench();
    for (String path : new String[] {LONG, SHORT, "\\EFI\\empty", "\\EFI\\BOOT"}) {
      byte[] content = content(path);
      byte[] info = bench.info(bench.open(bench.root, path), FileBench.FILE_INFO);
      assertEquals(path.substring(path.lastIndexOf('\\') + 1), FileBench.name(info));
      assertEquals(info.length, FileBench.number(info, 0), "Size of " + path);
      long attributes = FileBench.number(info, 72);
      assertEquals(content == null ? DIRECTORY : 0, attributes & DIRECTORY, "a directory by the attributes of " + path);
      assertEquals(0, attributes & ~VALID_ATTRIBUTES, "attributes of " + path + " that mean nothing");
      if (content != null) {
        assertEquals(content.length, FileBench.number(info, 8), "FileSize of " + path);
        assertTrue(FileBench.number(info, 16) >= content.length, "PhysicalSize of " + path);
      }
    }
    assertEquals("", FileBench.name(bench.info(bench.root, FileBench.FILE_INFO)), "the root's name");
  }

  @Test
  void theVolumeIsDescribed() {
    FileBench bench = bench();
    byte[] info = bench.info(bench.root, FileBench.SYSTEM_INFO);
    assertEquals(info.length, FileBench.number(info, 0), "Size");
    assertTrue(info[8] == 0 || info[8] == 1, "ReadOnly");
    long all = FileBench.number(info, 16);
    assertTrue(all > 5000 && all <= bench.mounted.bytes().length, () -> "VolumeSize " + all);
    assertTrue(FileBench.number(info, 24) >= 0 && FileBench.number(info, 24) <= all - 5000, "FreeSpace");
    assertNotEquals(0, (int) FileBench.number(Arrays.copyOfRange(info, 32, 40), 0), "BlockSize");
    byte[] label = Arrays.copyOfRange(info, 36, info.length);
    assertArrayEquals(label, bench.info(bench.open(bench.root, LONG), FileBench.LABEL), "the label, as any file tells it");
  }

  @Test
  void whatIsToldNeedsRoom() {
    FileBench bench = bench();
    long file = bench.open(bench.root, SHORT);
    for (EfiGuid kind : new EfiGuid[] {FileBench.FILE_INFO, FileBench.SYSTEM_INFO, FileBench.LABEL}) {
      byte[] all = bench.info(file, kind);
      for (long room : new long[] {0, all.length - 1}) {
        bench.tooSmall("GetInfo of " + kind, room, all.length, () -> bench.call(file, FileBench.GET_INFO, bench.guid(kind), bench.cell,
            bench.buffer));
      }
      bench.fill();
      bench.memory.put64(bench.cell, all.length);
      assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.GET_INFO, bench.guid(kind), bench.cell, bench.buffer), "just room enough");
      bench.onlyWrote(all.length);
    }
    bench.memory.put64(bench.cell, FileBench.MOST);
    assertEquals(EfiStatus.UNSUPPORTED, bench.call(file, FileBench.GET_INFO, bench.guid(FileBench.UNKNOWN), bench.cell, bench.buffer),
        "information of a kind that there isn't");
  }

  @Test
  void buffersThatAreNowhereAreRefusedAndReadingGoesOn() {
    FileBench bench = bench();
    byte[] content = content(LONG);
    long file = bench.open(bench.root, LONG);
    bench.read(file, 10);
    String before = FirmwareState.of(bench.firmware);
    for (long at : new long[] {FileBench.NOWHERE, FakeRam.BASE + FakeRam.SIZE - 50, -1}) {
      bench.memory.put64(bench.cell, 100);
      assertNotEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.READ, bench.cell, at), "Read");
      bench.memory.put64(bench.cell, 400);
      assertNotEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.GET_INFO, bench.guid(FileBench.FILE_INFO), bench.cell, at), "GetInfo");
    }
    for (long at : new long[] {0, FileBench.NOWHERE, FakeRam.BASE + FakeRam.SIZE - 4, -1}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.READ, at, bench.buffer), "Read with a size that is nowhere");
    }
    assertEquals(before, FirmwareState.of(bench.firmware));
    assertArrayEquals(Arrays.copyOfRange(content, 10, 30), bench.read(file, 20), "the bytes that are next");
  }

  /** Who sees the second revision may call its functions: without an event they do at once what those of the first do (UEFI 2.10, 13.5.12 and 13.5.13). */
  @Test
  void aRevisionHasItsFunctions() {
    FileBench bench = bench();
    long revision = bench.memory.get64(bench.root);
    assertTrue(revision >= 0x1_0000, "the file's revision");
    assertFalse(revision > REVISION_2, "a revision that there isn't");
    if (revision < REVISION_2) {
      return;
    }
    long token = bench.firmware.room(32);
    assertEquals(EfiStatus.SUCCESS, bench.call(bench.root, FileBench.OPEN_EX, bench.cell, bench.path(LONG), FileBench.READING, 0, token));
    long file = bench.memory.get64(bench.cell);
    bench.memory.put64(token + 16, 10);
    bench.memory.put64(token + 24, bench.buffer);
    assertEquals(EfiStatus.SUCCESS, bench.call(file, FileBench.READ_EX, token), "ReadEx");
    assertArrayEquals(Arrays.copyOf(content(LONG), 10), bench.memory.read(bench.buffer, 10));
  }
}
