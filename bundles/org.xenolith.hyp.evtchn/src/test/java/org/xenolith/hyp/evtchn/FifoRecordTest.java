// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Records of FIFO queues come from snapshots, which are input: numbers that can't be are refused by name. */
class FifoRecordTest {
  private static final int QUEUES = 16;
  private static final int MOST_VCPUS = 4096;
  private static final int MOST_PAGES = 128;
  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FifoQueues queues;

  FifoRecordTest() {
    hyp.install("evtchn", new EventChannelComponent());
    Environment around = Environment.of(hyp.context("evtchn"));
    queues = new FifoQueues(new DomainPorts(1, around), around, 0);
  }

  /** A record of that many vCPUs and pages; what they hold is only there if it can be. */
  private static byte[] record(int vcpus, int pages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(vcpus);
    if (vcpus >= 0 && vcpus <= MOST_VCPUS) {
      for (int i = 0; i < vcpus; i++) {
        out.writeLong((long) i << 12);
      }
      for (int i = 0; i < vcpus * QUEUES; i++) {
        out.writeInt(i & 1023);
      }
    }
    out.writeInt(pages);
    for (int i = 0; i < pages && pages <= MOST_PAGES; i++) {
      out.writeLong((long) i << 12);
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] record) throws IOException {
    queues.restore(new DataInputStream(new ByteArrayInputStream(record)));
  }

  @Test
  void whatCanBeIsTakenAndSavedAgain() throws IOException {
    for (int[] sizes : new int[][] {{0, 0}, {1, 1}, {2, MOST_PAGES}, {MOST_VCPUS, 0}}) {
      byte[] record = record(sizes[0], sizes[1]);
      restore(record);
      ByteArrayOutputStream again = new ByteArrayOutputStream();
      queues.save(new DataOutputStream(again));
      assertArrayEquals(record, again.toByteArray(), sizes[0] + " vCPUs, " + sizes[1] + " pages");
    }
  }

  @Test
  void numbersOfVcpusThatCannotBeAreRefused() throws IOException {
    for (int vcpus : new int[] {-1, Integer.MIN_VALUE, MOST_VCPUS + 1, Integer.MAX_VALUE}) {
      byte[] record = record(vcpus, 0);
      String said = assertThrows(StateMismatch.class, () -> restore(record), vcpus + " vCPUs").getMessage();
      assertTrue(said.contains("queues of " + vcpus + " vCPUs"), said);
    }
  }

  @Test
  void numbersOfPagesThatCannotBeAreRefused() throws IOException {
    for (int pages : new int[] {-1, Integer.MIN_VALUE, MOST_PAGES + 1, Integer.MAX_VALUE}) {
      byte[] record = record(1, pages);
      String said = assertThrows(StateMismatch.class, () -> restore(record), pages + " pages").getMessage();
      assertTrue(said.contains(pages + " pages"), said);
    }
  }

  @Test
  void portsAtTheEndsOfQueuesThatCannotBeAreRefused() throws IOException {
    for (int port : new int[] {-1, Integer.MIN_VALUE, 1 << 17, Integer.MAX_VALUE}) {
      byte[] record = record(1, 0);
      ByteBuffer.wrap(record).putInt(4 + 8 + 4 * 15, port);
      String said = assertThrows(StateMismatch.class, () -> restore(record), "port " + port).getMessage();
      assertTrue(said.contains("a queue that ends with port " + port), said);
    }
    byte[] most = record(1, 0);
    ByteBuffer.wrap(most).putInt(4 + 8, (1 << 17) - 1);
    restore(most);
  }
}
