// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.scu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Mustang's system controller (Debian's kernel 6.1.192, apm-mustang.dtb). */
class XgeneScuTest {
  private static final long WORD = 0x1700_0014L;

  private static FakeNode reboot() {
    return FakeNode.at("/soc/reboot@17000014").compatible("syscon-reboot").cells("regmap", 0xA);
  }

  private static FakeContext context(FakeNode reboot) {
    FakeContext context = new FakeContext(FakeNode.at("/soc/system-clk-controller@17000000").compatible("apm,xgene-scu", "syscon")
        .window(0x1700_0000, 0x400).cells("phandle", 0xA).build()).beside(reboot.build());
    context.create(new XgeneScuComponent());
    return context;
  }

  @Test
  void theWordOfTheTreeResetsTheMachine() {
    FakeContext context = context(reboot().cells("offset", 0x14).cells("mask", 1));
    assertEquals(List.of(new AddressWindow(WORD, 4)), context.claims(), "the rest is the clocks'");
    context.writeAt(WORD, 4, 2);
    assertEquals(0, context.readAt(WORD, 4));
    assertEquals(0, context.power().resets());
    context.writeAt(WORD, 4, 1);
    assertEquals(1, context.power().resets());
    assertEquals("/soc/reboot@17000014", context.power().why());
  }

  @Test
  void ofANodeWithAValueOnlyTheBitsOfItsMaskCount() {
    FakeContext context = context(reboot().cells("offset", 0x14).cells("value", 0x30).cells("mask", 0xF0));
    context.writeAt(WORD, 4, 0x3);
    assertEquals(0, context.power().resets());
    context.writeAt(WORD, 4, 0x1234_5634);
    assertEquals(1, context.power().resets());
  }

  @Test
  void aBoardWithoutSuchANodeHasNoSuchWord() {
    assertEquals(List.of(), context(FakeNode.at("/reboot").compatible("syscon-reboot").cells("regmap", 0xB).cells("offset", 4)).claims());
  }

  @Test
  void whatANodeLacksIsSaid() {
    assertTrue(assertThrows(ModelException.class, () -> context(reboot().cells("offset", 0x400).cells("mask", 1))).getMessage()
        .contains("multiple of 4"));
    assertTrue(assertThrows(ModelException.class, () -> context(reboot().cells("offset", 4))).getMessage().contains("value, mask or both"));
  }
}
