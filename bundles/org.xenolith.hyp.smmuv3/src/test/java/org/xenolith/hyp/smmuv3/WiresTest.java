// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.FakeNode;

/** The interrupts of the binding arm,smmu-v3 that are served. */
class WiresTest {
  private final VirtualGicPort gic = new VirtualGicPort();
  private final List<Integer> served = new ArrayList<>();

  private Wires wires(FakeNode node, String... names) {
    return new Wires(node.property(FdtProperty.ofStrings("interrupt-names", names)).build(), gic, new Rig().context(),
        (cpu, intid) -> served.add(intid));
  }

  private static FakeNode node() {
    return FakeNode.at("/smmuv3@9050000");
  }

  @Test
  void eventsAndErrorsComeByTheirNames() {
    Wires wires = wires(node().interrupt("/intc", 0, 10, 4).interrupt("/intc", 0, 11, 1).interrupt("/intc", 0, 12, 2).interrupt("/intc", 0,
        13, 8).interrupt("/intc", 0, 14, 1), "combined", "eventq", "gerror", "cmdq-sync", "priq");
    assertFalse(wires.none());
    assertNull(gic.host(42), "not before they are claimed");
    wires.claim();
    assertFalse(gic.host(42).edge());
    assertTrue(gic.host(43).edge());
    assertTrue(gic.host(44).edge());
    assertNull(gic.host(45));
    assertNull(gic.host(46));
    assertTrue(gic.serveHost(null, 44));
    assertEquals(List.of(44), served);
    wires.release();
    assertNull(gic.host(42));
    assertNull(gic.host(43));
    assertNull(gic.host(44));
  }

  /** As Linux' arm-smmu-v3 does it, which goes without. */
  @Test
  void namesThatAreNoNamesNameNothing() {
    for (byte[] none : new byte[][] {{}, {'e', 'v', 'e', 'n', 't', 'q'}, {0, 0}}) {
      FakeNode node = node().interrupt("/intc", 0, 10, 1).property(new FdtProperty("interrupt-names", none));
      assertTrue(new Wires(node.build(), gic, new Rig().context(), (cpu, intid) -> {}).none());
    }
  }

  @Test
  void onlySharedInterruptsThatThereCanBeAreClaimed() {
    wires(node().interrupt("/intc", 1, 10, 4), "eventq").claim();
    assertNull(gic.host(42), "of one CPU");
    wires(node().interrupt("/intc", 0, -1, 4), "eventq").claim();
    assertNull(gic.host(31));
    wires(node().interrupt("/intc", 0, 0, 4), "eventq").claim();
    assertNotNull(gic.host(32));
    wires(node().interrupt("/intc", 0, 987, 4), "eventq").claim();
    assertNotNull(gic.host(1019));
    assertTrue(wires(node().interrupt("/intc", 0, 988, 4), "eventq").none());
    assertTrue(wires(node().interrupt("/other", 7, 7), "eventq").none());
    assertTrue(wires(node(), "eventq", "gerror").none(), "names without interrupts");
    assertTrue(wires(node().interrupt("/intc", 0, 10, 4).interrupt("/intc", 0, 11, 4), "priq").none(), "interrupts without names");
  }
}
