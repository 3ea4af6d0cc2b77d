// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.tiny;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.ProgressListener;

class TinyImageTest {
  private static final int VECTOR_SIZE = 128;
  private static final int VECTORS = 16;
  /** Interrupt from the current level with its own stack pointer (Arm ARM, table of vector offsets). */
  private static final int INTERRUPT_VECTOR = 0x280 / VECTOR_SIZE;

  private final byte[] image = TinyImage.assemble();
  private final ByteBuffer words = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void hasTheHeaderOfALinuxImage() {
    assertEquals(0x644d5241, words.getInt(56));
    assertEquals(0, words.getLong(8));
    assertEquals(image.length, words.getLong(16));
    assertEquals(0xa, words.getLong(24));
    assertEquals(0x14000010, words.getInt(0), "the first word is not a branch over the header");
  }

  @Test
  void isTheSameEachTime() {
    assertArrayEquals(image, TinyImage.assemble());
    GuestImage guest = new TinyGuest().obtain(ProgressListener.SILENT, GuestRequest.PLAIN);
    assertArrayEquals(image, guest.kernel());
    assertTrue(guest.initrd().isEmpty());
  }

  @Test
  void hasABranchInEachVectorAndOneInterruptHandler() {
    int vectors = vectorTable();
    List<Integer> targets = new ArrayList<>();
    for (int i = 0; i < VECTORS; i++) {
      int at = vectors + i * VECTOR_SIZE;
      int word = words.getInt(at);
      assertEquals(0b000101, word >>> 26, "vector " + i + " is not a branch");
      targets.add(at + (word << 6 >> 4));
    }
    for (int i = 0; i < VECTORS; i++) {
      assertEquals(i == INTERRUPT_VECTOR, !targets.get(i).equals(targets.getFirst()), "vector " + i);
    }
  }

  @Test
  void saysTheWordsThatOthersWaitFor() {
    String text = new String(image, StandardCharsets.US_ASCII);
    assertTrue(text.contains("XENOLITH-MARKER up=\0"));
    assertTrue(text.contains("XENOLITH-DONE up=\0"));
    assertTrue(text.contains("XENOLITH-ERROR "));
    assertFalse(text.indexOf("XENOLITH-DONE") < text.indexOf("XENOLITH-MARKER"));
  }

  private int vectorTable() {
    for (int at = 0; at + VECTORS * VECTOR_SIZE <= image.length; at += 2048) {
      boolean branches = at > 0;
      for (int i = 0; i < VECTORS && branches; i++) {
        branches = words.getInt(at + i * VECTOR_SIZE) >>> 26 == 0b000101 && words.getInt(at + i * VECTOR_SIZE + 4) == 0;
      }
      if (branches) {
        return at;
      }
    }
    throw new AssertionError("no vector table on a 2 KiB boundary");
  }
}
