// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.pci.FakeFunction;

/** What only this bridge does. */
class @CLASS@Test {
  private static final String BUS = "/pcie@10000000";
  private static final int DEVICE_ID = 0x8002;

  /** A bridge with a function in device 1. */
  private static FakeContext bridge(String narrowReads) {
    FakeContext bridge = new FakeContext(FakeNode.at(BUS).compatible("@VENDOR@,@NAME@").window(0x40_1000_0000L, 1 << 20)
        .option("narrow-reads", narrowReads).build());
    bridge.create(new @CLASS@Component());
    new FakeFunction(bridge.at(FakeFunction.node(BUS, 1 << 3)), 1);
    return bridge;
  }

  @Test void readsTakeTheirLanes() {
    assertEquals(FakeFunction.IDS >>> 16, bridge("false").read(0, DEVICE_ID, 2));
  }

  @Test void narrowReadsReturnTheLowestBytes() {
    assertEquals(FakeFunction.IDS & 0xFFFF, bridge("true").read(0, DEVICE_ID, 2));
    assertEquals(FakeFunction.IDS, bridge("true").read(0, 0x8000, 4), "words are right");
  }
}
