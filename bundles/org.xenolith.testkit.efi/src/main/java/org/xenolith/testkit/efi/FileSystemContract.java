// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/**
 * What EFI_SIMPLE_FILE_SYSTEM_PROTOCOL and EFI_FILE_PROTOCOL must keep (UEFI 2.10, 13.4 and 13.5): how files are opened and closed, and, of a volume that says
 * so, that it isn't written. With what {@link FileContract} says of files that are open.
 */
public abstract class FileSystemContract extends FileContract {
  private static final long WARN_DELETE_FAILURE = 2;
  private static final List<EfiStatus> NOT_WRITTEN = List.of(EfiStatus.WRITE_PROTECTED, EfiStatus.ACCESS_DENIED);

  @Test
  void eachRootIsAFileOfItsOwn() {
    FileBench bench = bench();
    assertTrue(bench.memory.get64(bench.mounted.protocol()) >= 0x1_0000, "the protocol's revision");
    String before = FirmwareState.of(bench.firmware);
    long other = bench.openVolume();
    assertNotEquals(bench.root, other, "a second root");
    byte[] first = bench.read(other, FileBench.MOST);
    assertArrayEquals(first, bench.read(bench.root, FileBench.MOST), "the first entry, though the other root's was read");
    bench.close(other);
    assertEquals(before, FirmwareState.of(bench.firmware), "a root that was closed");
    bench.open(bench.root, "EFI");
    for (long to : new long[] {0, FileBench.NOWHERE, -1}) {
      before = FirmwareState.of(bench.firmware);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.openVolume(to), "OpenVolume to nowhere");
      assertEquals(before, FirmwareState.of(bench.firmware), "a root that nobody could close");
    }
  }

  @Test
  void filesAreFoundByTheirPaths() {
    FileBench bench = bench();
    long efi = bench.open(bench.root, "EFI");
    long boot = bench.open(efi, "BOOT");
    for (String path : new String[] {LONG, "\\EFI\\.\\BOOT\\BOOTAA64.EFI", "\\EFI\\BOOT\\..\\BOOT\\BOOTAA64.EFI",
        "\\EFI\\BOOT\\..\\..\\EFI\\BOOT\\BOOTAA64.EFI"}) {
      for (long from : new long[] {bench.root, efi, boot}) {
        has(bench, from, path, LONG);
      }
    }
    has(bench, bench.root, "EFI\\BOOT\\BOOTAA64.EFI", LONG);
    has(bench, efi, "BOOT\\a rather long name.cfg", SHORT);
    has(bench, boot, "BOOTAA64.EFI", LONG);
    has(bench, boot, ".\\BOOTAA64.EFI", LONG);
    has(bench, boot, "..\\empty", "\\EFI\\empty");
    has(bench, boot, "..\\..\\readme", "\\readme");
    has(bench, boot, "\\readme", "\\readme");
  }

  private static void has(FileBench bench, long from, String path, String file) {
    long opened = bench.open(from, path);
    assertArrayEquals(content(file), bench.read(opened, FileBench.MOST), "what is in " + path);
    bench.close(opened);
  }

  /** Whoever opens a directory by dots has that directory, and is told its name. */
  @Test
  void whatIsOpenedByDotsIsTheDirectoryItself() {
    FileBench bench = bench();
    long efi = bench.open(bench.root, "EFI");
    long boot = bench.open(efi, "BOOT");
    same(bench, boot, bench.open(boot, "."));
    same(bench, efi, bench.open(boot, ".."));
    same(bench, efi, bench.open(bench.root, "EFI\\BOOT\\.."));
    same(bench, bench.root, bench.open(boot, "..\\.."));
    same(bench, bench.root, bench.open(efi, ".."));
    same(bench, bench.root, bench.open(boot, "\\"));
    same(bench, bench.root, bench.open(bench.root, "."));
  }

  private static void same(FileBench bench, long one, long other) {
    assertNotEquals(one, other, "a file that is opened once more");
    byte[] info = bench.info(one, FileBench.FILE_INFO);
    byte[] told = bench.info(other, FileBench.FILE_INFO);
    assertEquals(FileBench.name(info), FileBench.name(told));
    assertArrayEquals(info, told, "what is told of " + FileBench.name(info));
    bench.close(other);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    FileBench bench = bench();
    for (String path : new String[] {"none", "\\none", "EFI\\none", "EFI\\none\\BOOTAA64.EFI", "readme\\none", "EFI\\..\\none", "readm",
        "readme2"}) {
      bench.refusesToOpen(EfiStatus.NOT_FOUND, bench.root, path, FileBench.READING);
    }
    String before = FirmwareState.of(bench.firmware);
    EfiStatus above = bench.call(bench.root, FileBench.OPEN, bench.cell, bench.path(".."), FileBench.READING, 0);
    assertTrue(above == EfiStatus.NOT_FOUND || above == EfiStatus.INVALID_PARAMETER, () -> "Open of what is above the root: " + above);
    assertEquals(before, FirmwareState.of(bench.firmware));
    has(bench, bench.root, "readme", "\\readme");
  }

  @Test
  void openNeedsModeAndPointersThatMeanSomething() {
    FileBench bench = bench();
    for (long mode : new long[] {0, FileBench.WRITING, FileBench.CREATING, FileBench.CREATING | FileBench.READING, FileBench.CREATING
        | FileBench.WRITING, 4, FileBench.READING | 8}) {
      bench.refusesToOpen(EfiStatus.INVALID_PARAMETER, bench.root, "readme", mode);
    }
    String before = FirmwareState.of(bench.firmware);
    for (long at : new long[] {0, FileBench.NOWHERE, -1}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(bench.root, FileBench.OPEN, at, bench.path("readme"), 1, 0), "Open to nowhere");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(bench.root, FileBench.OPEN, bench.cell, at, 1, 0), "Open without a name");
    }
    assertEquals(before, FirmwareState.of(bench.firmware));
  }

  @Test
  void eachOpenedFileHasAPositionOfItsOwn() {
    FileBench bench = bench();
    long one = bench.open(bench.root, LONG);
    long other = bench.open(bench.root, LONG);
    byte[] first = bench.read(one, 100);
    assertArrayEquals(first, bench.read(other, 100), "the first bytes, though they were read by another handle");
    bench.close(one);
    assertEquals(4900, bench.read(other, FileBench.MOST).length, "what is left, though another handle was closed");
  }

  @Test
  void whatIsClosedIsNoFile() {
    FileBench bench = bench();
    for (String path : new String[] {LONG, "EFI\\BOOT", "\\", "."}) {
      String before = FirmwareState.of(bench.firmware);
      long file = bench.open(bench.root, path);
      long read = bench.memory.get64(file + FileBench.READ);
      long close = bench.memory.get64(file + FileBench.CLOSE);
      bench.close(file);
      assertEquals(before, FirmwareState.of(bench.firmware), "after Close of " + path);
      bench.memory.put64(bench.cell, 10);
      for (long function : new long[] {read, close}) {
        assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.firmware.call(function, file, bench.cell, bench.buffer)),
            "a function of a file that was closed");
      }
    }
    has(bench, bench.root, LONG, LONG);
  }

  @Test
  void whatCantBeDeletedIsClosedWithAWarning() {
    FileBench bench = bench();
    if (!bench.isReadOnly()) {
      return;
    }
    byte[] bytes = bench.mounted.bytes().clone();
    String before = FirmwareState.of(bench.firmware);
    for (String path : new String[] {LONG, "EFI"}) {
      long file = bench.open(bench.root, path);
      assertEquals(WARN_DELETE_FAILURE, bench.raw(file, FileBench.DELETE), "Delete of " + path);
      assertEquals(before, FirmwareState.of(bench.firmware), "after Delete of " + path);
    }
    assertArrayEquals(bytes, bench.mounted.bytes(), "a volume that can't be written");
    has(bench, bench.root, LONG, LONG);
  }

  @Test
  void whatCantBeWrittenIsNotWritten() {
    FileBench bench = bench();
    if (!bench.isReadOnly()) {
      return;
    }
    byte[] bytes = bench.mounted.bytes().clone();
    long mode = FileBench.READING | FileBench.WRITING;
    bench.refusesToOpen(EfiStatus.WRITE_PROTECTED, bench.root, "readme", mode);
    bench.refusesToOpen(EfiStatus.WRITE_PROTECTED, bench.root, "new", mode | FileBench.CREATING);
    bench.refusesToOpen(EfiStatus.NOT_FOUND, bench.root, "new", mode);
    long file = bench.open(bench.root, "readme");
    byte[] info = bench.info(file, FileBench.FILE_INFO);
    bench.memory.put64(bench.cell, 4);
    refused("Write", bench.call(file, FileBench.WRITE, bench.cell, bench.buffer));
    refused("SetInfo", bench.call(file, FileBench.SET_INFO, bench.guid(FileBench.FILE_INFO), info.length, bench.buffer));
    EfiStatus flushed = bench.call(file, FileBench.FLUSH);
    assertTrue(flushed == EfiStatus.SUCCESS || NOT_WRITTEN.contains(flushed), () -> "Flush: " + flushed);
    assertEquals(EfiStatus.UNSUPPORTED, bench.call(bench.root, FileBench.WRITE, bench.cell, bench.buffer), "Write of a directory");
    assertEquals(EfiStatus.UNSUPPORTED, bench.call(file, FileBench.SET_INFO, bench.guid(FileBench.UNKNOWN), info.length, bench.buffer),
        "information of a kind that there isn't");
    assertArrayEquals(info, bench.info(file, FileBench.FILE_INFO), "what is told of a file that can't be written");
    assertArrayEquals(content("\\readme"), bench.read(file, 100));
    assertArrayEquals(bytes, bench.mounted.bytes(), "a volume that can't be written");
  }

  private static void refused(String what, EfiStatus status) {
    assertTrue(NOT_WRITTEN.contains(status), () -> what + ": " + status);
  }
}
