// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.msi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The node is that of Mustang's tree (Debian's kernel 6.1.192, apm-mustang.dtb). */
class XgeneMsiTest {
  private static final long SUMMARY = 0x80_0000;
  private static final long REQUESTER = 0x100;

  private FakeContext context;
  private DeviceModel model;

  static FakeNode node() {
    FakeNode node = FakeNode.at("/soc/msi@79000000").compatible("apm,xgene1-msi").flag("msi-controller").window(0x7900_0000, 0x90_0000);
    for (int i = 0; i < XgeneMsi.GROUPS; i++) {
      node.interrupt("/interrupt-controller@78010000", 0, 0x10 + i, 4);
    }
    return node;
  }

  @BeforeEach
  void start() {
    context = new FakeContext(node().build());
    model = context.create(new XgeneMsiComponent());
  }

  private static long index(int group, int register) {
    return (long) group << 19 | (long) register << 16;
  }

  /** How Linux numbers messages: register, then data, then group. */
  @Test
  void everyMessageArrivesWhereLinuxLooksForIt() {
    for (int number = 0; number < 2048; number++) {
      int group = number % 16;
      int register = number / 256;
      int data = number / 16 % 16;
      context.message(0, REQUESTER, (8L * group + register) << 16, data);
      for (int line = 0; line < XgeneMsi.GROUPS; line++) {
        assertEquals(line == group, context.interrupt(line).level(), "interrupt " + line + " of message " + number);
      }
      assertEquals(1 << register, context.read(SUMMARY | (long) group << 16));
      assertEquals(1 << data, context.read(index(group, register)));
      assertFalse(context.interrupt(group).level(), "read is cleared");
    }
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test
  void anInterruptStaysHighWhileItsGroupHasAMessage() {
    context.message(0, REQUESTER, index(5, 0), 3);
    context.message(0, REQUESTER, index(5, 0), 15);
    context.message(0, REQUESTER, index(5, 7), 0);
    assertEquals(0x81, context.read(SUMMARY | 5 << 16));
    assertEquals(0x8008, context.read(index(5, 0)));
    assertEquals(0, context.read(index(5, 0)), "cleared by the read");
    assertTrue(context.interrupt(5).level());
    assertEquals(0x80, context.read(SUMMARY | 5 << 16));
    assertEquals(1, context.read(index(5, 7)));
    assertFalse(context.interrupt(5).level());
    assertEquals(1, context.interrupt(5).risingEdges());
  }

  @Test
  void aWriteOfACpuIsAMessageToo() {
    context.write(index(15, 7), 9);
    assertTrue(context.interrupt(15).level());
    assertEquals(1 << 9, context.read(index(15, 7)));
  }

  @Test
  void whatIsNoRegisterIsReported() {
    context.message(0, REQUESTER, index(0, 0) + 4, 0);
    context.message(0, REQUESTER, SUMMARY, 1);
    context.read(index(0, 0) + 8);
    assertEquals(List.of(Kind.UNKNOWN_WRITE, Kind.UNKNOWN_WRITE, Kind.UNKNOWN_READ),
        context.reportedFaults().stream().map(FakeContext.Fault::kind).toList());
    for (int line = 0; line < XgeneMsi.GROUPS; line++) {
      assertFalse(context.interrupt(line).level());
    }
  }

  @Test
  void handOverKeepsMessages() {
    context.message(0, REQUESTER, index(2, 4), 7);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new XgeneMsiComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertTrue(next.interrupt(2).level());
    assertEquals(1 << 7, next.read(index(2, 4)));
    assertFalse(next.interrupt(2).level());
  }

  @Test
  void fewerInterruptsAreRefused() {
    FakeContext few = new FakeContext(FakeNode.at("/msi").window(0x7900_0000, 0x90_0000).interrupt("/intc", 0, 0x10, 4).build());
    assertThrows(ModelException.class, () -> few.create(new XgeneMsiComponent()));
  }
}
