// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;

class FrameQueueTest {
  private static final long SEED = 20261120;

  @Test
  void framesComeOutAsTheyWentInThroughGrowthWrapAndHandOver() {
    Random random = new Random(SEED);
    System.out.println("seed " + SEED);
    FrameQueue queue = new FrameQueue(100_000);
    ArrayDeque<byte[]> model = new ArrayDeque<>();
    int bytes = 0;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      int what = random.nextInt(100);
      if (what < 55) {
        byte[] frame = new byte[random.nextInt(10) == 0 ? random.nextInt(30_000) : random.nextInt(1500)];
        random.nextBytes(frame);
        boolean fits = bytes + frame.length + 16 <= 100_000;
        assertEquals(fits, queue.add(frame.length * 3, frame, 0, frame.length, 5, 1448), "step " + i);
        if (fits) {
          model.add(frame);
          bytes += frame.length + 16;
        } else {
          refused++;
        }
      } else if (what < 98) {
        assertEquals(!model.isEmpty(), queue.peek(), "step " + i);
        if (!model.isEmpty()) {
          byte[] frame = model.poll();
          bytes -= frame.length + 16;
          assertEquals(frame.length, queue.length());
          assertEquals(frame.length * 3, queue.tag());
          assertEquals(5, queue.offload());
          assertEquals(1448, queue.payload());
          assertArrayEquals(frame, Arrays.copyOf(queue.bytes(), queue.length()));
          queue.drop();
        }
      } else {
        FrameQueue next = new FrameQueue(100_000);
        next.restore(queue.save());
        queue = next;
      }
      assertEquals(model.size(), queue.count());
    }
    assertTrue(refused > 100, "the bound was met " + refused + " times");
  }

  @Test
  void recordThatIsNoQueueIsRefused() {
    FrameQueue queue = new FrameQueue(1000);
    assertTrue(queue.add(1, new byte[100], 0, 100, 0, 0));
    byte[] saved = queue.save();
    assertThrows(StateMismatch.class, () -> new FrameQueue(50).restore(saved));
    assertThrows(StateMismatch.class, () -> queue.restore(Arrays.copyOf(saved, saved.length - 1)));
    saved[0] = (byte) 0x80;
    assertThrows(StateMismatch.class, () -> queue.restore(saved));
    assertFalse(queue.peek());
  }
}
