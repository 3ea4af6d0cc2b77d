// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bench's integration test runs the guest; here is that it is an Image, and one of each kind. */
class ProbeGuestTest {
  private static final int MAGIC = 56;
  private static final int IMAGE_SIZE = 16;

  @Test
  void eachKindIsAnArm64Image() {
    for (int gic = 2; gic <= 3; gic++) {
      for (boolean dom0 : new boolean[] {false, true}) {
        byte[] image = ProbeGuest.image(dom0, gic);
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x644d5241, header.getInt(MAGIC));
        assertEquals(image.length, header.getLong(IMAGE_SIZE));
        String text = new String(image, StandardCharsets.ISO_8859_1);
        assertEquals(dom0, text.contains("PROBE hypercall"));
        assertEquals(!dom0, text.contains("PROBE register"));
        assertTrue(text.contains("XENOLITH-MARKER"));
      }
    }
  }
}
