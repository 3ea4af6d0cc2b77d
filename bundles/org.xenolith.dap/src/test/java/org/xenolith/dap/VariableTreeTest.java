// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.dap.VariableTree.Shown;

class VariableTreeTest {
  @Test
  void aNumberHoldsUntilTheMachineGoesOn() {
    VariableTree tree = new VariableTree();
    Shown leaf = Shown.of("X0", "0x0");
    assertEquals(0, tree.number(leaf.children()));
    int number = tree.number(Shown.branch("general", "", () -> List.of(leaf)).children());
    assertEquals(List.of(leaf), tree.children(number));
    tree.clear();
    assertThrows(RequestRefused.class, () -> tree.children(number));
    assertThrows(RequestRefused.class, () -> tree.children(0));
  }
}
