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
import org.xenolith.testkit.efi.FakeRam;

/** PE files, good and bad. */
class PeImageTest {
  private final byte[] good = PeFiles.application(0x1_0000, 0x20, (byte) 5);

  private static final long FILE = FakeRam.BASE;
  private static final long IMAGE = FakeRam.BASE + (1 << 20);

  private final FakeRam memory = new FakeRam();

  private PeImage placed(byte[] file) {
    memory.write(FILE, file);
    PeImage image = PeImage.of(memory, FILE, file.length, PeMachine.AARCH64);
    if (image.size() < FakeRam.SIZE / 2) {
      memory.write(IMAGE, new byte[] {1, 2, 3}); // what somebody left
      new PePlacing(memory, image, FILE, IMAGE).place();
    }
    return image;
  }

  private EfiStatus status(byte[] file) {
    return assertThrows(EfiError.class, () -> placed(file)).status();
  }

  private byte[] with(int offset, int value) {
    byte[] bad = good.clone();
    ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    return bad;
  }

  @Test
  void sectionsAndRelocationsAreWhereTheyBelong() {
    memory.write(IMAGE + 0x500, new byte[] {9});
    PeImage image = placed(good);
    assertEquals(PeFiles.SIZE, image.size());
    assertEquals(0x1000, image.entry());
    assertTrue(image.isApplication());
    assertEquals(IMAGE + 0x1020, memory.get64(IMAGE + 0x2000));
    assertEquals(5, memory.get8(IMAGE + 0x2FFF));
    assertEquals(0, memory.get8(IMAGE + 0x500), "nothing of what was there before");
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

  /** Sections that lie in another order than their headers, or on one another: the last one is what is there. */
  @Test
  void sectionsMayLieInAnyOrder() {
    byte[] turned = with(PeFiles.SECTIONS + 12, 0x2000);
    ByteBuffer.wrap(turned).order(ByteOrder.LITTLE_ENDIAN).putInt(PeFiles.SECTIONS + 40 + 12, 0x1000).putInt(PeFiles.OPTIONAL + 112 + 44,
        0);
    memory.write(IMAGE + 0x500, new byte[] {9});
    placed(turned);
    assertEquals(5, memory.get8(IMAGE + 0x1FFF));
    assertEquals(0, memory.get8(IMAGE + 0x500));
  }

  @Test
  void headersMayBeLongerThanWhatIsLookedAtFirst() {
    byte[] far = new byte[0x9000];
    System.arraycopy(good, 0, far, 0x5000, good.length);
    ByteBuffer out = ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) ('M' | 'Z' << 8)).putInt(60, 0x5000
        + PeFiles.HEADER);
    out.putInt(0x5000 + PeFiles.OPTIONAL + 56, 0xA000).putInt(0x5000 + PeFiles.OPTIONAL + 60, 0x6000).putInt(0x5000 + PeFiles.OPTIONAL + 112
        + 44,
        0);
    for (int i = 0; i < 2; i++) {
      out.putInt(0x5000 + PeFiles.SECTIONS + 40 * i + 12, 0x6000 + 0x1000 * i).putInt(0x5000 + PeFiles.SECTIONS + 40 * i + 20, 0x6000
          + 0x1000
              * i);
    }
    assertEquals(0xA000, placed(far).size());
    assertEquals(5, memory.get8(IMAGE + 0x7FFF));
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
        assertTrue(placed(bad).size() > 0);
      } catch (EfiError e) {
        assertTrue(e.getMessage().startsWith("no EFI image"), e::getMessage);
      }
    }
  }
}
