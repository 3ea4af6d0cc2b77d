// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/** PE files, good and bad. */
class PeImageTest {
  private final byte[] good = PeFiles.application(0x1_0000, 0x20, (byte) 5);

  private static EfiStatus status(byte[] file) {
    return assertThrows(EfiError.class, () -> PeImage.of(file).loaded(0x4000_0000)).status();
  }

  private byte[] with(int offset, int value) {
    byte[] bad = good.clone();
    ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    return bad;
  }

  @Test
  void sectionsAndRelocationsAreWhereTheyBelong() {
    PeImage image = PeImage.of(good);
    assertEquals(PeFiles.SIZE, image.size());
    assertEquals(0x1000, image.entry());
    assertTrue(image.isApplication());
    byte[] bytes = image.loaded(0x4000_0000);
    assertEquals(0x4000_1020L, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0x2000));
    assertEquals(5, bytes[0x2FFF]);
  }

  @Test
  void whatMakesNoSenseIsRefusedWithItsStatus() {
    assertEquals(EfiStatus.LOAD_ERROR, status(new byte[0]));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(60, 0x7FFF_FFFF)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(60, -8)));
    assertEquals(EfiStatus.UNSUPPORTED, status(with(PeFiles.HEADER + 4, 0x0002_8664)));
    assertEquals(EfiStatus.UNSUPPORTED, status(with(PeFiles.OPTIONAL + 68, 3)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(PeFiles.OPTIONAL + 56, -1)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(PeFiles.OPTIONAL + 32, 3)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(PeFiles.SECTIONS + 12, 0x2FFF)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(PeFiles.SECTIONS + 20, -1)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(0x2804, 4)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(0x2808, 0x3000)));
    assertEquals(EfiStatus.LOAD_ERROR, status(with(PeFiles.OPTIONAL + 112 + 44, 0x1000)));
  }

  @Test
  void noFileThrowsAnythingElse() {
    Random random = new Random(18);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
      for (int k = random.nextInt(4); k >= 0 && bad.length > 0; k--) {
        bad[random.nextInt(random.nextInt(3) == 0 ? bad.length : Math.min(bad.length, 0x200))] = (byte) random.nextInt();
      }
      try {
        assertEquals(PeImage.of(bad).size(), PeImage.of(bad).loaded(0x4000_0000).length);
      } catch (EfiError e) {
        assertTrue(e.getMessage().startsWith("no EFI image"), e::getMessage);
      }
    }
  }
}
