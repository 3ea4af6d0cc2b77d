// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeMachine;

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
  void aRecordOfMoreFramesThanTheHostHasRoomForIsRefusedBeforeRoomIsMade() {
    byte[] record = ByteBuffer.allocate(5).put((byte) 0).putInt(Integer.MAX_VALUE).array();
    assertThrows(IOException.class, () -> table.restore(new DataInputStream(new ByteArrayInputStream(record))));
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

  @Test
  void aTableThatIsFullOrItsDomainsNoMoreDoesntGrow() {
    assertFalse(table.grow(GrantTable.MOST_FRAMES + 1));
    assertTrue(table.grow(GrantTable.MOST_FRAMES));
    assertEquals(GrantTable.MOST_FRAMES, table.frames());
    table.orphan();
    assertFalse(table.grow(1));
    assertEquals(-1, table.frame(0));
  }

  @Test
  void whatNobodyUsesIsEndedByNobody() {
    table.grow(1);
    for (int ref : new int[] {-1, 0, 3, GrantTable.ENTRIES_IN_FRAME - 1, GrantTable.ENTRIES_IN_FRAME}) {
      table.end(ref, false);
      table.end(ref, true);
    }
    assertEquals(0, table.uses());
    assertFalse(table.used(3));
  }

  @Test
  void theFirstFrameOfAllIsOneAsOthers() {
    FrameTable single = new FrameTable(List.of(new AddressWindow(0, 4096)));
    GrantTable low = new GrantTable(single, bench.memory, bench.p2m);
    assertTrue(low.grow(1));
    assertEquals(0, low.frame(0));
    assertFalse(low.grow(2), "there are no more");
    assertEquals(1, low.frames());
  }

  @Test
  void theFirstFrameOfAllCanBeGranted() {
    FakeDomain granter = bench.hypervisor.domU(2, 1);
    FakeDomain user = bench.hypervisor.dom0(1);
    FrameTable frames = new FrameTable(List.of(new AddressWindow(0, 4096), new AddressWindow(FakeMachine.RAM + FakeMachine.SIZE / 2,
        4096)));
    assertTrue(frames.allocateAt(granter.serial(), 0, 1));
    P2mPort p2m = new P2mPort();
    p2m.attach((P2m) Proxy.newProxyInstance(P2m.class.getClassLoader(), new Class<?>[] {P2m.class}, (proxy, method,
        arguments) -> switch (method.getName()) {
          case "type" -> PageType.RAM;
          case "translate" -> 0L;
          default -> throw new UnsupportedOperationException(method.getName());
        }), bench.hypervisor.context("grant"));
    GrantTable low = new GrantTable(frames, bench.memory, p2m);
    low.grow(1);
    low.grant(1, user.id(), 0);
    assertEquals(GNTST_okay, low.use(granter, user, 1, false, false));
    assertEquals(0, low.mfn(1));
    assertEquals(1, frames.held(0));
  }
}
