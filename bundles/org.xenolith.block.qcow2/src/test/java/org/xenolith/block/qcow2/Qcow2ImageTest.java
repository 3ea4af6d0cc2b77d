// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.ImageFile;

/** Images right and wrong, those that an enemy made among them. */
class Qcow2ImageTest {
  private static final int SECTOR = 512;
  private static final int CLUSTER = 4096;
  private static final long SIZE = 64 * CLUSTER;

  @TempDir
  Path folder;

  private Path write(String name, SmallImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, image.bytes());
  }

  private static SmallImage image() {
    return new SmallImage(3, 12, 4, SIZE);
  }

  private static byte[] content(int seed) {
    byte[] content = new byte[CLUSTER];
    new Random(seed).nextBytes(content);
    Arrays.fill(content, 0, CLUSTER / 2, (byte) seed);
    return content;
  }

  private static byte[] read(BlockDevice disk, int cluster) throws IOException {
    byte[] read = new byte[CLUSTER];
    disk.read((long) cluster * CLUSTER / SECTOR, read, 0, CLUSTER / SECTOR);
    return read;
  }

  private static BlockDevice open(Path file, Mode mode) throws IOException {
    return new Qcow2Component().open(file, mode);
  }

  private static void refused(Path file, Mode mode, String says) throws IOException {
    String message = assertThrows(IOException.class, () -> open(file, mode).close(), says).getMessage();
    assertTrue(message.startsWith(file.toString()) && message.contains(says), message);
    // Nobody holds it any more.
    ImageFile.open(file, true).close();
  }

  @Test
  void clustersAreThereOrPackedOrZeroOrTheBackingFiles() throws IOException {
    SmallImage base = image();
    for (int i = 0; i < 4; i++) {
      base.data(i * CLUSTER, content(10 + i));
    }
    write("base.qcow2", base);
    SmallImage small = image();
    small.backing("base.qcow2", "qcow2");
    small.data(0, content(1));
    small.packed(CLUSTER, content(2));
    small.entry(2 * CLUSTER, Qcow2Content.ZERO);
    Path file = write("image.qcow2", small);
    byte[] before = Files.readAllBytes(file);
    try (BlockDevice disk = open(file, Mode.OVERLAY)) {
      assertEquals(SIZE / SECTOR, disk.sectors());
      assertArrayEquals(content(1), read(disk, 0));
      assertArrayEquals(content(2), read(disk, 1));
      assertArrayEquals(new byte[CLUSTER], read(disk, 2));
      assertArrayEquals(content(13), read(disk, 3));
      assertArrayEquals(new byte[CLUSTER], read(disk, 4));
      disk.write(8, content(5), 0, 8);
      assertArrayEquals(content(5), read(disk, 1));
    }
    assertArrayEquals(before, Files.readAllBytes(file));
    try (BlockDevice disk = open(file, Mode.WRITE_THROUGH)) {
      // Parts of clusters, the rest of which is what it was.
      disk.write(8, new byte[SECTOR], 0, 1);
      disk.write(24, new byte[SECTOR], 0, 1);
    }
    ImageCheck.check(Files.readAllBytes(file));
    try (BlockDevice disk = open(file, Mode.READ_ONLY)) {
      for (int i : new int[] {1, 3}) {
        byte[] expected = content(i == 1 ? 2 : 13);
        Arrays.fill(expected, 0, SECTOR, (byte) 0);
        assertArrayEquals(expected, read(disk, i));
      }
    }
  }

  @Test
  void anImageDoesNotChooseWhatOfTheHostIsRead() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[CLUSTER]);
    SmallImage outside = image();
    outside.backing("../secret", "raw");
    Path file = write("vm/outside.qcow2", outside);
    refused(file, Mode.OVERLAY, "is outside of " + folder.resolve("vm"));
    new Qcow2Component().open(file.toString(), Mode.OVERLAY, Map.of("backing", folder.toString())).close();
    Files.createSymbolicLink(folder.resolve("vm/link"), secret);
    SmallImage linked = image();
    linked.backing("link", "raw");
    refused(write("vm/linked.qcow2", linked), Mode.OVERLAY, "is outside of");
    for (String elsewhere : new String[] {"nbd:unix:/run/s", "json:{}", "https://host/a"}) {
      SmallImage other = image();
      other.backing(elsewhere, "raw");
      refused(write("vm/elsewhere.qcow2", other), Mode.OVERLAY, "is no file");
    }
    // What a guest wrote into a raw file that is a backing file without a word of its format.
    write("vm/guest", image());
    SmallImage guessed = image();
    guessed.backing("guest", "");
    String message = assertThrows(IOException.class, () -> open(write("vm/guessed.qcow2", guessed), Mode.OVERLAY)).getMessage();
    assertTrue(message.contains("doesn't say so"), message);
  }

  @Test
  void chainsThatLeadInACircleOrNowhereAreRefused() throws IOException {
    SmallImage a = image();
    a.backing("b.qcow2", "qcow2");
    SmallImage b = image();
    b.backing("a.qcow2", "qcow2");
    write("b.qcow2", b);
    Path file = write("a.qcow2", a);
    String circle = assertThrows(IOException.class, () -> open(file, Mode.OVERLAY)).getMessage();
    assertTrue(circle.contains("leads in a circle"), circle);
    SmallImage alone = image();
    alone.backing("gone.img", "raw");
    refused(write("alone.qcow2", alone), Mode.OVERLAY, "'gone.img' is missing");
    SmallImage vmdk = image();
    vmdk.backing("a.qcow2", "vmdk");
    refused(write("vmdk.qcow2", vmdk), Mode.OVERLAY, "is said to be vmdk");
  }

  @Test
  void headersThatCanNotBeRightAreRefusedWithThePlace() throws IOException {
    Map<String, Consumer<SmallImage>> wrong = Map.ofEntries(Map.entry("doesn't begin with", i -> i.header().putInt(0, 7)), Map.entry(
        "is of version 9", i -> i.header().putInt(4, 9)), Map.entry("at offset 20; expected 9 to 21", i -> i.header().putInt(20, 31)), Map
            .entry(
                "at offset 24", i -> i.header().putLong(24, -1)), Map.entry("is encrypted (LUKS)", i -> i.header().putInt(32, 2)), Map
                    .entry(
                        "L1 table has 4294967295 entries", i -> i.header().putInt(36, -1)), Map.entry(
                            "its L1 table is said to be at 0x7ffffffffffff000",
                            i -> i.header().putLong(40, 0x7FFFFFFFFFFFF000L)), Map.entry("its refcount table is said to be at", i -> i
                                .header().putLong(48,
                                    3)), Map.entry("refcount table has 4294967295 clusters", i -> i.header().putInt(56, -1)), Map.entry(
                                        "external data file", i -> i.header().putLong(72, 4)), Map.entry("incompatible features 0x8000",
                                            i -> i.header().putLong(
                                                72, 0x8000)), Map.entry("at offset 96", i -> i.header().putInt(96, 9)), Map.entry(
                                                    "at offset 100", i -> i.header()
                                                        .putInt(100, 3)), Map.entry("the name of its backing file", i -> i.header().putLong(
                                                            8, 200).putInt(16, 99999)),
        Map.entry("extension at 0x70", i -> i.header().putInt(112, 5).putInt(116, 1 << 30)));
    for (var one : wrong.entrySet()) {
      SmallImage image = image();
      one.getValue().accept(image);
      refused(write("wrong.qcow2", image), Mode.OVERLAY, one.getKey());
    }
  }

  @Test
  void whatPointsNowhereIsAnErrorOfThatPlaceOnly() throws IOException {
    SmallImage small = image();
    small.data(0, content(1));
    small.entry(CLUSTER, 0x1000_0000L);
    small.entry(2 * CLUSTER, 0x1200L);
    small.entry(3 * CLUSTER, Qcow2Content.COMPRESSED | 0x2000_0000L);
    small.entry(4 * CLUSTER, Qcow2Content.COMPRESSED | CLUSTER);
    try (BlockDevice disk = open(write("image.qcow2", small), Mode.OVERLAY)) {
      assertArrayEquals(content(1), read(disk, 0));
      String[] says = {"", "cluster at 0x1000 of the disk is said to be at 0x10000000, behind the end", "isn't where clusters begin",
          "is packed at 0x20000000, behind the end", "isn't what was packed there"};
      for (int i = 1; i < says.length; i++) {
        int cluster = i;
        String message = assertThrows(IOException.class, () -> read(disk, cluster)).getMessage();
        assertTrue(message.contains(says[i]), message);
      }
    }
    SmallImage table = image();
    table.l1(0, 0x7000_0000L);
    try (BlockDevice disk = open(write("table.qcow2", table), Mode.OVERLAY)) {
      assertTrue(assertThrows(IOException.class, () -> read(disk, 0)).getMessage().contains("entry 0 of its L1 table"));
    }
  }

  @Test
  void whatIsOnlyReadSaysSoBeforeTheRun() throws IOException {
    Map<String, Consumer<SmallImage>> kinds = Map.of("wasn't closed", i -> i.header().putLong(72, 1), "is damaged", i -> i.header().putLong(
        72, 2),
        "3 internal snapshots", i -> i.header().putInt(60, 3), "persistent bitmaps", i -> i.header().putLong(88, 1));
    for (var kind : kinds.entrySet()) {
      SmallImage image = image();
      kind.getValue().accept(image);
      Path file = write("kind.qcow2", image);
      refused(file, Mode.WRITE_THROUGH, kind.getKey());
      open(file, Mode.OVERLAY).close();
    }
  }
}
