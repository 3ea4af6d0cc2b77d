// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;

class VhdxImageTest {
  @TempDir
  private Path folder;
  private final VhdxComponent format = new VhdxComponent();

  private static byte[] content() {
    byte[] content = new byte[5 * SmallVhdx.BLOCK + 1024];
    new Random(1).nextBytes(content);
    Arrays.fill(content, SmallVhdx.BLOCK, 4 * SmallVhdx.BLOCK, (byte) 0);
    return content;
  }

  private byte[] read(byte[] image) throws IOException {
    try (BlockDevice disk = format.open(Files.write(folder.resolve("disk.vhdx"), image), Mode.OVERLAY)) {
      byte[] all = new byte[(int) disk.sectors() * 512];
      disk.read(0, all, 0, (int) disk.sectors());
      return all;
    }
  }

  private String refused(Consumer<ByteBuffer> change) {
    SmallVhdx small = new SmallVhdx(content());
    change.accept(small.image);
    return refused(small.bytes());
  }

  private String refused(byte[] image) {
    String says = assertThrows(IOException.class, () -> read(image)).getMessage();
    assertTrue(says.startsWith(folder.resolve("disk.vhdx") + ": "), says);
    return says;
  }

  @Test
  void blocksThatAreThereAreReadAndOthersAreZeros() throws IOException {
    byte[] image = new SmallVhdx(content()).bytes();
    assertTrue(format.recognises(Arrays.copyOf(image, 512), new byte[512]));
    assertArrayEquals(content(), read(image));
  }

  @Test
  void theSoundCopyOfAHeaderOrTableServes() throws IOException {
    byte[] image = new SmallVhdx(content()).bytes();
    image[SmallVhdx.HEADER + 100] ^= 1;
    image[SmallVhdx.REGIONS + 100] ^= 1;
    assertArrayEquals(content(), read(image));
    image[2 * SmallVhdx.HEADER + 100] ^= 1;
    assertTrue(refused(image).contains("neither of its headers"));
  }

  @Test
  void whatIsWrongOrNotServedIsRefused() {
    int items = SmallVhdx.METADATA + (64 << 10);
    assertTrue(refused(new byte[100]).contains("no VHDX image"));
    assertTrue(refused(Arrays.copyOf(new SmallVhdx(content()).bytes(), 1 << 20)).contains("a region is said to be at"));
    assertTrue(refused(in -> in.putShort(SmallVhdx.HEADER + 66, (short) 2)).contains("of version 2"));
    assertTrue(refused(in -> in.putLong(SmallVhdx.HEADER + 48, 1)).contains("qemu-img check -r all"));
    assertTrue(refused(in -> in.putInt(SmallVhdx.REGIONS + 8, 1)).contains("no region with its metadata"));
    assertTrue(refused(in -> in.putInt(SmallVhdx.REGIONS + 16, 1)).contains("a region 00000001-"));
    assertTrue(refused(in -> in.putInt(items + 4, 2)).contains("a parent"));
    assertTrue(refused(in -> in.putInt(items, 3 << 20)).contains("blocks of 3145728 bytes"));
    assertTrue(refused(in -> in.putLong(items + 8, 1L << 40)).contains("its table of blocks has 1048576 bytes"));
    assertTrue(refused(in -> in.putLong(items + 8, -512)).contains("expected sectors of 512"));
    assertTrue(refused(in -> in.putInt(items + 16, 4096)).contains("has sectors of 4096 bytes"));
    assertTrue(refused(in -> in.putLong(SmallVhdx.TABLE, 1L << 40 | 6)).contains("the block at 0x0 of the disk is said to be at"));
    assertTrue(refused(in -> in.putLong(SmallVhdx.TABLE, 7)).contains("in a state that an image without a parent hasn't, 7"));
  }
}
