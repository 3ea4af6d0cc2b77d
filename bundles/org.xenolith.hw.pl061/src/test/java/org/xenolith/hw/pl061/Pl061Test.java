// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.GpioPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Pl061Test {
  private static final int ALL = 0x3FC;
  private static final int DIR = 0x400;
  private static final int IS = 0x404;
  private static final int IBE = 0x408;
  private static final int IEV = 0x40C;
  private static final int IE = 0x410;
  private static final int RIS = 0x414;
  private static final int MIS = 0x418;
  private static final int IC = 0x41C;

  private final FakeContext context = new FakeContext(FakeNode.at("/pl061@9030000").compatible("arm,pl061", "arm,primecell")
      .window(0x903_0000, 0x1000).interrupt("/intc", 0, 7, 4).build());
  private DeviceModel model;
  private GpioPort port;
  private long driven;

  @BeforeEach
  void start() {
    model = context.create(new Pl061Component());
    port = context.port(GpioPort.class);
    port.connect((pins, which) -> driven = pins);
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  /** All accesses of a Debian 12 kernel boot (6.1.192) on QEMU 7.2 virt. */
  @Test
  void bootReadsWhatQemuRead() {
    int[] id = {0x61, 0x10, 0x04, 0x00, 0x0D, 0xF0, 0x05, 0xB1};
    for (int i = 0; i < 8; i++) {
      assertEquals(id[i], context.read(0xFE0 + 4 * i));
    }
    context.write(0, IE, 1, 0);
    assertEquals(0, context.read(0, DIR, 1));
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test
  void addressBitsMaskTheData() {
    context.write(DIR, 0xFF);
    context.write(ALL, 0xA5);
    assertEquals(0xA5, driven);
    assertEquals(0xA5, context.read(ALL));
    assertEquals(0x05, context.read(0x0F << 2));
    context.write(0xF0 << 2, 0x5F);
    assertEquals(0x55, driven);
    assertEquals(0, context.read(0));
  }

  @Test
  void inputsAreReadWhereThePinIsNoOutput() {
    port.set(3, true);
    port.set(0, true);
    assertEquals(0x09, context.read(ALL));
    context.write(DIR, 0x08);
    assertEquals(0x01, context.read(ALL));
  }

  @Test
  void powerButtonIsAnEdge() {
    context.write(IEV, 8);
    context.write(IE, 8);
    assertFalse(line());
    port.set(3, true);
    assertTrue(line());
    assertEquals(8, context.read(MIS));
    context.write(IC, 8);
    assertFalse(line());
    port.set(3, false);
    assertFalse(line(), "rising edges only");
    context.write(IBE, 8);
    port.set(3, true);
    context.write(IC, 8);
    port.set(3, false);
    assertTrue(line(), "both edges");
  }

  @Test
  void levelInterruptFollowsThePin() {
    context.write(IS, 1);
    context.write(IE, 1);
    assertTrue(line(), "low level");
    context.write(IEV, 1);
    assertFalse(line());
    port.set(0, true);
    assertTrue(line());
    context.write(IC, 1);
    assertTrue(line(), "a level can't be cleared");
    port.set(0, false);
    assertEquals(0, context.read(RIS));
    assertFalse(line());
  }

  @Test
  void handOverKeepsAWaitingEdge() {
    context.write(IEV, 8);
    context.write(IE, 8);
    context.write(DIR, 1);
    context.write(ALL, 1);
    port.set(3, true);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Pl061Component());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    assertTrue(next.interrupt(0).level());
    assertEquals(1, driven);
    next.write(IC, 8);
    assertFalse(next.interrupt(0).level());
  }

  @Test
  void removedModelIsNotTold() {
    context.write(IEV, 8);
    context.write(IE, 8);
    model.removed();
    port.set(3, true);
    assertFalse(line());
  }

  /** As on Juno; Linux looks for the identification 32 bytes before the end of the window. */
  @Test
  void largeWindowRepeatsTheRegisters() {
    FakeContext wide = new FakeContext(FakeNode.at("/pl061@9030000").compatible("arm,pl061", "arm,primecell")
        .window(0x903_0000, 0x1_0000).interrupt("/intc", 0, 7, 4).build());
    wide.create(new Pl061Component());
    int[] id = {0x61, 0x10, 0x04, 0x00, 0x0D, 0xF0, 0x05, 0xB1};
    for (int i = 0; i < 8; i++) {
      assertEquals(id[i], wide.read(0xFFE0 + 4 * i));
    }
    wide.write(0x3000 + DIR, 0xA5);
    assertEquals(0xA5, wide.read(DIR));
    assertEquals(List.of(), wide.reportedFaults());
  }
}
