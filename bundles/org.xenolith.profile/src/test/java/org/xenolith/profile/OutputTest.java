// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.profile.StackTree.Room;

class OutputTest {
  private static StackTree<String> stacks() {
    StackTree<String> stacks = new StackTree<>(new Room(100));
    var kernel = stacks.below(stacks.root, "kernel");
    stacks.below(kernel, "idle").self.add(1, 100, 10);
    var load = stacks.below(kernel, "load;</script>");
    load.self.add(2, 200, 70);
    stacks.below(load, "memset").self.add(3, 300, 0);
    return stacks;
  }

  @Test
  void collapsedStacksAreLinesThatOtherToolsRead() {
    assertEquals("""
        kernel;idle 100
        kernel;load:</script> 200
        kernel;load:</script>;memset 300
        """, CollapsedStacks.text(stacks(), weight -> weight.instructions));
    assertEquals("""
        kernel;idle 10
        kernel;load:</script> 70
        """, CollapsedStacks.text(stacks(), weight -> weight.nanoseconds));
  }

  @Test
  void theFlameGraphIsOnePageThatNoNameCanBreak() {
    String page = FlameGraph.html(stacks());
    assertTrue(page.contains("[\"all\",600,80,[[\"kernel\",600,80,[[\"idle\",100,10,[]]"), page);
    assertTrue(page.contains("load;\\u003c/script>"), page);
    assertEquals(page.indexOf("</script>"), page.lastIndexOf("</script>"));
    assertFalse(page.contains("http"), "it needs no network");
  }

  @Test
  void exitsCostWhatTheyTakeWithoutThoseInside() {
    ExitCosts exits = new ExitCosts();
    exits.end(5);
    exits.begin(ExitKind.HYPERVISOR, "HVC", 100);
    exits.begin(ExitKind.READ, "/gic", 130);
    exits.end(150);
    exits.begin(ExitKind.READ, "/gic", 160);
    exits.end(165);
    exits.end(200);
    assertEquals(List.of(new ExitCosts.Cost("hypervisor HVC", 1, 75), new ExitCosts.Cost("read /gic", 2, 25)), exits.list());
  }

  @Test
  void treesWithoutMoreRoomKeepTheSums() {
    Room room = new Room(100);
    StackTree<Long> one = new StackTree<>(room);
    StackTree<Long> two = new StackTree<>(room);
    for (long i = 0; i < 60; i++) {
      one.below(one.root, i).self.add(1, 1, 1);
      two.below(two.root, i).self.add(1, 1, 1);
    }
    assertEquals(20, room.refused());
    assertEquals(60, one.root.total().samples);
    assertEquals(60, two.root.total().samples);
  }
}
