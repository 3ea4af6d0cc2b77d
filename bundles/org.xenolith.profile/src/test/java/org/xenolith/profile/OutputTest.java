package org.xenolith.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.watch.ExitKind;

class OutputTest {
  private static StackTree<String> stacks() {
    StackTree<String> stacks = new StackTree<>();
    var kernel = stacks.below(stacks.root, "kernel");
    stacks.below(kernel, "idle").self.add(1, 100, 10);
    var load = stacks.below(kernel, "load;</script>");
    load.self.add(2, 200, 70);
    stacks.below(load, "memset").self.add(3, 300, 0);
    return stacks;
  }

  @Test void collapsedStacksAreLinesThatOtherToolsRead() {
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

  @Test void theFlameGraphIsOnePageThatNoNameCanBreak() {
    String page = FlameGraph.html(stacks());
    assertTrue(page.contains("[\"all\",600,80,[[\"kernel\",600,80,[[\"idle\",100,10,[]]"), page);
    assertTrue(page.contains("load;\\u003c/script>"), page);
    assertEquals(page.indexOf("</script>"), page.lastIndexOf("</script>"));
    assertFalse(page.contains("http"), "it needs no network");
  }

  @Test void exitsCostWhatTheyTakeWithoutThoseInside() {
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

  @Test void aTreeThatIsFullKeepsTheSums() {
    StackTree<Long> tree = new StackTree<>();
    for (long i = 0; i < StackTree.MOST + 10; i++) {
      tree.below(tree.root, i).self.add(1, 1, 1);
    }
    assertEquals(10, tree.cut());
    assertEquals(StackTree.MOST + 10, tree.root.total().samples);
  }
}
