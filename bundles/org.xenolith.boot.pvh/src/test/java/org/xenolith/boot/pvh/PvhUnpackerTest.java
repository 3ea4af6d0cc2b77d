// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;
import org.xenolith.boot.api.BootException;
import org.xenolith.pvh.codec.BzImage;
import org.xenolith.pvh.kit.PageBuffer;
import org.xenolith.pvh.kit.PvhUnpacker;

class PvhUnpackerTest {
  private static final byte[] KERNEL = "any kernel".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final int LIMIT = 1 << 20;

  private static BzImage image(byte[] payload) {
    ByteBuffer file = ByteBuffer.allocate(1024 + payload.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0x1F1, (byte) 1).putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20F).putInt(0x24C, payload.length + 4).put(1024,
        payload);
    return BzImage.parse(file.array());
  }

  private static byte[] unpacked(BzImage image, int limit) {
    return PvhUnpacker.unpack(image, limit, new PageBuffer()).toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] lzma() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LZMAOutputStream lzma = new LZMAOutputStream(out, new LZMA2Options(), -1)) {
      lzma.write(KERNEL);
    }
    return out.toByteArray();
  }

  @Test
  void lzmaAndXzAreUnpacked() throws IOException {
    assertArrayEquals(KERNEL, unpacked(image(lzma()), LIMIT));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options())) {
      xz.write(KERNEL);
    }
    assertArrayEquals(KERNEL, unpacked(image(out.toByteArray()), LIMIT));
  }

  /** What another implementation packs, in two blocks: runs, repetitions near and far, and noise. */
  @Test
  void lz4IsUnpacked() throws IOException {
    Random random = new Random(1);
    byte[] kernel = new byte[300_000];
    for (int at = 1000; at < kernel.length;) {
      int length = Math.min(kernel.length - at, 1 + random.nextInt(3000));
      int from = random.nextInt(at);
      for (int i = 0; i < length; i++) {
        kernel[at + i] = random.nextInt(100) == 0 ? (byte) random.nextInt() : kernel[from + i];
      }
      at += length;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(word(0x184C_2102));
    for (int from = 0; from < kernel.length; from += 200_000) {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      try (OutputStream lz4 = new BlockLZ4CompressorOutputStream(block)) {
        lz4.write(kernel, from, Math.min(200_000, kernel.length - from));
      }
      packed.writeBytes(word(block.size()));
      block.writeTo(packed);
    }
    assertTrue(packed.size() < kernel.length / 2, "it has matches");
    assertArrayEquals(kernel, unpacked(image(packed.toByteArray()), LIMIT));
    String large = assertThrows(BootException.class, () -> unpacked(image(packed.toByteArray()), 1 << 18)).getMessage();
    assertTrue(large.contains("unpacks to more than the memory of 0 MiB"), large);
    byte[] cut = Arrays.copyOf(packed.toByteArray(), packed.size() - 1);
    String damaged = assertThrows(BootException.class, () -> unpacked(image(cut), LIMIT)).getMessage();
    assertTrue(damaged.contains("the bzImage's payload is damaged: an LZ4 block at byte "), damaged);
  }

  /** {@code zstd -19} of the kernel, from standard input as in a kernel's build. */
  @Test
  void zstdIsUnpacked() {
    byte[] packed = HexFormat.of().parseHex("28b52ffd0468510000616e79206b65726e656c9bccf6d3");
    assertArrayEquals(KERNEL, unpacked(image(packed), LIMIT));
    String large = assertThrows(BootException.class, () -> unpacked(image(packed), 9)).getMessage();
    assertTrue(large.contains("unpacks to more than the memory of 0 MiB"), large);
    packed[packed.length - 1]++;
    String damaged = assertThrows(BootException.class, () -> unpacked(image(packed), LIMIT)).getMessage();
    assertTrue(damaged.contains("the bzImage's payload is damaged: zstd, at byte "), damaged);
    String other = assertThrows(BootException.class, () -> unpacked(image(new byte[] {'B', 'Z', 'h', 0}), LIMIT)).getMessage();
    assertTrue(other.contains("with bzip2, which isn't unpacked here; expected zstd, gzip, xz, lzma or lz4"), other);
  }

  private static byte[] word(int word) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(word).array();
  }

  /** The header of LZMA alone: properties, the dictionary's size in 4 bytes. It is allocated before anything is looked at. */
  @Test
  void dictionaryThatNoKernelHasIsRefused() throws IOException {
    byte[] file = lzma();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(1, 1 << 30);
    String said = assertThrows(BootException.class, () -> unpacked(image(file), LIMIT)).getMessage();
    assertTrue(said.contains("1024 MiB for its dictionary"), said);
  }

  /** A file that isn't packed is somebody else's memory. */
  @Test
  void onlyWhatWasUnpackedIsGivenBack() {
    byte[] file = KERNEL.clone();
    file[0] = 0x7F;
    System.arraycopy("ELF".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, file, 1, 3);
    PageBuffer out = new PageBuffer();
    MemorySegment kernel = PvhUnpacker.unpack(image(file), LIMIT, out);
    out.release();
    assertArrayEquals(file, kernel.toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void aBufferGrowsWithWhatItTakes() {
    byte[] chunk = new byte[700_000];
    new Random(1).nextBytes(chunk);
    PageBuffer buffer = new PageBuffer();
    buffer.expect(10);
    for (int i = 0; i < 5; i++) {
      buffer.add(chunk, chunk.length - i);
    }
    byte[] all = buffer.bytes().toArray(ValueLayout.JAVA_BYTE);
    assertEquals(3_499_990, all.length);
    for (int i = 0, at = 0; i < 5; at += chunk.length - i, i++) {
      assertArrayEquals(Arrays.copyOf(chunk, chunk.length - i), Arrays.copyOfRange(all, at, at + chunk.length - i));
    }
    String said = assertThrows(BootException.class, () -> buffer.expect(1L << 31)).getMessage();
    assertTrue(said.contains("unpacks to more than 2 GiB"), said);
  }
}
