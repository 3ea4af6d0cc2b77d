// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.BlockMedia;

/** What EFI_ERASE_BLOCK_PROTOCOL must keep beside the block protocol of the same handle (UEFI 2.10, 13.12). */
public abstract class EraseBlockContract {
  private static final int GRANULARITY = 8;
  private static final int ERASE_BLOCKS = 16;
  private static final long REVISION = 0x2_0000 | 60;
  private static final int TOKEN = 16;
  /** What the upper half of a register may have when an argument is of 32 bits (AAPCS64, 6.8.2). */
  private static final long JUNK = 0xDEAD_BEEFL << 32;

  /** A medium of at least four times what can be erased at once. */
  public interface Medium {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_ERASE_BLOCK_PROTOCOL. */
    long protocol();

    /** Address of EFI_BLOCK_IO_PROTOCOL of the same handle. */
    long blocks();

    /** All of its bytes, live. */
    byte[] bytes();

    /** Whether the device refuses what it is asked for, from now on. */
    void refuses(boolean now);
  }

  /** A new one that can be written. */
  protected abstract Medium medium();

  /** A new one that is write-protected. */
  protected abstract Medium writeProtected();

  private static final class Bench {
    final Medium medium;
    final EfiRam memory;
    final int size;
    final long blocks;
    final long id;
    /** Blocks that are erased at once. */
    final long unit;
    final long token;

    Bench(Medium medium) {
      this.medium = medium;
      memory = medium.firmware().memory();
      size = (int) BlockMedia.blockSize(memory, medium.blocks());
      blocks = BlockMedia.blocks(memory, medium.blocks());
      id = BlockMedia.id(memory, medium.blocks());
      unit = memory.get32(medium.protocol() + GRANULARITY);
      token = medium.firmware().room(TOKEN);
      new Random(1).nextBytes(medium.bytes());
    }

    EfiStatus erase(long id, long first, long token, long bytes) {
      return ProtocolCall.status(medium.firmware(), medium.protocol(), ERASE_BLOCKS, id, first, token, bytes);
    }

    /** That nothing but these blocks has another content than before. */
    void onlyIn(byte[] before, long first, long count, String what) {
      byte[] now = medium.bytes().clone();
      int at = (int) first * size;
      int length = (int) count * size;
      System.arraycopy(before, at, now, at, length);
      assertArrayEquals(before, now, what);
    }

    /** Erases units and sees that they, and nothing else, are gone. */
    void erased(long id, long first, long token, long count, String what) {
      new Random(first + 7).nextBytes(medium.bytes());
      byte[] before = medium.bytes().clone();
      assertEquals(EfiStatus.SUCCESS, erase(id, first, token, count * size), what);
      onlyIn(before, first, count, what);
      for (int at = (int) first * size; at < (first + count) * size; at += size) {
        assertFalse(Arrays.equals(before, at, at + size, medium.bytes(), at, at + size), what + ": byte " + at + " and on are there");
      }
    }

    /** A call that comes to an error, and to nothing else. @param expected null: any */
    void refused(@Nullable EfiStatus expected, long id, long first, long token, long bytes) {
      String what = "0x" + Long.toHexString(bytes) + " bytes at block 0x" + Long.toHexString(first) + ", medium " + id + ", token 0x" + Long
          .toHexString(token);
      String state = FirmwareState.of(medium.firmware());
      byte[] before = medium.bytes().clone();
      EfiStatus status = erase(id, first, token, bytes);
      assertNotEquals(EfiStatus.SUCCESS, status, what);
      assertTrue(expected == null || expected == status, what + ": " + status);
      assertArrayEquals(before, medium.bytes(), what);
      assertEquals(state, FirmwareState.of(medium.firmware()), what);
    }
  }

  @Test
  void theProtocolIsDescribed() {
    Bench bench = new Bench(medium());
    assertEquals(REVISION, bench.memory.get64(bench.medium.protocol()));
    assertTrue(bench.unit >= 1 && bench.unit * 4 <= bench.blocks, bench.unit + " of " + bench.blocks + " blocks at once");
  }

  @Test
  void whatIsErasedIsGoneAndNothingElse() {
    Bench bench = new Bench(medium());
    long units = bench.blocks / bench.unit;
    for (long[] part : new long[][] {{0, 1}, {1, 2}, {units - 1, 1}, {units / 2, units / 2}, {0, units}}) {
      bench.erased(bench.id, part[0] * bench.unit, 0, part[1] * bench.unit, part[1] + " units at unit " + part[0]);
    }
  }

  @Test
  void aBlockIsErasedWithoutItsNeighbours() {
    Bench bench = new Bench(medium());
    for (long first : new long[] {0, 1, bench.blocks / 2 + 1, bench.blocks - 1}) {
      byte[] before = bench.medium.bytes().clone();
      assertEquals(EfiStatus.SUCCESS, bench.erase(bench.id, first, 0, bench.size), "block " + first);
      bench.onlyIn(before, first, 1, "block " + first);
    }
  }

  @Test
  void anotherMediumIsLeftAlone() {
    Bench bench = new Bench(medium());
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.id + 1, 0, 0, bench.size);
    bench.refused(EfiStatus.MEDIA_CHANGED, bench.id - 1 & 0xFFFF_FFFFL, 0, 0, bench.unit * bench.size);
    bench.erased(JUNK | bench.id, 0, 0, bench.unit, "MediaId has 32 bits");
  }

  @Test
  void blocksThatArentThereAreRefused() {
    Bench bench = new Bench(medium());
    long block = bench.size;
    for (long first : new long[] {bench.blocks, bench.blocks + 1, 1L << 32, 1L << 55, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, first, 0, block);
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, first, 0, bench.unit * block);
    }
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, bench.blocks - 1, 0, 2 * block);
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 1, 0, bench.blocks * block);
    for (long bytes : new long[] {(bench.blocks + 1) * block, 1L << 32, 1L << 40, (1L << 41) + block, Long.MIN_VALUE, -block}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 0, 0, bytes);
    }
    bench.erased(bench.id, 0, 0, bench.unit, "afterwards");
  }

  @Test
  void partsOfABlockArentErased() {
    Bench bench = new Bench(medium());
    for (long bytes : new long[] {1, bench.size - 1, bench.size + 1, bench.unit * bench.size - 1, bench.unit * bench.size + bench.size / 2,
        -1}) {
      bench.refused(null, bench.id, 0, 0, bytes);
    }
    bench.erased(bench.id, 0, 0, bench.unit, "afterwards");
  }

  @Test
  void whatIsWriteProtectedStays() {
    Bench bench = new Bench(writeProtected());
    bench.refused(EfiStatus.WRITE_PROTECTED, bench.id, 0, 0, bench.unit * bench.size);
    bench.refused(EfiStatus.WRITE_PROTECTED, bench.id, 1, 0, bench.size);
  }

  /** Without an event there is nothing by which the caller could learn of it later. */
  @Test
  void withATokenThatHasNoEventItIsOverAtOnce() {
    Bench bench = new Bench(medium());
    bench.erased(bench.id, bench.unit, bench.token, bench.unit, "a token without an event");
    for (long nowhere : new long[] {0x10, FakeRam.BASE - TOKEN, FakeRam.BASE + FakeRam.SIZE, -TOKEN}) {
      bench.refused(EfiStatus.INVALID_PARAMETER, bench.id, 0, nowhere, bench.unit * bench.size);
    }
    bench.erased(bench.id, bench.unit, bench.token, bench.unit, "afterwards");
  }

  @Test
  void aDeviceThatRefusesIsAnError() {
    Bench bench = new Bench(medium());
    for (long token : new long[] {0, bench.token}) {
      bench.medium.refuses(true);
      bench.refused(EfiStatus.DEVICE_ERROR, bench.id, 0, token, bench.unit * bench.size);
      bench.medium.refuses(false);
      bench.erased(bench.id, 0, token, bench.unit, "afterwards");
    }
  }
}
