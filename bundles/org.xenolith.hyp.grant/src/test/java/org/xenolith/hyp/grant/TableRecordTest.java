// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;

/** Records of a grant table, which somebody may have made up. */
class TableRecordTest {
  private final Bench bench = new Bench();
  private final GrantTable table = new GrantTable(bench.heap, bench.memory, bench.p2m);

  /** Restores a table with frames, entries, and one entry in use. @param ref -1 for none */
  private void restore(int frames, int entries, int ref) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeBoolean(false);
    out.writeInt(frames);
    for (int i = 0; i < frames; i++) {
      out.writeLong(i + 1);
    }
    out.writeInt(entries);
    if (ref >= 0) {
      out.writeInt(ref);
      out.writeInt(9);
      out.writeShort(1);
      out.writeShort(2);
      out.writeShort(0);
      out.writeShort(0);
      out.writeLong(5);
    }
    out.writeInt(-1);
    table.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void tablesUpToTheLargestComeBack() throws IOException {
    int each = GrantTable.ENTRIES_IN_FRAME;
    restore(2, 2 * each, 0);
    assertEquals(3, table.uses());
    assertTrue(table.used(0));
    restore(2, 2 * each, 2 * each - 1);
    assertEquals(3, table.uses());
    assertTrue(table.used(2 * each - 1) && !table.used(0));
    restore(GrantTable.MOST_FRAMES, GrantTable.MOST_FRAMES * each, -1);
    assertEquals(0, table.uses());
    assertEquals(GrantTable.MOST_FRAMES, table.frames());
    // What an orphan has left: entries without frames.
    restore(0, each, 7);
    assertEquals(each, table.entries());
    assertEquals(-1, table.frame(0));
  }

  @Test
  void recordsThatMakeNoSenseAreRefused() {
    int each = GrantTable.ENTRIES_IN_FRAME;
    for (int[] wrong : new int[][] {{-1, 0, -1}, {GrantTable.MOST_FRAMES + 1, (GrantTable.MOST_FRAMES + 1) * each, -1}, {2, 2 * each - 1,
        -1}, {2, each,
            -1}, {1, GrantTable.MOST_FRAMES * each + 1, -1}, {1, each, each}, {1, each, each + 7}}) {
      assertThrows(IOException.class, () -> restore(wrong[0], wrong[1], wrong[2]));
    }
  }

  @Test
  void aTableGrowsByFramesOfZeros() {
    long used = bench.heap.allocate(FrameHeap.HYPERVISOR, 1, 1);
    bench.memory.write64(used << 12, -1);
    bench.heap.free(FrameHeap.HYPERVISOR, used);
    assertTrue(table.grow(1));
    assertEquals(used, table.frame(0), "the same frame, or nothing is shown");
    assertEquals(0, bench.memory.read64(table.frame(0) << 12));
    assertEquals(-1, table.frame(1));
    assertEquals(-1, table.frame(-1));
  }
}
