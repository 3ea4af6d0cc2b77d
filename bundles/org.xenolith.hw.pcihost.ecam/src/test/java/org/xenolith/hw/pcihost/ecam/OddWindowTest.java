// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.pci.FakeFunction;

/** Windows of configuration space that aren't a whole number of buses, or more than there are, or with more room for a function. */
class OddWindowTest {
  private static final String BUS = "/pcie@10000000";
  private static final long ONES = 0xFFFF_FFFFL;

  private static FakeContext context(String compatible, long size) {
    return new FakeContext(FakeNode.at(BUS).compatible(compatible).window(0x40_1000_0000L, size).build());
  }

  private static FakeContext bridge(String compatible, long size) {
    FakeContext bridge = context(compatible, size);
    bridge.create(new GenericHostComponent());
    new FakeFunction(bridge.at(FakeFunction.node(BUS, 1 << 3)), 1);
    return bridge;
  }

  @Test
  void aPartOfABusIsReadAndWritten() {
    FakeContext bridge = bridge("pci-host-ecam-generic", 0x1_0000);
    assertEquals(FakeFunction.IDS, bridge.read(0, 0x8000, 4));
    bridge.write(0, 0x803C, 1, 0x42);
    assertEquals(0x42, bridge.read(0, 0x803C, 1));
  }

  @Test
  void busesBehindTheLastAreNobodys() {
    FakeContext bridge = bridge("pci-host-cam-generic", 0x1_0000L << 10);
    assertEquals(FakeFunction.IDS, bridge.read(0, 0x800, 4));
    for (int bus = 1; bus < 1 << 10; bus++) {
      assertEquals(ONES, bridge.read(0, ((long) bus << 16) + 0x800, 4), "bus " + bus);
    }
  }

  /** Cavium's PEM has 16 bits for a function. */
  @Test
  void moreRoomThanAFunctionNeedsIsEmpty() {
    FakeContext context = context("example,pem", 4 << 24);
    PciHost host = new PciHost(context);
    new FakeFunction(context.at(FakeFunction.node(BUS, 1 << 3)), 1);
    MmioHandler pem = host.ecam(24);
    assertEquals(FakeFunction.IDS, pem.read(0x8_0000, 4));
    for (long at : new long[] {0x8_1000, 0x8_FFFC, 0x9_0000, 0x108_0000}) {
      assertEquals(ONES, pem.read(at, 4), Long.toHexString(at));
      pem.write(at, 4, 0);
    }
    for (int shift = 10; shift <= 55; shift++) {
      MmioHandler any = host.ecam(shift);
      for (long at = 1; at > 0; at <<= 1) {
        any.read(at & ~3, 4);
        any.write(at - 4 & Long.MAX_VALUE & ~3, 4, -1);
      }
    }
    String said = assertThrows(ModelException.class, () -> host.ecam(9)).getMessage();
    assertTrue(said.contains("expected 10 to 55"), said);
  }
}
