// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/** What EFI_DISK_IO_PROTOCOL must keep (UEFI 2.10, 13.7). */
public abstract class DiskIoContract {
  private static final int READ = 8;
  private static final int WRITE = 16;
  private static final int MOST = 3000;
  private static final int GUARD = 64;
  private static final byte FILL = (byte) 0xA5;

  /**
   * A disk of at least 16 KiB.
   *
   * @param firmware that it is in
   * @param protocol address of its EFI_DISK_IO_PROTOCOL
   * @param medium   its medium's identity
   * @param bytes    all of its bytes, live
   */
  public record Disk(FakeFirmware firmware, long protocol, long medium, byte[] bytes) {}

  /** A new one. */
  protected abstract Disk disk();

  private static final class Bench {
    final Disk disk;
    final EfiRam memory;
    final long buffer;

    Bench(Disk disk) {
      this.disk = disk;
      memory = disk.firmware.memory();
      buffer = disk.firmware.room(MOST + 2 * GUARD) + GUARD;
      new Random(5).nextBytes(disk.bytes);
    }

    EfiStatus call(int function, long medium, long at, long size, long place) {
      return ProtocolCall.status(disk.firmware, disk.protocol, function, medium, at, size, place);
    }

    void fill() {
      byte[] fill = new byte[MOST + 2 * GUARD];
      Arrays.fill(fill, FILL);
      memory.write(buffer - GUARD, fill);
    }

    void refused(EfiStatus expected, long medium, long at, long size, long place) {
      byte[] content = disk.bytes.clone();
      for (int function : new int[] {READ, WRITE}) {
        assertEquals(expected, call(function, medium, at, size, place), (function == READ ? "ReadDisk" : "WriteDisk") + " of " + size
            + " at "
            + at);
        assertArrayEquals(content, disk.bytes);
      }
    }
  }

  @Test
  void bytesAreReadWhereverTheyAre() {
    Bench bench = new Bench(disk());
    Random random = new Random(6);
    for (int i = 0; i < 300; i++) {
      int size = random.nextInt(MOST);
      int at = i == 0 ? bench.disk.bytes.length - size : random.nextInt(bench.disk.bytes.length - size);
      bench.fill();
      assertEquals(EfiStatus.SUCCESS, bench.call(READ, bench.disk.medium, at, size, bench.buffer));
      byte[] expected = new byte[MOST + 2 * GUARD];
      Arrays.fill(expected, FILL);
      System.arraycopy(bench.disk.bytes, at, expected, GUARD, size);
      assertArrayEquals(expected, bench.memory.read(bench.buffer - GUARD, expected.length), size + " bytes at " + at);
    }
  }

  @Test
  void bytesAreWrittenAndNoOthers() {
    Bench bench = new Bench(disk());
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] piece = new byte[random.nextInt(MOST)];
      random.nextBytes(piece);
      int at = i == 0 ? bench.disk.bytes.length - piece.length : random.nextInt(bench.disk.bytes.length - piece.length);
      byte[] expected = bench.disk.bytes.clone();
      System.arraycopy(piece, 0, expected, at, piece.length);
      bench.memory.write(bench.buffer, piece);
      assertEquals(EfiStatus.SUCCESS, bench.call(WRITE, bench.disk.medium, at, piece.length, bench.buffer));
      assertArrayEquals(expected, bench.disk.bytes, piece.length + " bytes at " + at);
    }
  }

  @Test
  void whatIsNotThereIsRefused() {
    Bench bench = new Bench(disk());
    long end = bench.disk.bytes.length;
    for (long at : new long[] {end, end + 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, end << 20}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.disk.medium, at, 100, bench.buffer);
    }
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.disk.medium, 0, -1, bench.buffer);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.disk.medium, 0, 100, 0);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.disk.medium, 0, 100, 0x10);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.disk.medium, 0, 4096, FakeRam.BASE + FakeRam.SIZE - 100);
  }

  @Test
  void anotherMediumIsRefused() {
    Bench bench = new Bench(disk());
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.disk.medium + 1, 0, 512, bench.buffer);
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.disk.medium + 1, 100, 10, bench.buffer);
  }

  @Test
  void nothingIsNothingToDo() {
    Bench bench = new Bench(disk());
    bench.refused(EfiStatus.SUCCESS, bench.disk.medium, 7, 0, bench.buffer);
  }
}
