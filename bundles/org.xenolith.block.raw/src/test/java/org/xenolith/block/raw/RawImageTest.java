// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.ImageFile;
import org.xenolith.block.kit.OverlayRoom;
import org.xenolith.regs.StateRecord;

class RawImageTest {
  private static final int SECTOR = BlockDevice.SECTOR;

  @TempDir
  Path folder;

  private Path image(byte[] content) throws IOException {
    Path image = folder.resolve("disk.img");
    Files.write(image, content);
    return image;
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static BlockDevice open(Path image, Mode mode) throws IOException {
    return new RawImageComponent().open(image, mode);
  }

  private static byte[] all(BlockDevice disk) throws IOException {
    byte[] bytes = new byte[(int) disk.sectors() * SECTOR];
    disk.read(0, bytes, 0, (int) disk.sectors());
    return bytes;
  }

  /** A guest may write more than the host has memory for. */
  @Test
  void whatIsWrittenToOverlaysHasABoundOfAllDisks() throws IOException {
    int chunk = 128;
    OverlayRoom room = new OverlayRoom(4L * chunk * SECTOR);
    Path other = Files.write(folder.resolve("other.img"), new byte[1000 * SECTOR]);
    byte[] sector = random(1, SECTOR);
    try (BlockDevice disk = RawImageComponent.open(image(new byte[1000 * SECTOR]), Mode.OVERLAY, room)) {
      try (BlockDevice beside = RawImageComponent.open(other, Mode.OVERLAY, room)) {
        beside.write(0, sector, 0, 1);
        for (int i = 0; i < 3; i++) {
          disk.write(i * chunk, sector, 0, 1);
          disk.write(i * chunk + 1, sector, 0, 1);
        }
        IOException full = assertThrows(IOException.class, () -> disk.write(3 * chunk, sector, 0, 1));
        assertTrue(full.getMessage().contains(",write"), full::getMessage);
        disk.write(5, sector, 0, 1);
        disk.discard(chunk, chunk);
        disk.write(3 * chunk, sector, 0, 1);
        assertThrows(IOException.class, () -> disk.write(4 * chunk, sector, 0, 1));
      }
      // What the other disk had is there again.
      disk.write(4 * chunk, sector, 0, 1);
      StateRecord saved = disk.save();
      disk.restore(saved);
      assertThrows(IOException.class, () -> disk.write(5 * chunk, sector, 0, 1));
    }
  }

  /** Who reads it is to know what of his heap is gone. */
  @Test
  void theRefusalSaysHowMuchThereIs() throws IOException {
    try (BlockDevice disk = RawImageComponent.open(image(new byte[5000 * SECTOR]), Mode.OVERLAY, new OverlayRoom(2 << 20))) {
      byte[] much = new byte[4097 * SECTOR];
      String full = assertThrows(IOException.class, () -> disk.write(0, much, 0, 4097)).getMessage();
      assertTrue(full.contains("has the 2 MiB that it may have"), full);
    }
  }

  @Test
  void aDiscardDropsWholeChunksOfTheOverlay() throws IOException {
    byte[] base = random(5, 1000 * SECTOR);
    try (BlockDevice disk = open(image(base), Mode.OVERLAY)) {
      byte[] written = random(6, 1000 * SECTOR);
      disk.write(0, written, 0, 1000);
      int full = disk.save().values().size();
      disk.discard(100, 400);
      byte[] expected = written.clone();
      System.arraycopy(base, 128 * SECTOR, expected, 128 * SECTOR, 256 * SECTOR);
      assertArrayEquals(expected, all(disk));
      assertEquals(full - 2, disk.save().values().size());
      disk.discard(0, 128);
      assertEquals(full - 3, disk.save().values().size());
      disk.discard(1000, 0);
      assertThrows(IOException.class, () -> disk.discard(999, 2));
      assertThrows(IOException.class, () -> disk.discard(-1, 1));
    }
  }

  @Test
  void overlayHidesTheFileAndNeverChangesIt() throws IOException {
    long seed = 0x5EED_0010L;
    byte[] base = random(seed, 1000 * SECTOR);
    byte[] expected = base.clone();
    Path image = image(base);
    Random random = new Random(seed);
    try (BlockDevice disk = open(image, Mode.OVERLAY)) {
      assertEquals(1000, disk.sectors());
      assertFalse(disk.readOnly());
      for (int i = 0; i < 300; i++) {
        int count = random.nextInt(300);
        int sector = random.nextInt(1000 - count);
        byte[] buffer = random(seed + i, count * SECTOR + 8);
        if (random.nextBoolean()) {
          disk.write(sector, buffer, 8, count);
          System.arraycopy(buffer, 8, expected, sector * SECTOR, count * SECTOR);
        } else {
          disk.read(sector, buffer, 8, count);
          assertArrayEquals(Arrays.copyOfRange(expected, sector * SECTOR, (sector + count) * SECTOR),
              Arrays.copyOfRange(buffer, 8, buffer.length), "seed " + seed + ", round " + i);
        }
      }
      disk.flush();
      assertArrayEquals(expected, all(disk));
    }
    assertArrayEquals(base, Files.readAllBytes(image));
  }

  @Test
  void writeThroughChangesTheFile() throws IOException {
    Path image = image(new byte[10 * SECTOR]);
    byte[] data = random(1, 2 * SECTOR);
    try (BlockDevice disk = open(image, Mode.WRITE_THROUGH)) {
      disk.write(3, data, 0, 2);
      disk.flush();
      assertArrayEquals(data, Arrays.copyOfRange(all(disk), 3 * SECTOR, 5 * SECTOR));
    }
    assertArrayEquals(data, Arrays.copyOfRange(Files.readAllBytes(image), 3 * SECTOR, 5 * SECTOR));
  }

  @Test
  void readOnlyRefusesWrites() throws IOException {
    try (BlockDevice disk = open(image(new byte[SECTOR]), Mode.READ_ONLY)) {
      assertTrue(disk.readOnly());
      assertThrows(IOException.class, () -> disk.write(0, new byte[SECTOR], 0, 1));
    }
  }

  @Test
  void incompleteLastSectorEndsInZeros() throws IOException {
    byte[] base = random(2, SECTOR + 100);
    Path image = image(base);
    try (BlockDevice disk = open(image, Mode.OVERLAY)) {
      assertEquals(2, disk.sectors());
      assertArrayEquals(Arrays.copyOf(base, 2 * SECTOR), all(disk));
      byte[] used = new byte[2 * SECTOR];
      Arrays.fill(used, (byte) 0xAA);
      disk.read(0, used, 0, 2);
      assertArrayEquals(Arrays.copyOf(base, 2 * SECTOR), used, "whatever was there before");
    }
    String refused = assertThrows(IOException.class, () -> open(image, Mode.WRITE_THROUGH)).getMessage();
    assertTrue(refused.contains("this is no raw disk image, or one that was cut"), refused);
    // It may be anybody's file that isn't a disk: nobody is told to change it.
    assertFalse(refused.contains("truncate"), refused);
  }

  /** What a guest would be given is the format's own data, and what it writes would destroy them. */
  @Test
  void imagesOfOtherFormatsAndPackedOnesAreRefusedHoweverTheyAreOpened() throws IOException {
    Map<String, byte[]> files = Map.of("qcow2", content(0, "QFI\u00fb\0\0\0\3", 4 * SECTOR), "vmdk", content(0, "KDMV", 4 * SECTOR), "vhd",
        content(4 * SECTOR - 512, "conectix", 4 * SECTOR), "vhdx", content(0, "vhdxfile", 4 * SECTOR), "vdi", content(0x40,
            "\u007f\u0010\u00da\u00be",
            4 * SECTOR), "gz", content(0, "\u001f\u008b\b", 4 * SECTOR + 3));
    for (var each : files.entrySet()) {
      Path file = Files.write(folder.resolve("disk." + each.getKey()), each.getValue());
      for (Mode mode : Mode.values()) {
        String refused = assertThrows(IOException.class, () -> open(file, mode), each.getKey()).getMessage();
        assertTrue(refused.startsWith(file + ": is a") && refused.endsWith(" " + file + ".raw"), refused);
      }
      assertArrayEquals(each.getValue(), Files.readAllBytes(file));
      // Nobody holds it any more.
      ImageFile.open(file, true).close();
    }
  }

  /** Else the next launch would read the file of the host that such a header names. */
  @Test
  void aGuestCannotMakeItsRawDiskOneOfAnotherFormat() throws IOException {
    Path image = image(new byte[8 * SECTOR]);
    byte[] qcow2 = content(0, "QFI\u00fb\0\0\0\3", 2 * SECTOR);
    byte[] vhd = content(SECTOR, "conectix", 2 * SECTOR);
    try (BlockDevice disk = open(image, Mode.WRITE_THROUGH)) {
      String message = assertThrows(IOException.class, () -> disk.write(0, qcow2, 0, 2)).getMessage();
      assertTrue(message.startsWith(image + ": ") && message.contains("first sector") && message.endsWith("\",format=raw\""), message);
      assertTrue(assertThrows(IOException.class, () -> disk.write(6, vhd, 0, 2)).getMessage().contains("last sector"));
      assertArrayEquals(new byte[8 * SECTOR], all(disk));
      disk.write(1, qcow2, 0, 2);
      disk.write(5, vhd, 0, 2);
    }
    BlockDevice said = new RawImageComponent().open(image.toString(), Mode.WRITE_THROUGH, Map.of("format", "raw"));
    said.write(0, qcow2, 0, 2);
    said.close();
    refused("is a qcow2 image", image, Mode.OVERLAY);
    said = new RawImageComponent().open(image.toString(), Mode.OVERLAY, Map.of("format", "raw"));
    assertArrayEquals(Files.readAllBytes(image), all(said));
    said.close();
    String setting = assertThrows(IOException.class, () -> new RawImageComponent().open(image.toString(), Mode.OVERLAY, Map.of("colour",
        "red"))).getMessage();
    assertEquals(image + ": has no setting 'colour'; leave it out", setting);
  }

  private static byte[] content(int at, String mark, int length) {
    byte[] content = new byte[length];
    byte[] bytes = mark.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, content, at, bytes.length);
    return content;
  }

  @Test
  void accessesOutsideAreRefused() throws IOException {
    try (BlockDevice disk = open(image(new byte[4 * SECTOR]), Mode.OVERLAY)) {
      byte[] buffer = new byte[8 * SECTOR];
      assertThrows(IOException.class, () -> disk.read(4, buffer, 0, 1));
      assertThrows(IOException.class, () -> disk.read(-1, buffer, 0, 1));
      String refused = assertThrows(IOException.class, () -> disk.write(2, buffer, 0, 3)).getMessage();
      assertTrue(refused.endsWith(": sectors 2 to 4 of 4"), refused);
      disk.read(4, buffer, 0, 0);
      assertThrows(IOException.class, () -> disk.write(Long.MAX_VALUE, buffer, 0, 1));
    }
  }

  @Test
  void savedOverlayComesBack() throws IOException {
    Path image = image(random(3, 400 * SECTOR));
    byte[] data = random(4, 200 * SECTOR);
    StateRecord record;
    byte[] expected;
    try (BlockDevice disk = open(image, Mode.OVERLAY)) {
      disk.write(100, data, 0, 200);
      record = disk.save();
      expected = all(disk);
      disk.write(0, data, 0, 1);
    }
    try (BlockDevice disk = open(image, Mode.OVERLAY)) {
      disk.write(399, data, 0, 1);
      disk.restore(record);
      assertArrayEquals(expected, all(disk));
      assertEquals(record, disk.save());
    }
  }

  @Test
  void recordsOfOtherImagesAreRefused() throws IOException {
    StateRecord record;
    try (BlockDevice disk = open(image(random(5, 4 * SECTOR)), Mode.OVERLAY)) {
      disk.write(0, new byte[SECTOR], 0, 1);
      record = disk.save();
    }
    try (BlockDevice disk = open(image(random(6, 4 * SECTOR)), Mode.OVERLAY)) {
      String message = assertThrows(IOException.class, () -> disk.restore(record)).getMessage();
      assertTrue(message.contains((String) record.get("base-sha256")), message);
      assertTrue(message.contains((String) disk.save().get("base-sha256")), message);
    }
    try (BlockDevice disk = open(image(random(5, 4 * SECTOR)), Mode.READ_ONLY)) {
      assertTrue(assertThrows(IOException.class, () -> disk.restore(record)).getMessage().contains("overlay"));
      assertThrows(IOException.class, () -> disk.restore(new StateRecord()));
    }
    StateRecord strange = new StateRecord();
    record.values().forEach(strange::put);
    strange.put("chunk.77", new byte[65536]);
    try (BlockDevice disk = open(image(random(5, 4 * SECTOR)), Mode.OVERLAY)) {
      assertThrows(IOException.class, () -> disk.restore(strange));
      assertArrayEquals(random(5, 4 * SECTOR), all(disk), "nothing changed");
    }
  }

  /** Somebody may have written a record himself, or another version has. */
  @Test
  void recordsWithWhatThisDiskDoesNotHaveAreRefused() throws IOException {
    try (BlockDevice disk = open(image(random(5, 128 * SECTOR)), Mode.OVERLAY)) {
      StateRecord saved = disk.save();
      refused("has 129 sectors, this one 128", disk, record(saved, "sectors", 129L));
      refused("unknown field colour", disk, record(saved, "colour", 1L));
      refused("chunk.1 names no chunk", disk, record(saved, "chunk.1", new byte[65536]));
      disk.restore(record(saved, "chunk.0", new byte[65536]));
      assertArrayEquals(new byte[128 * SECTOR], all(disk));
    }
  }

  /** The same record but for one value. */
  private static StateRecord record(StateRecord saved, String name, Object value) {
    StateRecord changed = new StateRecord();
    saved.values().forEach((key, old) -> {
      if (!key.equals(name)) {
        changed.put(key, old);
      }
    });
    changed.put(name, value);
    return changed;
  }

  private static void refused(String says, BlockDevice disk, StateRecord record) {
    String message = assertThrows(IOException.class, () -> disk.restore(record)).getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void missingAndEmptyImagesAreNamedWithARemedy() throws IOException {
    Path missing = folder.resolve("missing.img");
    String message = assertThrows(IOException.class, () -> open(missing, Mode.OVERLAY)).getMessage();
    assertTrue(message.contains("missing.img") && message.contains("truncate"), message);
    assertTrue(assertThrows(IOException.class, () -> open(image(new byte[0]), Mode.OVERLAY)).getMessage().contains("empty"));
    assertThrows(IOException.class, () -> open(folder, Mode.OVERLAY));
  }

  private static void refused(String says, Path image, Mode mode) {
    String message = assertThrows(IOException.class, () -> open(image, mode)).getMessage();
    assertTrue(message.startsWith(image + ": ") && message.contains(says), message);
  }

  @Test
  void whoWritesIsAloneAndReadersShare() throws IOException {
    Path image = image(random(7, 64 * SECTOR));
    try (BlockDevice writer = open(image, Mode.WRITE_THROUGH)) {
      for (Mode mode : Mode.values()) {
        refused(mode == Mode.WRITE_THROUGH ? "is in use by another disk" : "is being written by another disk", image, mode);
      }
      Path link = Files.createLink(folder.resolve("link.img"), image);
      refused("is in use by another disk", link, Mode.WRITE_THROUGH);
      assertEquals(64, writer.sectors());
    }
    BlockDevice first = open(image, Mode.OVERLAY);
    try (BlockDevice second = open(image, Mode.READ_ONLY)) {
      first.save();
      first.close();
      first.close();
      assertArrayEquals(Files.readAllBytes(image), all(second));
      refused("is in use by another disk", image, Mode.WRITE_THROUGH);
    }
    open(image, Mode.WRITE_THROUGH).close();
  }

  @Test
  void aFileThatBecomesShorterIsAnErrorThatNamesIt() throws IOException {
    Path image = image(random(8, 64 * SECTOR));
    try (BlockDevice disk = open(image, Mode.OVERLAY)) {
      Files.write(image, new byte[SECTOR]);
      String message = assertThrows(IOException.class, () -> disk.read(8, new byte[SECTOR], 0, 1)).getMessage();
      assertEquals(image + ": can't be read: the file has become shorter", message);
    }
  }

  @Test
  void kindsAndSizesThatAreNoImagesAreRefused() throws IOException {
    refused("this is a folder", folder, Mode.OVERLAY);
    refused("this is a device, a pipe or a socket", Path.of("/dev/zero"), Mode.OVERLAY);
    Path giant = folder.resolve("giant.img");
    try (var file = new RandomAccessFile(giant.toFile(), "rw")) {
      file.setLength(((long) SECTOR << 32) + SECTOR);
    }
    Path largest = folder.resolve("largest.img");
    try (var file = new RandomAccessFile(largest.toFile(), "rw")) {
      file.setLength((long) SECTOR << 32);
    }
    open(largest, Mode.OVERLAY).close();
    refused("can have 2199023255552 at most", giant, Mode.OVERLAY);
  }
}
