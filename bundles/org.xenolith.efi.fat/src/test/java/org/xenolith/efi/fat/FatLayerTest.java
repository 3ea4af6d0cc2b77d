// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FatImage;

/** Files as a guest reads them, on volumes of each kind. */
class FatLayerTest {
  static final int OPEN = 8;
  static final int CLOSE = 16;
  static final int READ = 32;
  private static final int GET_POSITION = 48;
  static final int SET_POSITION = 56;
  private static final int GET_INFO = 64;
  private static final EfiGuid FILE_INFO = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  final FatLayer layer = new FatLayer();
  private byte[] content;
  private byte[] image;
  FakeDisk disk;
  long root;
  /** How often the disk was asked, and for how many bytes; a byte of it that can't be read; what happens after a request, before its caller goes on. */
  int requests;
  long requested;
  int bad = -1;
  /** Where the disk was written, in this order. */
  final List<Long> writes = new ArrayList<>();
  Runnable meanwhile = () -> {};

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** The disk's bytes, by a protocol of the test's own. */
  void hardware(byte[] volume) {
    image = volume;
    disk = new FakeDisk(firmware, volume, 512);
    long io = firmware.room(24);
    firmware.memory().put64(io + 16, firmware.guest(this::written));
    firmware.memory().put64(io + 8, firmware.guest(call -> {
      long at = call.argument(2);
      long size = call.argument(3);
      requests++;
      requested += size;
      if (at < 0 || at + size > image.length || bad >= at && bad < at + size) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      byte[] piece = new byte[(int) size];
      System.arraycopy(image, (int) at, piece, 0, piece.length);
      call.firmware().memory().write(call.argument(4), piece);
      meanwhile.run();
      return EfiStep.done();
    }));
    firmware.handles().install(disk.handle(), Protocol.DISK_IO, io);
  }

  private EfiStep written(org.xenolith.efi.boot.api.Call call) {
    long at = call.argument(2);
    long size = call.argument(3);
    if (at < 0 || at + size > image.length || bad >= at && bad < at + size) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    byte[] piece = call.firmware().memory().read(call.argument(4), (int) size);
    System.arraycopy(piece, 0, image, (int) at, piece.length);
    writes.add(at);
    return EfiStep.done();
  }

  /** The disk's bytes, live. */
  byte[] image() {
    return image;
  }

  /** Where a cluster of a file's is on the disk. @param number 0: the first; of a file in one piece */
  int place(long file, int number) {
    return (int) Volume.of(image, image.length).orElseThrow().place(firmware.numbers(layer, file)[Files.CLUSTER] + number);
  }

  long mount(byte[] volume) {
    hardware(volume);
    layer.begin(firmware);
    long status = firmware.connect(layer, disk.handle());
    if (status == 0) {
      long system = firmware.handles().find(disk.handle(), Protocol.SIMPLE_FILE_SYSTEM);
      long to = firmware.room(8);
      assertEquals(0, firmware.call(firmware.memory().get64(system + 8), system, to));
      root = firmware.memory().get64(to);
    }
    return status;
  }

  private void mount(int bits, boolean scattered) {
    content = random(70_000);
    assertEquals(0, mount(new FatImage(bits, scattered).file("EFI/BOOT/BOOTAA64.EFI", content).file("EFI/debian/a rather long name.cfg",
        "set x".getBytes(StandardCharsets.US_ASCII)).file("empty", new byte[0]).bytes()));
  }

  long call(long file, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = file;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(firmware.memory().get64(file + function), all);
  }

  long open(long from, String path, EfiStatus expected) {
    long text = firmware.room(2 * path.length() + 2);
    firmware.memory().write(text, (path + '\0').getBytes(StandardCharsets.UTF_16LE));
    long to = firmware.room(8);
    assertEquals(expected, EfiStatus.of(call(from, OPEN, to, text, 1, 0)), path);
    return firmware.memory().get64(to);
  }

  byte[] read(long file, int wanted) {
    long size = firmware.room(8);
    long buffer = firmware.room(Math.max(1, wanted));
    firmware.memory().put64(size, wanted);
    assertEquals(0, call(file, READ, size, buffer));
    return firmware.memory().read(buffer, (int) firmware.memory().get64(size));
  }

  @ParameterizedTest
  @CsvSource({"12,false", "12,true", "16,false", "16,true", "32,false", "32,true"})
  void filesAreFoundAndReadWhole(int bits, boolean scattered) {
    mount(bits, scattered);
    long file = open(root, "\\efi\\.\\..\\efi\\Boot\\bootaa64.efi", EfiStatus.SUCCESS);
    assertArrayEquals(content, read(file, 100_000));
    assertEquals(0, read(file, 10).length);
    assertEquals(0, call(file, SET_POSITION, 12_345));
    byte[] part = read(file, 777);
    for (int i = 0; i < 777; i++) {
      assertEquals(content[12_345 + i], part[i]);
    }
    long position = firmware.room(8);
    assertEquals(0, call(file, GET_POSITION, position));
    assertEquals(12_345 + 777, firmware.memory().get64(position));
    assertEquals(0, read(open(root, "EMPTY", EfiStatus.SUCCESS), 10).length);
    open(root, "\\efi\\none\\bootaa64.efi", EfiStatus.NOT_FOUND);
    open(root, "..", EfiStatus.NOT_FOUND);
    open(file, "x", EfiStatus.NOT_FOUND);
  }

  @Test
  void directoriesAreReadEntryByEntry() {
    mount(16, false);
    long directory = open(root, "EFI\\debian", EfiStatus.SUCCESS);
    List<String> names = new ArrayList<>();
    for (byte[] one = read(directory, 600); one.length != 0; one = read(directory, 600)) {
      names.add(new String(one, 80, one.length - 82, StandardCharsets.UTF_16LE));
    }
    assertEquals(List.of(".", "..", "a rather long name.cfg"), names);
    assertEquals(0, call(directory, SET_POSITION, 0));
    long size = firmware.room(8);
    firmware.memory().put64(size, 10);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, EfiStatus.of(call(directory, READ, size, firmware.room(10))));
    assertEquals(84, firmware.memory().get64(size));
  }

  @Test
  void informationHasSizeTimeAndName() {
    mount(32, false);
    long file = open(root, "EFI\\debian\\a rather long name.cfg", EfiStatus.SUCCESS);
    long guid = firmware.room(16);
    firmware.memory().write(guid, FILE_INFO.toBytes());
    long size = firmware.room(8);
    long buffer = firmware.room(1024);
    firmware.memory().put64(size, 1024);
    assertEquals(0, call(file, GET_INFO, guid, size, buffer));
    assertEquals(5, firmware.memory().get64(buffer + 8));
    assertEquals(512, firmware.memory().get64(buffer + 16));
    assertEquals(2026, firmware.memory().get16(buffer + 56));
    assertEquals(7, firmware.memory().get8(buffer + 60));
    assertEquals("a rather long name.cfg", firmware.memory().text(buffer + 80, 100));
  }

  @Test
  void everythingIsGivenBack() {
    mount(16, true);
    int before = firmware.allocated();
    long file = open(root, "EFI\\BOOT\\BOOTAA64.EFI", EfiStatus.SUCCESS);
    assertEquals(before + 1, firmware.allocated());
    assertEquals(0, call(file, CLOSE));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(firmware.memory().get64(file + CLOSE), file)));
    assertEquals(0, call(root, CLOSE));
    assertEquals(0, firmware.disconnect(layer, disk.handle()));
    assertEquals(2, firmware.allocated(), "the driver's binding and its name");
    assertEquals(0, firmware.connect(layer, disk.handle()));
  }

  @Test
  void aDirectoryThatTheDiskDoesNotGiveLeavesNoPagesBehind() {
    mount(16, false);
    long directory = open(root, "EFI", EfiStatus.SUCCESS);
    int before = firmware.allocated();
    byte[] whole = image;
    image = new byte[0]; // each read is an error from now on
    open(root, "EFI\\debian", EfiStatus.DEVICE_ERROR);
    assertEquals(before, firmware.allocated(), "after a path through it");
    long size = firmware.room(8);
    firmware.memory().put64(size, 600);
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(call(directory, READ, size, firmware.room(600))));
    assertEquals(before, firmware.allocated(), "after its entries were to be read");
    image = whole;
    assertEquals(1, read(open(directory, "debian\\a rather long name.cfg", EfiStatus.SUCCESS), 1).length, "the disk is back");
  }

  @Test
  void loopsAndChainsIntoNowhereAreCorruptedVolumes() {
    mount(16, false);
    long file = open(root, "EFI\\BOOT\\BOOTAA64.EFI", EfiStatus.SUCCESS);
    long size = firmware.room(8);
    long buffer = firmware.room(100_000);
    long[] numbers = firmware.numbers(layer, firmware.handles().find(disk.handle(), Protocol.SIMPLE_FILE_SYSTEM));
    long cluster = firmware.numbers(layer, file)[Files.CLUSTER];
    for (int bad : new int[] {(int) cluster, 0, 1, 0xFFF0}) {
      firmware.memory().put16(numbers[FatLayer.TABLE] + 2 * (cluster + 3), bad);
      firmware.memory().put64(size, 70_000);
      assertEquals(EfiStatus.VOLUME_CORRUPTED, EfiStatus.of(call(file, READ, size, buffer)), () -> "0x" + Integer.toHexString(bad));
    }
  }

  @Test
  void noVolumeThrows() {
    byte[] good = new FatImage(12, false).file("a/b", random(3000)).bytes();
    Random random = new Random(5);
    int mounted = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, 64 << 10);
      for (int k = random.nextInt(6); k >= 0; k--) {
        bad[random.nextInt(random.nextBoolean() ? 64 : bad.length)] = (byte) random.nextInt();
      }
      Volume volume = Volume.of(bad, good.length).orElse(null);
      if (volume != null) {
        mounted++;
        firmware.memory().write(org.xenolith.testkit.efi.FakeRam.BASE, bad);
        try {
          new Table(firmware.memory(), org.xenolith.testkit.efi.FakeRam.BASE + Math.min(60_000, volume.tableAt()), volume).clusters(random
              .nextInt(9));
        } catch (EfiError e) {
          assertEquals(EfiStatus.INVALID_PARAMETER, e.status());
        }
      }
      Directory.entries(java.util.Arrays.copyOfRange(bad, random.nextInt(1000), 20_000));
    }
    assertTrue(mounted > 300, "" + mounted);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(mount(new byte[4096])));
  }
}
