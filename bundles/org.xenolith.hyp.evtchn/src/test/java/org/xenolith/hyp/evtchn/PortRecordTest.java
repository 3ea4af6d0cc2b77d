// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Records of a domain's ports come from snapshots, which are input: what can't be is refused, and nothing of it is used. */
class PortRecordTest {
  private static final int MOST = 1 << 17;
  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);
  private final DomainPorts ports;

  PortRecordTest() {
    hyp.install("evtchn", new EventChannelComponent());
    ports = new DomainPorts(dom0.serial(), Environment.of(hyp.context("evtchn")));
  }

  /** One port of a record. */
  private record Port(int kind, int vcpu, int priority, int lastQueue, int subject) {}

  private static final Port RESERVED = new Port(6, 0, 7, 0, 0);

  private void restore(int count, Port... described) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      Port port = i < described.length ? described[i] : new Port(0, 0, 7, 0, 0);
      out.writeByte(port.kind);
      out.writeShort(port.vcpu);
      out.writeByte(port.priority);
      out.writeShort(port.lastQueue);
      out.writeBoolean(false);
      out.writeInt(port.subject);
      out.writeInt(0);
    }
    out.writeBoolean(false);
    StateRecord record = new StateRecord();
    record.put("channels", bytes.toByteArray());
    ports.state().restore(record);
  }

  @Test
  void portsUpToTheHighestComeBack() throws IOException {
    restore(1, RESERVED);
    assertEquals(1, ports.valid());
    assertEquals(0, ports.open());
    restore(4, RESERVED, new Port(1, 2, 15, 31, 5), new Port(0, 0, 7, 0, 0), new Port(4, 0, 0, 0, 23));
    assertEquals(4, ports.valid());
    assertEquals(2, ports.open());
    assertEquals(2, ports.notifiedId(1));
    assertEquals(15, ports.priority(1));
    assertEquals(31, ports.lastQueue(1));
    assertEquals(5, ports.subject(1));
    assertTrue(ports.valid(3));
    assertFalse(ports.valid(4));
    restore(MOST, RESERVED);
    assertEquals(MOST, ports.valid());
    ports.attach(dom0, 100);
    restore(4, RESERVED, new Port(4, 0, 7, 0, 2));
    assertEquals(1, ports.virq(2, 0), "it is bound at the domain that is there");
  }

  @Test
  void numbersOfPortsThatCannotBeAreRefused() {
    for (int count : new int[] {0, -1, Integer.MIN_VALUE, MOST + 1}) {
      String said = assertThrows(StateMismatch.class, () -> restore(count)).getMessage();
      assertTrue(said.contains(count + " ports"), said);
    }
  }

  @Test
  void portsThatAreBoundToNothingAreRefused() {
    for (Port wrong : new Port[] {new Port(1, -1, 7, 0, 0), new Port(4, 0, 7, 0, -1), new Port(4, 0, 7, 0, 24)}) {
      String said = assertThrows(StateMismatch.class, () -> restore(2, RESERVED, wrong), wrong.toString()).getMessage();
      assertTrue(said.contains("port 1 is bound to nothing"), said);
    }
  }

  @Test
  void queuesThatThereAreNotAreRefused() {
    for (Port wrong : new Port[] {new Port(1, 0, 16, 0, 0), new Port(1, 0, -1, 0, 0), new Port(1, 0, 7, -1, 0)}) {
      String said = assertThrows(StateMismatch.class, () -> restore(2, RESERVED, wrong), wrong.toString()).getMessage();
      assertTrue(said.contains("port 1 is in a queue that there is not"), said);
    }
  }

  @Test
  void aRecordThatEndsTooEarlyIsRefused() {
    StateRecord record = new StateRecord();
    record.put("channels", new byte[] {0, 0, 0, 1, 6});
    assertTrue(assertThrows(StateMismatch.class, () -> ports.state().restore(record)).getMessage().startsWith("channels: "));
  }
}
