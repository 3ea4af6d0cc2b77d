// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.ARM64Options;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;
import org.xenolith.boot.api.BootException;

class ZbootFileTest {
  private static final int PAYLOAD = 0x1000;
  /** A frame of zstd with one block as it is: RFC 8878, 3.1.1. */
  private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x20, 3, 25, 0, 0, 'a', 'b', 'c'};

  /** As the kernel's build makes it: the header, code, the packed kernel, for other packings than gzip the size that comes out, and more code. */
  private static byte[] file(String packing, byte[] payload) {
    ByteBuffer file = ByteBuffer.allocate(PAYLOAD + payload.length + 4 + 512).order(ByteOrder.LITTLE_ENDIAN);
    file.put("MZ\0\0zimg".getBytes(StandardCharsets.US_ASCII)).putInt(PAYLOAD).putInt(payload.length);
    file.put(24, packing.getBytes(StandardCharsets.US_ASCII)).putInt(56, 0x818223cd).putInt(60, 64);
    return file.put(PAYLOAD, payload).putInt(PAYLOAD + payload.length, 3).array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static String refused(byte[] file) {
    return assertThrows(BootException.class, () -> KernelUnpacker.unpack(file, 1 << 20)).getMessage();
  }

  @Test
  void theKernelInsideComesOut() throws IOException {
    byte[] kernel = new byte[9000];
    Arrays.fill(kernel, (byte) 7);
    byte[] file = file("gzip", gzip(kernel));
    assertTrue(KernelUnpacker.recognises(file));
    assertArrayEquals(kernel, KernelUnpacker.unpack(file, 1 << 20));
    assertArrayEquals(new byte[] {'a', 'b', 'c'}, KernelUnpacker.unpack(file("zstd22", ZSTD), 1 << 20));
  }

  @Test
  void eachPackingOfTheKernelsBuildComesOut() throws IOException {
    byte[] kernel = new byte[200_000];
    new Random(7).nextBytes(kernel);
    Arrays.fill(kernel, 1000, 90_000, (byte) 7);
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (XZOutputStream out = new XZOutputStream(xz, new FilterOptions[] {new ARM64Options(), new LZMA2Options(1)}, XZ.CHECK_CRC32)) {
      out.write(kernel);
    }
    ByteArrayOutputStream lzma = new ByteArrayOutputStream();
    try (LZMAOutputStream out = new LZMAOutputStream(lzma, new LZMA2Options(1), -1)) {
      out.write(kernel);
    }
    // A legacy frame with one block of literals: a token, the length's rest, and three bytes.
    byte[] lz4 = {2, 0x21, 0x4C, 0x18, 4, 0, 0, 0, 0x30, 'a', 'b', 'c'};
    for (boolean zboot : new boolean[] {false, true}) {
      assertArrayEquals(kernel, KernelUnpacker.unpack(zboot ? file("xzkern", xz.toByteArray()) : xz.toByteArray(), 1 << 20));
      assertArrayEquals(kernel, KernelUnpacker.unpack(zboot ? file("lzma", lzma.toByteArray()) : lzma.toByteArray(), 1 << 20));
      assertArrayEquals(new byte[] {'a', 'b', 'c'}, KernelUnpacker.unpack(zboot ? file("lz4", lz4) : lz4, 1 << 20));
    }
    assertTrue(assertThrows(BootException.class, () -> KernelUnpacker.unpack(lzma.toByteArray(), 100_000)).getMessage().contains(
        "unpacks to more than"));
    assertTrue(refused(Arrays.copyOf(lzma.toByteArray(), 5000)).contains("cut off after 5000 bytes"));
    byte[] beforeAll = {2, 0x21, 0x4C, 0x18, 4, 0, 0, 0, 0x10, 'a', 2, 0};
    assertTrue(refused(beforeAll).contains("leads before what came out"), refused(beforeAll));
    // Two literals, and a match of 20 bytes two before: a length that goes on in a byte.
    byte[] repeats = {2, 0x21, 0x4C, 0x18, 6, 0, 0, 0, 0x2F, 'a', 'b', 2, 0, 1};
    assertArrayEquals("ab".repeat(11).getBytes(java.nio.charset.StandardCharsets.US_ASCII), KernelUnpacker.unpack(repeats, 1 << 20));
    byte[] longer = {2, 0x21, 0x4C, 0x18, 5, 0, 0, 0, 0x30, 'a', 'b', 'c'};
    assertTrue(refused(longer).contains("LZ4 block at byte 8 is said to have 5 bytes"), refused(longer));
  }

  @Test
  void whatOnlyBeginsAsLzmaIsNone() {
    byte[] code = new byte[64];
    code[0] = 0x5D;
    assertFalse(KernelUnpacker.recognises(code));
    code[3] = 1; // a dictionary of 64 KiB, and a length of nothing
    assertFalse(KernelUnpacker.recognises(code));
    assertFalse(KernelUnpacker.recognises(Arrays.copyOf(code, 12)));
    code[6] = 1;
    assertTrue(KernelUnpacker.recognises(code));
    code[2] = 1;
    assertFalse(KernelUnpacker.recognises(code));
  }

  @Test
  void whatCanNotComeOutSaysWhyAndWhatHelps() {
    String lzo = refused(file("lzo", new byte[] {(byte) 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1A, '\n'}));
    assertTrue(lzo.contains("packed with lzo, and only gzip, zstd, xz, lzma or lz4 is unpacked here. Boot it with UEFI firmware (" + option(
        "firmware") + ")"), lzo);
    String cut = refused(file("xzkern", new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0}));
    assertTrue(cut.contains("cut off after 6 bytes"), cut);
    byte[] file = file("zstd22", ZSTD);
    assertTrue(refused(Arrays.copyOf(file, PAYLOAD + 5)).contains("names 12 bytes at 4096, and it has 4101"));
    assertTrue(refused(Arrays.copyOf(file, 20)).contains("less than its header"));
    byte[] far = file.clone();
    ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
    assertTrue(refused(far).contains("at 4294967295"));
  }

  @Test
  void anotherEfiProgramIsNone() {
    assertFalse(KernelUnpacker.recognises("MZ\0\0PE\0\0".getBytes(StandardCharsets.US_ASCII)));
    assertFalse(KernelUnpacker.recognises("MZ\0\0zim".getBytes(StandardCharsets.US_ASCII)));
  }
}
