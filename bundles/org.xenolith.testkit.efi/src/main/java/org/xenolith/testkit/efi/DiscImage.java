// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A disc that a volume is booted from by EFI (El Torito 1.0): a catalogue behind the volume descriptors, and the volume behind that. */
public final class DiscImage {
  /** Bytes of a block. */
  public static final int BLOCK = 2048;
  /** Block of the catalogue. */
  public static final int CATALOG = 19;
  /** The volume's first block. */
  public static final int FIRST = 20;
  private static final int PRIMARY = 16;
  private static final int RECORD = 17;
  private static final int TERMINATOR = 18;

  private DiscImage() {}

  /** The disc. @param volume its size is rounded up to blocks */
  public static byte[] of(byte[] volume) {
    int blocks = FIRST + (volume.length + BLOCK - 1) / BLOCK;
    ByteBuffer out = ByteBuffer.allocate(blocks * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    int[] kinds = {1, 0, 0xFF};
    for (int i = 0; i < kinds.length; i++) {
      out.put((PRIMARY + i) * BLOCK, (byte) kinds[i]).put((PRIMARY + i) * BLOCK + 1, "CD001\1".getBytes(StandardCharsets.US_ASCII));
    }
    out.putInt(PRIMARY * BLOCK + 80, blocks);
    out.put(RECORD * BLOCK + 7, "EL TORITO SPECIFICATION".getBytes(StandardCharsets.US_ASCII)).putInt(RECORD * BLOCK + 0x47, CATALOG);
    int at = CATALOG * BLOCK;
    out.put(at, (byte) 1).put(at + 1, (byte) 0xEF).putShort(at + 30, (short) 0xAA55);
    int sum = 0;
    for (int i = 0; i < 32; i += 2) {
      sum += out.getShort(at + i);
    }
    out.putShort(at + 28, (short) -sum);
    out.put(at + 32, (byte) 0x88).putShort(at + 32 + 6, (short) 1).putInt(at + 32 + 8, FIRST);
    return out.put(FIRST * BLOCK, volume).array();
  }
}
