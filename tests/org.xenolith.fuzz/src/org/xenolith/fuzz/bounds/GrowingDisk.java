// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.raw.BoundedImage;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.regs.StateRecord;

/** A disk of 2 MiB of whose content 384 KiB may be other than the file's: what is written, discarded, saved and restored at any place. */
final class GrowingDisk {
  private static final int SECTORS = 4096;
  /** Sectors that are kept together. */
  private static final int CHUNK = 128;
  private static final int MOST = 6;

  private final Path image;

  GrowingDisk() {
    try {
      image = Files.createTempFile("xenolith-fuzz-growth", ".img");
      image.toFile().deleteOnExit();
      byte[] content = new byte[SECTORS * BlockDevice.SECTOR];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) (i / BlockDevice.SECTOR * 7);
      }
      Files.write(image, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> execute(InputBytes input) {
    List<String> wrong = new ArrayList<>();
    try (BlockDevice disk = BoundedImage.open(image, (long) MOST * CHUNK * BlockDevice.SECTOR)) {
      byte[] right = Files.readAllBytes(image);
      StateRecord saved = disk.save();
      byte[] then = right.clone();
      for (int i = 0; i < 64 && !input.end() && wrong.isEmpty(); i++) {
        int kind = input.next();
        int sector = (int) input.next(2) % SECTORS;
        int count = Math.min((int) input.next(2) % 1024, SECTORS - sector);
        switch (kind & 3) {
          case 0, 1 -> write(disk, sector, count, (byte) kind, right);
          case 2 -> {
            disk.discard(sector, count);
            // Whole pieces are the file's again.
            byte[] file = Files.readAllBytes(image);
            int from = (sector + CHUNK - 1) / CHUNK * CHUNK * BlockDevice.SECTOR;
            int to = (sector + count) / CHUNK * CHUNK * BlockDevice.SECTOR;
            if (from < to) {
              System.arraycopy(file, from, right, from, to - from);
            }
          }
          default -> {
            if ((kind & 4) == 0) {
              saved = disk.save();
              then = right.clone();
            } else {
              disk.restore(saved);
              right = then.clone();
            }
          }
        }
        long kept = disk.save().values().keySet().stream().filter(name -> name.startsWith("chunk.")).count();
        if (kept > MOST) {
          wrong.add(kept + " pieces of " + CHUNK + " sectors are kept, " + MOST + " are the bound");
        }
        byte[] actual = new byte[right.length];
        disk.read(0, actual, 0, SECTORS);
        int differs = Arrays.mismatch(right, actual);
        if (differs >= 0) {
          wrong.add("sector " + differs / BlockDevice.SECTOR + " isn't what was written, step " + i);
        }
      }
    } catch (IOException e) {
      wrong.add("no write, and refused: " + e.getMessage());
    }
    return wrong;
  }

  /** What is refused may be written in part, and up to where it isn't. */
  private static void write(BlockDevice disk, int sector, int count, byte value, byte[] right) throws IOException {
    byte[] data = new byte[count * BlockDevice.SECTOR];
    Arrays.fill(data, value);
    try {
      disk.write(sector, data, 0, count);
      System.arraycopy(data, 0, right, sector * BlockDevice.SECTOR, data.length);
    } catch (IOException full) {
      byte[] now = new byte[data.length];
      disk.read(sector, now, 0, count);
      int done = 0;
      while (done < data.length && now[done] == value) {
        done++;
      }
      System.arraycopy(data, 0, right, sector * BlockDevice.SECTOR, done / BlockDevice.SECTOR * BlockDevice.SECTOR);
    }
  }
}
