// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.BlockMedia;

/** What EFI_BLOCK_IO_PROTOCOL must keep, whoever publishes it (UEFI 2.10, 13.9). */
public abstract class BlockIoContract {
  private static final long NOWHERE = 0x10;
  private static final int GUARD = 64;
  private static final byte FILL = (byte) 0xA5;
  private static final long REVISION_2 = 0x2_0001;

  /** A medium of at least 8 blocks. */
  public interface Medium {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its protocol. */
    long protocol();

    /** All of its bytes, live. */
    byte[] bytes();
  }

  /** A new one that can be written. */
  protected abstract Medium medium();

  /** A new one that is write-protected; null if there can't be one. */
  protected abstract Medium writeProtected();

  private static final class Bench {
    final Medium medium;
    final EfiRam memory;
    final long self;
    final int size;
    final long blocks;
    final long id;
    /** Room for four blocks, with what nobody may touch before and behind them. */
    final long buffer;

    Bench(Medium medium) {
      this.medium = medium;
      memory = medium.firmware().memory();
      self = medium.protocol();
      size = (int) BlockMedia.blockSize(memory, self);
      blocks = BlockMedia.blocks(memory, self);
      id = BlockMedia.id(memory, self);
      buffer = medium.firmware().room(4 * size + 2 * GUARD) + GUARD;
      fill();
    }

    void fill() {
      byte[] fill = new byte[4 * size + 2 * GUARD];
      Arrays.fill(fill, FILL);
      memory.write(buffer - GUARD, fill);
    }

    EfiStatus call(int function, long self, long medium, long first, long bytes, long at) {
      return EfiStatus.of(this.medium.firmware().call(memory.get64(this.self + function), self, medium, first, bytes, at));
    }

    EfiStatus read(long first, long bytes) {
      return call(BlockMedia.READ, self, id, first, bytes, buffer);
    }

    byte[] content(long first, int count) {
      return Arrays.copyOfRange(medium.bytes(), (int) first * size, (int) (first + count) * size);
    }

    /** Nothing but some bytes of the buffer was written. */
    void onlyWrote(int bytes) {
      byte[] all = memory.read(buffer - GUARD, 4 * size + 2 * GUARD);
      for (int i = 0; i < all.length; i++) {
        if (i < GUARD || i >= GUARD + bytes) {
          assertEquals(FILL, all[i], "byte " + (i - GUARD) + " of a buffer of " + bytes);
        }
      }
    }

    /** What a call is refused with changes neither buffer nor medium, nor what there is in firmware. */
    void refused(EfiStatus expected, int function, long self, long id, long first, long bytes, long at) {
      String before = FirmwareState.of(medium.firmware());
      byte[] content = medium.bytes().clone();
      String what = (function == BlockMedia.READ ? "ReadBlocks" : "WriteBlocks") + " of " + bytes + " bytes at block " + first;
      EfiStatus status = call(function, self, id, first, bytes, at);
      assertEquals(expected, status, what);
      onlyWrote(0);
      assertArrayEquals(content, medium.bytes(), what);
      assertEquals(before, FirmwareState.of(medium.firmware()), what);
      assertEquals(EfiStatus.SUCCESS, read(0, size), () -> "a good call after " + what);
      fill();
    }

    void refused(EfiStatus expected, long id, long first, long bytes, long at) {
      refused(expected, BlockMedia.READ, self, id, first, bytes, at);
      if (!BlockMedia.readOnly(memory, self)) {
        refused(expected, BlockMedia.WRITE, self, id, first, bytes, at);
      }
    }
  }

  @Test
  void theMediumIsDescribed() {
    Bench bench = new Bench(medium());
    assertTrue(Long.compareUnsigned(bench.memory.get64(bench.self), REVISION_2) >= 0, "the protocol's revision");
    assertEquals(bench.medium.bytes().length, bench.blocks * bench.size, "bytes of the medium by its description");
    long media = bench.memory.get64(bench.self + 8);
    assertEquals(1, bench.memory.get8(media + 5), "MediaPresent");
    assertEquals(0, bench.memory.get8(media + 7), "ReadOnly of what can be written");
    assertTrue(bench.blocks >= 8, "a medium for this contract has 8 blocks or more");
  }

  @Test
  void blocksAreReadAndNothingElseIsTouched() {
    Bench bench = new Bench(medium());
    new Random(1).nextBytes(bench.medium.bytes());
    for (long first : new long[] {0, 1, bench.blocks / 2, bench.blocks - 4}) {
      for (int count = 1; count <= 4; count++) {
        bench.fill();
        assertEquals(EfiStatus.SUCCESS, bench.read(first, (long) count * bench.size));
        assertArrayEquals(bench.content(first, count), bench.memory.read(bench.buffer, count * bench.size), "blocks from " + first);
        bench.onlyWrote(count * bench.size);
      }
    }
    bench.fill();
    assertEquals(EfiStatus.SUCCESS, bench.read(bench.blocks - 1, bench.size), "the last block");
    assertArrayEquals(bench.content(bench.blocks - 1, 1), bench.memory.read(bench.buffer, bench.size));
  }

  @Test
  void blocksAreWrittenAndNothingElse() {
    Bench bench = new Bench(medium());
    Random random = new Random(2);
    random.nextBytes(bench.medium.bytes());
    for (long first : new long[] {0, 3, bench.blocks - 2}) {
      byte[] expected = bench.medium.bytes().clone();
      byte[] now = new byte[2 * bench.size];
      random.nextBytes(now);
      bench.memory.write(bench.buffer, now);
      assertEquals(EfiStatus.SUCCESS, bench.call(BlockMedia.WRITE, bench.self, bench.id, first, now.length, bench.buffer));
      System.arraycopy(now, 0, expected, (int) first * bench.size, now.length);
      assertArrayEquals(expected, bench.medium.bytes(), "a medium after blocks from " + first + " on were written");
      assertArrayEquals(now, bench.memory.read(bench.buffer, now.length), "a buffer that was written from");
    }
    assertEquals(EfiStatus.SUCCESS, bench.call(BlockMedia.FLUSH, bench.self, 0, 0, 0, 0), "FlushBlocks");
    assertEquals(EfiStatus.SUCCESS, bench.call(BlockMedia.FUNCTIONS, bench.self, 0, 0, 0, 0), "Reset");
  }

  @Test
  void anotherMediumIsRefused() {
    Bench bench = new Bench(medium());
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.id + 1, 0, bench.size, bench.buffer);
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.id ^ 0x8000_0000L, 0, bench.size, bench.buffer);
  }

  @Test
  void sizesThatAreNoBlocksAreRefused() {
    Bench bench = new Bench(medium());
    for (long size : new long[] {1, bench.size - 1, bench.size + 1, 2L * bench.size + 100}) {
      bench.refused(EfiStatus.BAD_BUFFER_SIZE, bench.id, 0, size, bench.buffer);
    }
  }

  @Test
  void blocksThatAreNotThereAreRefused() {
    Bench bench = new Bench(medium());
    for (long first : new long[] {bench.blocks, bench.blocks + 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / bench.size}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, first, bench.size, bench.buffer);
    }
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, bench.blocks - 1, 2L * bench.size, bench.buffer);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 1, bench.blocks * bench.size, bench.buffer);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 0, 1L << 60, bench.buffer);
  }

  @Test
  void aSizeOfNothingIsNothingToDo() {
    Bench bench = new Bench(medium());
    bench.refused(EfiStatus.SUCCESS, bench.id, 0, 0, bench.buffer);
    bench.refused(EfiStatus.SUCCESS, bench.id, 0, 0, 0);
  }

  @Test
  void buffersThatAreNowhereAreRefused() {
    Bench bench = new Bench(medium());
    long end = FakeRam.BASE + FakeRam.SIZE;
    for (long at : new long[] {0, NOWHERE, end, end - bench.size, -1, FakeRam.BASE - bench.size}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 0, 2L * bench.size, at);
    }
    long gap = bench.medium.firmware().gap(bench.size);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 0, 3L * bench.size, gap - bench.size);
  }

  @Test
  void aMadeUpProtocolIsRefused() {
    Bench bench = new Bench(medium());
    long copy = bench.medium.firmware().room(BlockMedia.SIZE);
    bench.memory.write(copy, bench.memory.read(bench.self, BlockMedia.SIZE));
    for (long self : new long[] {copy, 0, NOWHERE, bench.self + 8, -1}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, BlockMedia.READ, self, bench.id, 0, bench.size, bench.buffer);
      bench.refused(EfiStatus.INVALID_PARAMETER, BlockMedia.WRITE, self, bench.id, 0, bench.size, bench.buffer);
      for (int function : new int[] {BlockMedia.FUNCTIONS, BlockMedia.FLUSH}) {
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(function, self, 0, 0, 0, 0), "Reset or FlushBlocks");
      }
    }
  }

  @Test
  void whatIsWriteProtectedIsNotWritten() {
    Medium medium = writeProtected();
    if (medium == null) {
      return;
    }
    Bench bench = new Bench(medium);
    assertTrue(BlockMedia.readOnly(bench.memory, bench.self), "ReadOnly of what is write-protected");
    assertEquals(EfiStatus.SUCCESS, bench.read(0, bench.size));
    bench.fill();
    bench.refused(EfiStatus.WRITE_PROTECTED, BlockMedia.WRITE, bench.self, bench.id, 0, bench.size, bench.buffer);
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.id + 1, 0, bench.size, bench.buffer);
  }

  /** A guest's memory is the guest's: whoever overwrites the description gets an error, and nothing beside the buffer is written. */
  @Test
  void aDescriptionThatWasOverwrittenHurtsNobodyElse() {
    Bench bench = new Bench(medium());
    long media = bench.memory.get64(bench.self + 8);
    byte[] good = bench.memory.read(media, 32);
    bench.memory.put32(media + 12, 0);
    assertNotEquals(EfiStatus.SUCCESS, bench.read(0, bench.size), "blocks of 0 bytes");
    bench.memory.put32(media + 12, 3);
    assertNotEquals(EfiStatus.SUCCESS, bench.read(0, 3), "blocks of 3 bytes");
    bench.onlyWrote(0);
    bench.memory.write(media, good);
    bench.fill();
    assertEquals(EfiStatus.SUCCESS, bench.read(0, bench.size));
  }
}
