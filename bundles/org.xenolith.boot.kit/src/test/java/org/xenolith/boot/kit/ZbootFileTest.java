// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
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
  void whatCanNotComeOutSaysWhyAndWhatHelps() {
    String xz = refused(file("xzkern", new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0}));
    assertTrue(xz.contains("packed with xzkern") && xz.contains("boot it with UEFI firmware"), xz);
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
