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
  private static final int PLACE = 1 << 3;

  private final FakeContext bridge = new FakeContext(FakeNode.at(BUS).compatible("@VENDOR@,@NAME@").window(0x40_1000_0000L, 8).build());

  @CLASS@Test() {
    bridge.create(new @CLASS@Component());
    new FakeFunction(bridge.at(FakeFunction.node(BUS, PLACE)), 1);
  }

  @Test void theIndexIsReadAsItWasWritten() {
    @CLASS@ContractTest.aim(bridge, 3, PLACE, 0x40);
    assertEquals(@CLASS@.ENABLE | 0x03_0840, bridge.read(0, @CLASS@.INDEX, 4));
    bridge.write(0, @CLASS@.INDEX, 1, 0xFF);
    assertEquals(@CLASS@.ENABLE | 0x03_0840, bridge.read(0, @CLASS@.INDEX, 4), "it is written as a whole");
  }

  @Test void withoutEnableNoCycleIsMade() {
    bridge.write(0, @CLASS@.INDEX, 4, PLACE << 8);
    assertEquals(0xFFFF_FFFFL, bridge.read(0, @CLASS@.DATA, 4));
    @CLASS@ContractTest.aim(bridge, 0, PLACE, 0);
    assertEquals(FakeFunction.IDS, bridge.read(0, @CLASS@.DATA, 4));
  }
}
