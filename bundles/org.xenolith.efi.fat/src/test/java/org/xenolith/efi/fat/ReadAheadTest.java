// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FatImage;

/** Files that are read in small pieces: how often the disk is asked, how much of the table is looked at, and that the bytes are right whatever is read when. */
class ReadAheadTest {
  private static final int SMALL = 4096;
  private static final int ROOM = 128 << 10;
  private static final int SIZE = 6 * ROOM;

  private final FatLayerTest bench = new FatLayerTest();
  private byte[] content;
  private byte[] other;

  private long mounted(int bits, boolean scattered, int size) {
    content = FatLayerTest.random(size);
    other = new byte[size];
    for (int i = 0; i < size; i++) {
      other[i] = (byte) ~content[i];
    }
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(bench.mount(new FatImage(bits, scattered).file("kernel", content).file("initrd", other)
        .bytes())));
    return bench.open(bench.root, "kernel", EfiStatus.SUCCESS);
  }

  /** What is read of a file. @param most pieces */
  private byte[] inPieces(long file, int piece, int most) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < most; i++) {
      byte[] one = bench.read(file, piece);
      if (one.length == 0) {
        break;
      }
      all.writeBytes(one);
    }
    return all.toByteArray();
  }

  private byte[] inPieces(long file, int piece) {
    return inPieces(file, piece, Integer.MAX_VALUE);
  }

  /** 192 pieces of 4 KiB: a request for 32 of them. */
  @ParameterizedTest
  @CsvSource({"12,4096", "16,4096", "32,4096", "16,512", "16,1000"})
  void smallReadsOneBehindTheOtherAskTheDiskSeldom(int bits, int piece) {
    long file = mounted(bits, false, SIZE);
    int before = bench.requests;
    assertArrayEquals(content, inPieces(file, piece));
    // A piece that begins within what was read ahead and ends behind it costs no request more; where one begins within a block, that block is read again.
    int requests = bench.requests - before;
    assertTrue(requests >= 6 && requests <= 7, () -> requests + " requests");
  }

  /** What is large goes straight to where it belongs, in one request. */
  @Test
  void aLargeReadIsOneRequestAndNothingIsReadAhead() {
    long file = mounted(16, false, SIZE);
    bench.requests = 0;
    bench.requested = 0;
    assertArrayEquals(content, bench.read(file, 2 * SIZE));
    assertEquals(1, bench.requests);
    assertEquals(SIZE, bench.requested);
  }

  /** Who reads on goes along the chain from where it was: the links before that are looked at no more. A place before is found from the beginning. */
  @Test
  void aChainIsGoneAlongAndNotBegunAnew() {
    long file = mounted(16, false, SIZE);
    assertArrayEquals(Arrays.copyOf(content, 2 * SMALL), inPieces(file, SMALL, 2));
    long first = bench.firmware.numbers(bench.layer, file)[Files.CLUSTER];
    long link = bench.firmware.numbers(bench.layer, bench.firmware.handles().find(bench.disk.handle(),
        Protocol.SIMPLE_FILE_SYSTEM))[FatLayer.TABLE] + 2 * first;
    bench.firmware.memory().put16(link, 0);
    assertArrayEquals(Arrays.copyOfRange(content, 2 * SMALL, SIZE), inPieces(file, SMALL, SIZE / SMALL));
    assertEquals(0, bench.call(file, FatLayerTest.SET_POSITION, SMALL));
    assertEquals(EfiStatus.VOLUME_CORRUPTED, status(file));
    bench.firmware.memory().put16(link, (int) first + 1);
    assertEquals(EfiStatus.SUCCESS, status(file));
  }

  private EfiStatus status(long file) {
    long size = bench.firmware.room(8);
    bench.firmware.memory().put64(size, SMALL);
    return EfiStatus.of(bench.call(file, FatLayerTest.READ, size, bench.firmware.room(SMALL)));
  }

  /** A file that is opened anew is read anew, as is one that was read by another handle. */
  @Test
  void whatWasReadAheadIsOfOneOpenFile() {
    long file = mounted(16, false, 3 * ROOM);
    assertArrayEquals(Arrays.copyOf(content, SMALL), bench.read(file, SMALL));
    bench.image()[bench.place(file, 0) + SMALL] ^= 0x55;
    assertArrayEquals(Arrays.copyOfRange(content, SMALL, 2 * SMALL), bench.read(file, SMALL), "read ahead before the disk changed");
    content[SMALL] ^= 0x55;
    assertEquals(0, bench.call(file, FatLayerTest.CLOSE));
    assertArrayEquals(content, inPieces(bench.open(bench.root, "kernel", EfiStatus.SUCCESS), SMALL));
  }

  /** Two files and a directory, read by turns at any places in any sizes, on volumes in one piece and in many. */
  @ParameterizedTest
  @CsvSource({"12,false", "12,true", "16,false", "16,true", "32,false", "32,true"})
  void bytesAreRightWhateverIsReadWhen(int bits, boolean scattered) {
    long kernel = mounted(bits, scattered, 400_000);
    long initrd = bench.open(bench.root, "initrd", EfiStatus.SUCCESS);
    Random random = new Random(bits);
    for (int i = 0; i < 300; i++) {
      long file = random.nextBoolean() ? kernel : initrd;
      int at = random.nextInt(content.length);
      int size = random.nextInt(1 << 4 + random.nextInt(15));
      assertEquals(0, bench.call(file, FatLayerTest.SET_POSITION, at));
      for (int k = random.nextInt(4); k >= 0; k--) {
        byte[] whole = file == kernel ? content : other;
        byte[] expected = Arrays.copyOfRange(whole, Math.min(whole.length, at), Math.min(whole.length, at + size));
        assertArrayEquals(expected, bench.read(file, size), size + " bytes at " + at);
        at += size;
      }
    }
  }

  /** A sector that can't be read is an error of whoever reads it, not of what comes before. */
  @Test
  void aBadSectorIsAnErrorOnlyWhereItIsWanted() {
    long file = mounted(16, false, ROOM);
    bench.bad = bench.place(file, 0) + 3 * SMALL + 1;
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(Arrays.copyOfRange(content, i * SMALL, (i + 1) * SMALL), bench.read(file, SMALL));
    }
    assertEquals(EfiStatus.DEVICE_ERROR, status(file));
    bench.bad = -1;
    assertArrayEquals(Arrays.copyOfRange(content, 3 * SMALL, ROOM), inPieces(file, SMALL));
  }

  /** A notification function that reads the same volume while it is being read ahead. */
  @Test
  void whoReadsInTheMiddleGoesItsOwnWay() {
    long kernel = mounted(16, false, 3 * ROOM);
    long initrd = bench.open(bench.root, "initrd", EfiStatus.SUCCESS);
    int[] times = {0};
    bench.meanwhile = () -> {
      if (times[0]++ == 0) {
        assertArrayEquals(Arrays.copyOf(other, SMALL), bench.read(initrd, SMALL));
      }
    };
    assertArrayEquals(content, inPieces(kernel, SMALL));
    assertArrayEquals(Arrays.copyOfRange(other, SMALL, other.length), inPieces(initrd, SMALL));
    assertTrue(times[0] > 0);
  }

  @Test
  void aBindingIsNoFileSystem() {
    mounted(16, false, 100);
    long open = bench.firmware.memory().get64(bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM) + 8);
    for (long self : new long[] {bench.firmware.binding(bench.layer), bench.root}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.firmware.call(open, self, bench.firmware.room(8))));
    }
  }

  /** Bytes without a first cluster: not the root directory's. */
  @Test
  void aFileWithBytesAndNoClusterIsCorrupted() {
    long file = mounted(16, false, 100);
    bench.firmware.numbers(bench.layer, file)[Files.CLUSTER] = 0;
    assertEquals(EfiStatus.VOLUME_CORRUPTED, status(file));
  }

  /** As large as the room: it goes straight, and what was read ahead before stays. */
  @Test
  void aReadOfTheRoomsSizeGoesStraight() {
    long file = mounted(16, false, SIZE);
    long system = bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM);
    assertArrayEquals(Arrays.copyOf(content, ROOM), bench.read(file, ROOM));
    assertEquals(0, bench.firmware.numbers(bench.layer, system)[FatLayer.FILLS]);
    assertArrayEquals(Arrays.copyOfRange(content, ROOM, 2 * ROOM - 1), bench.read(file, ROOM - 1));
    assertEquals(1, bench.firmware.numbers(bench.layer, system)[FatLayer.FILLS]);
  }

  /** The piece that follows may begin in the cluster that the one before ended in: with clusters of 1,024 bytes each second one does. */
  @Test
  void aPieceInTheSameClusterIsGoneOnFromThere() {
    long file = mounted(12, false, SIZE);
    assertArrayEquals(Arrays.copyOf(content, 1536), inPieces(file, 512, 3));
    long first = bench.firmware.numbers(bench.layer, file)[Files.CLUSTER];
    long link = bench.firmware.numbers(bench.layer, bench.firmware.handles().find(bench.disk.handle(),
        Protocol.SIMPLE_FILE_SYSTEM))[FatLayer.TABLE] + first + first / 2;
    assertEquals(0, first % 2);
    bench.firmware.memory().put16(link, bench.firmware.memory().get16(link) & 0xF000);
    assertArrayEquals(Arrays.copyOfRange(content, 1536, 2048), bench.read(file, 512));
  }
}
