// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDeviceFactory.Mode;

/** Images that {@code qemu-img} makes of a raw one, and what it makes of them again, beside what a format reads. For tests of the full lane. */
public final class ConvertedImages {
  private static final int PIECE = 8192;

  private ConvertedImages() {}

  /** Writes a raw image: what packs well, what doesn't, zeros and holes. */
  public static Path scattered(Path file, int size, long seed) throws IOException {
    byte[] content = new byte[size];
    Random random = new Random(seed);
    for (int at = 0; at < size; at += PIECE) {
      byte[] piece = new byte[Math.min(PIECE, size - at)];
      switch (random.nextInt(4)) {
        case 0 -> random.nextBytes(piece);
        case 1 -> Arrays.fill(piece, (byte) random.nextInt());
        default -> {
        }
      }
      System.arraycopy(piece, 0, content, at, piece.length);
    }
    return Files.write(file, content);
  }

  /** Has an image made of a raw one. @param options of {@code qemu-img convert}, with the format that is made */
  public static Path made(Path raw, Path image, String... options) throws IOException, InterruptedException {
    List<Object> words = new ArrayList<>(List.of("convert", "-f", "raw"));
    words.addAll(List.of(options));
    words.addAll(List.of(raw, image));
    DiskTools.run("qemu-img", words.toArray());
    return image;
  }

  /**
   * An image reads as {@code qemu-img} converts it: its whole, and pieces anywhere, by other ways through what is kept.
   *
   * @param theirs what {@code qemu-img} calls the format
   */
  public static void assertEqual(BlockDeviceFactory format, Path image, String theirs) throws IOException, InterruptedException {
    Path judged = image.resolveSibling(image.getFileName() + ".judged");
    DiskTools.run("qemu-img", "convert", "-f", theirs, "-O", "raw", image, judged);
    byte[] content = Files.readAllBytes(judged);
    try (BlockDevice disk = format.open(image, Mode.READ_ONLY)) {
      assertEquals(content.length, disk.sectors() * BlockDevice.SECTOR, image::toString);
      byte[] all = new byte[content.length];
      disk.read(0, all, 0, (int) disk.sectors());
      assertEquals(-1, Arrays.mismatch(content, all), image::toString);
      Random random = new Random(1);
      for (int i = 0; i < 1000; i++) {
        int sector = random.nextInt((int) disk.sectors());
        int count = 1 + random.nextInt((int) Math.min(300, disk.sectors() - sector));
        byte[] piece = new byte[count * BlockDevice.SECTOR];
        disk.read(sector, piece, 0, count);
        int from = sector * BlockDevice.SECTOR;
        assertEquals(-1, Arrays.mismatch(content, from, from + piece.length, piece, 0, piece.length), () -> image + " from sector " + sector
            + " on");
      }
    }
  }
}
