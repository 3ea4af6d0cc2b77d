// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Handles, and records of them, which somebody may have made up. */
class MaptrackTest {
  private static final int END = -1;

  private static byte[] saved(Maptrack track) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    track.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Maptrack restored(byte[] record) throws IOException {
    Maptrack track = new Maptrack();
    track.restore(new DataInputStream(new ByteArrayInputStream(record)));
    return track;
  }

  @Test
  void asManyHandlesAsXenHasAreGivenOutAndNoMore() {
    Maptrack track = new Maptrack();
    for (int i = 0; i < Maptrack.MOST; i++) {
      assertTrue(track.room());
      assertEquals(i, track.take(1, i, i, false));
    }
    assertFalse(track.room());
    assertEquals(-1, track.take(1, 0, 0, false));
    assertEquals(Maptrack.MOST, track.length());
    track.release(77);
    assertTrue(track.room());
    assertEquals(77, track.take(2, 3, 4, true));
    assertEquals(-1, track.take(1, 0, 0, false));
    assertEquals(Maptrack.MOST, track.used());
  }

  @Test
  void whatWasSavedGoesOn() throws IOException {
    Maptrack track = new Maptrack();
    for (int i = 0; i < 70; i++) {
      track.take(5, 10 + i, 100 + i, i % 2 == 0);
    }
    track.release(3);
    track.release(69);
    Maptrack other = restored(saved(track));
    assertArrayEquals(saved(track), saved(other));
    assertEquals(68, other.used());
    assertFalse(other.valid(3));
    assertTrue(other.valid(4) && other.readOnly(4) && !other.readOnly(5));
    assertEquals(14, other.ref(4));
    assertEquals(69, other.take(1, 1, 1, false));
    assertEquals(3, other.take(1, 1, 1, false));
    assertEquals(70, other.take(1, 1, 1, false));
  }

  /** A record of free handles: how many, which is the first, and of each the next. */
  private static byte[] free(int length, int first, int... next) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 5 * next.length).putInt(length).putInt(first);
    for (int each : next) {
      bytes.put((byte) 0).putInt(each);
    }
    return bytes.array();
  }

  @Test
  void recordsThatLeadBeyondTheHandlesAreRefused() throws IOException {
    assertEquals(1, restored(free(2, 1, END, 0)).take(1, 1, 1, false));
    assertEquals(0, restored(free(2, END, END, END)).used());
    for (byte[] wrong : new byte[][] {free(-1, END), free(Maptrack.MOST + 1, END), free(Integer.MAX_VALUE, END), free(2, 2, END, 0), free(2,
        -2, END, 0), free(2, 0, 2,
            END), free(2,
                0, -2, END)}) {
      assertThrows(IOException.class, () -> restored(wrong));
    }
    byte[] most = new byte[8 + 5 * Maptrack.MOST];
    ByteBuffer.wrap(most).putInt(Maptrack.MOST);
    assertEquals(Maptrack.MOST, restored(most).length());
  }
}
