// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.BootException;

class Arm64ImageTest {
  @Test
  void readsTheFieldsOfTheHeader() {
    Arm64Image image = Arm64Image.parse(new KernelFile(4096, 0x80000, 0x20000, 0xa).bytes());
    assertEquals(0x80000, image.textOffset());
    assertEquals(0x20000, image.imageSize());
    assertTrue(image.anywhere());
    assertEquals(Optional.of(4096), image.pageSize());
  }

  @Test
  void tellsPageSizesAndPlacementFromTheFlags() {
    assertEquals(Optional.of(65536), Arm64Image.parse(new KernelFile(64, 0, 64, 6).bytes()).pageSize());
    assertEquals(Optional.of(16384), Arm64Image.parse(new KernelFile(64, 0, 64, 4).bytes()).pageSize());
    assertEquals(Optional.empty(), Arm64Image.parse(new KernelFile(64, 0, 64, 8).bytes()).pageSize());
    assertFalse(Arm64Image.parse(new KernelFile(64, 0, 64, 2).bytes()).anywhere());
  }

  @Test
  void givesAnOldKernelWithoutSizeItsFormerOffsetAndRoom() {
    Arm64Image image = Arm64Image.parse(new KernelFile(1 << 20, 0, 0, 0).bytes());
    assertEquals(0x80000, image.textOffset());
    assertEquals((1 << 20) + (16 << 20), image.imageSize());
  }

  @Test
  void neverReservesLessThanTheFile() {
    assertEquals(8192, Arm64Image.parse(KernelFile.of(8192, 100).bytes()).imageSize());
  }

  @Test
  void refusesWhatIsNoImageByName() {
    assertMessage("ELF", ByteBuffer.allocate(4096).put(new byte[] {0x7f, 'E', 'L', 'F'}).array());
    assertMessage("EFI program", ByteBuffer.allocate(4096).put("MZ".getBytes(StandardCharsets.UTF_8)).array());
    assertMessage("bzImage", ByteBuffer.allocate(4096).put(0x202, "HdrS".getBytes(StandardCharsets.UTF_8)).array());
    assertMessage("uImage", ByteBuffer.allocate(4096).putInt(0, 0x27051956).array());
    assertMessage("magic", new byte[4096]);
    assertMessage("only 63 bytes", new byte[63]);
    assertMessage("only 0 bytes", new byte[0]);
  }

  @Test
  void refusesBigEndianAndNonsenseInTheHeader() {
    assertMessage("big-endian", new KernelFile(64, 0, 64, 1).bytes());
    assertMessage("text_offset", new KernelFile(64, 0x123, 64, 8).bytes());
    assertMessage("text_offset", new KernelFile(64, -4096, 64, 8).bytes());
    assertMessage("image_size", new KernelFile(64, 0, -1, 8).bytes());
  }

  @Test
  void noticesAnImageThatEndsBeforeItsLastSection() {
    byte[] whole = KernelFile.of(8192, 16384).bytes();
    ByteBuffer file = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(60, 64).putInt(64, 0x4550);
    file.putShort(64 + 6, (short) 1).putShort(64 + 20, (short) 0);
    file.putInt(88 + 16, 4096).putInt(88 + 20, 4096);
    assertEquals(8192, Arm64Image.parse(whole).bytes().length);
    assertMessage("cut off", Arrays.copyOf(whole, 8191));
  }

  private static void assertMessage(String part, byte[] file) {
    String message = assertThrows(BootException.class, () -> Arm64Image.parse(file)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
