// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;

class VhdImageTest {
  @TempDir
  private Path folder;
  private final VhdComponent format = new VhdComponent();

  private static byte[] content() {
    byte[] content = new byte[5 * SmallVhd.BLOCK + 1024];
    new Random(1).nextBytes(content);
    Arrays.fill(content, SmallVhd.BLOCK, 3 * SmallVhd.BLOCK, (byte) 0);
    return content;
  }

  private byte[] read(byte[] image) throws IOException {
    try (BlockDevice disk = format.open(Files.write(folder.resolve("disk.vhd"), image), Mode.OVERLAY)) {
      byte[] all = new byte[(int) disk.sectors() * 512];
      disk.read(0, all, 0, (int) disk.sectors());
      byte[] middle = new byte[20 * 512];
      disk.read(3, middle, 0, 20);
      assertArrayEquals(Arrays.copyOfRange(all, 3 * 512, 23 * 512), middle);
      disk.write(3, new byte[512], 0, 1);
      return all;
    }
  }

  private String refused(byte[] image) {
    String says = assertThrows(IOException.class, () -> read(image)).getMessage();
    assertTrue(says.startsWith(folder.resolve("disk.vhd") + ": "), says);
    return says;
  }

  private static byte[] changed(byte[] image, Consumer<ByteBuffer> change) {
    byte[] copy = image.clone();
    change.accept(ByteBuffer.wrap(copy));
    return copy;
  }

  @Test
  void fixedAndDynamicDisksAreRead() throws IOException {
    byte[] fixed = SmallVhd.fixed(content());
    byte[] dynamic = SmallVhd.dynamic(content());
    assertArrayEquals(content(), read(fixed));
    assertArrayEquals(content(), read(dynamic));
    // The copy at the begin serves where the end was cut off, and older footers have 511 bytes.
    assertArrayEquals(content(), read(Arrays.copyOf(dynamic, dynamic.length - 512)));
    assertArrayEquals(content(), read(Arrays.copyOf(fixed, fixed.length - 1)));
  }

  @Test
  void anImageIsKnownByItsEnds() {
    byte[] fixed = SmallVhd.fixed(content());
    byte[] begin = Arrays.copyOf(fixed, 512);
    assertTrue(format.recognises(begin, Arrays.copyOfRange(fixed, fixed.length - 512, fixed.length)));
    assertTrue(format.recognises(begin, Arrays.copyOfRange(fixed, fixed.length - 513, fixed.length - 1)));
    assertTrue(format.recognises(SmallVhd.dynamic(content()), new byte[512]));
    assertFalse(format.recognises(begin, begin));
  }

  @Test
  void cylindersHeadsAndSectorsSayTheSizeOfWhatVirtualPcMade() throws IOException {
    byte[] image = changed(SmallVhd.fixed(content()), bytes -> {
      ByteBuffer footer = bytes.slice(content().length, 512);
      footer.put(28, new byte[] {'v', 'p', 'c', ' '}).putShort(56, (short) 2).put(58, (byte) 3).put(59, (byte) 4);
      ByteBuffer summed = ByteBuffer.allocate(512);
      footer.get(0, summed.array());
      footer.put(0, SmallVhd.summed(summed, 64).array());
    });
    assertEquals(2 * 3 * 4 * 512, read(image).length);
  }

  @Test
  void whatIsWrongOrNotServedIsRefusedWithItsPlace() throws IOException {
    byte[] fixed = SmallVhd.fixed(content());
    byte[] dynamic = SmallVhd.dynamic(content());
    assertTrue(refused(changed(fixed, bytes -> bytes.put(fixed.length - 1, (byte) 1))).contains("its footer isn't what was written"));
    assertTrue(refused(changed(dynamic, bytes -> bytes.put(600, (byte) 1))).contains("its header isn't what was written"));
    assertTrue(refused(Arrays.copyOfRange(fixed, 512, fixed.length)).contains("is cut off"));
    assertTrue(refused(SmallVhd.footer(2, 512).array()).contains("is cut off"));
    assertTrue(refused(new byte[4096]).contains("no VHD image"));
    assertTrue(refused(new byte[0]).contains("no VHD image"));
    assertTrue(refused(SmallVhd.fixed(new byte[700])).contains("expected sectors of 512"));
    assertTrue(refused(changed(dynamic, bytes -> bytes.putInt(512 + 1024, 1 << 24))).contains("the block at 0x0 of the disk"));
    ByteBuffer differencing = SmallVhd.footer(4, 4096);
    assertTrue(refused(differencing.array()).contains("differs from another image"));
    ByteBuffer far = SmallVhd.footer(3, 4096).putLong(16, Long.MAX_VALUE);
    assertTrue(refused(SmallVhd.summed(far, 64).array()).contains("its header is said to be at 0x7fffffffffffffff"));
    Path file = Files.write(folder.resolve("disk.vhd"), fixed);
    String written = assertThrows(IOException.class, () -> format.open(file.toString(), Mode.WRITE_THROUGH, Map.of())).getMessage();
    assertTrue(written.contains("is read here and not written") && written.contains("qemu-img convert -O qcow2"), written);
  }
}
