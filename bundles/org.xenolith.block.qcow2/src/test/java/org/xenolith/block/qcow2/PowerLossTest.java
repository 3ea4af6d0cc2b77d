// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.block.DiskTools;

/** An image is whole whenever the power goes, and has what was flushed: with any sectors of what was written since, and none of others. */
class PowerLossTest {
  private static final int SECTOR = 512;
  private static final int POINTS = 200;
  private static final int OPERATIONS = 1000;

  @TempDir
  Path folder;

  /** A moment when the power went. @param allowed what each sector may have */
  private record Loss(byte[] file, List<Set<Long>> allowed) {}

  /** A guest that writes, discards and flushes; each sector that it writes says when. */
  private static final class Guest {
    private final Random random;
    /** Of what lasts: what the guest does must not depend on it. */
    private final Random luck;
    private final SmallImage small;
    private final LossyBytes bytes;
    private final List<Loss> losses = new ArrayList<>();
    private final List<Set<Long>> allowed = new ArrayList<>();
    private final long[] content;
    private final Set<Integer> points = new HashSet<>();
    private int events;
    private long version;

    private Guest(SmallImage small, long seed, int losses, int ofEvents) {
      random = new Random(seed);
      luck = new Random(seed + 1);
      this.small = small;
      content = new long[(int) small.size() / SECTOR];
      while (points.size() < losses) {
        points.add(luck.nextInt(ofEvents));
      }
      for (int i = 0; i < content.length; i++) {
        allowed.add(new HashSet<>(Set.of(0L)));
      }
      bytes = new LossyBytes(small.bytes(), this::event);
    }

    private void event() {
      if (points.contains(events++)) {
        losses.add(new Loss(bytes.left(luck), allowed.stream().<Set<Long>>map(HashSet::new).toList()));
      }
    }

    private void run() throws IOException {
      try (WrittenContent disk = new WrittenContent("image", bytes, Qcow2Header.of("image", bytes), Optional.empty())) {
        for (int i = 0; i < OPERATIONS; i++) {
          int kind = random.nextInt(20);
          if (kind == 0) {
            disk.flush();
            for (int s = 0; s < content.length; s++) {
              allowed.set(s, new HashSet<>(Set.of(content[s])));
            }
          } else {
            int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 4 * small.cluster / SECTOR : 8);
            int sector = random.nextInt(content.length - count);
            boolean write = kind < 17;
            version++;
            for (int s = sector; s < sector + count; s++) {
              allowed.get(s).add(write ? version : 0L);
            }
            if (write) {
              disk.write((long) sector * SECTOR, filled(version, count), 0, count * SECTOR);
              Arrays.fill(content, sector, sector + count, version);
            } else {
              disk.discard((long) sector * SECTOR, (long) count * SECTOR);
              read(disk, sector, count);
            }
          }
        }
        read(disk, 0, content.length);
      }
    }

    /** What was discarded may read as it was, or as nothing; what wasn't reads as it was written. */
    private void read(WrittenContent disk, int sector, int count) throws IOException {
      byte[] read = new byte[count * SECTOR];
      disk.read((long) sector * SECTOR, read, 0, read.length);
      for (int s = sector; s < sector + count; s++) {
        long now = ByteBuffer.wrap(read).getLong((s - sector) * SECTOR);
        assertTrue(now == content[s] || now == 0 && allowed.get(s).contains(0L), "sector " + s + " has " + now + ", and not " + content[s]);
        content[s] = now;
      }
    }

    private static byte[] filled(long value, int sectors) {
      byte[] bytes = new byte[sectors * SECTOR];
      for (int i = 0; i < bytes.length; i += 8) {
        ByteBuffer.wrap(bytes).putLong(i, value);
      }
      return bytes;
    }
  }

  private static void holds(Loss loss) throws IOException {
    LossyBytes file = new LossyBytes(loss.file, () -> {});
    Qcow2Content disk = new Qcow2Content("left", file, Qcow2Header.of("left", file), Optional.empty());
    byte[] all = new byte[(int) disk.length()];
    disk.read(0, all, 0, all.length);
    for (int s = 0; s < all.length / SECTOR; s++) {
      long first = ByteBuffer.wrap(all).getLong(s * SECTOR);
      assertEquals(first, ByteBuffer.wrap(all).getLong((s + 1) * SECTOR - 8), "a sector lasts as a whole");
      assertTrue(loss.allowed.get(s).contains(first), "sector " + s + " has " + first + ", and may have " + loss.allowed.get(s));
    }
  }

  private static Guest guest(int version, int clusterBits, int order, long seed, int points) throws IOException {
    SmallImage image = new SmallImage(version, clusterBits, order, 1 << 20);
    // How many events there are is seen by a run without losses.
    Guest counted = new Guest(image, seed, 0, 1);
    counted.run();
    Guest guest = new Guest(image, seed, points, counted.events);
    guest.run();
    ImageCheck.check(guest.bytes.content());
    return guest;
  }

  @Test
  void imageIsWholeAtAnyPointAndHasWhatWasFlushed() throws IOException {
    int[][] shapes = {{3, 12, 4}, {3, 9, 6}};
    for (int[] shape : shapes) {
      Guest guest = guest(shape[0], shape[1], shape[2], 0x5EED_0066L + shape[1], POINTS);
      assertEquals(POINTS, guest.losses.size());
      for (Loss loss : guest.losses) {
        ImageCheck.check(loss.file);
        holds(loss);
      }
    }
  }

  /** No cluster is lost by who ends in order. */
  @Test
  void closingLeavesNothingLeaked() throws IOException {
    for (int order = 0; order <= 6; order++) {
      assertEquals(0, ImageCheck.check(guest(3, 9, order, 0x5EED_0067L, 0).bytes.content()), "refcounts of order " + order);
    }
  }

  @FullLane
  @Test
  void qemuAcceptsTheImageAtEachOfTwoHundredPoints() throws IOException, InterruptedException {
    int[][] shapes = {{3, 12, 4}, {3, 16, 4}};
    for (int[] shape : shapes) {
      for (Loss loss : guest(shape[0], shape[1], shape[2], 0x5EED_0068L, POINTS).losses) {
        holds(loss);
        Path file = Files.write(folder.resolve("left.qcow2"), loss.file);
        // 3: nothing is damaged, and some clusters are leaked
        String said = DiskTools.run(3, "qemu-img", "check", "-f", "qcow2", file);
        assertTrue(said.contains("No errors were found") || said.contains("leaked cluster") && !said.contains("ERROR"), said);
        Path raw = folder.resolve("left.raw");
        DiskTools.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", file, raw);
        LossyBytes bytes = new LossyBytes(loss.file, () -> {});
        byte[] all = new byte[1 << 20];
        new Qcow2Content("left", bytes, Qcow2Header.of("left", bytes), Optional.empty()).read(0, all, 0, all.length);
        assertEquals(-1, Arrays.mismatch(all, Files.readAllBytes(raw)));
      }
    }
  }
}
