// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.FullLane;

/** The comparison finds what it is there to find. */
@FullLane
class DifferenceTest {
  private static final List<String> QEMU = List.of("one", "two took 5 ms", "three", "wanders", "four");

  @Test
  void equalLinesLeaveNothing() {
    assertEquals(List.of(), difference(List.of(), QEMU));
  }

  @Test
  void aLineTooManyTooFewOrInAnotherPlaceIsLeft() {
    assertEquals(List.of("ours: more"), difference(List.of(), List.of("one", "more", "two took 5 ms", "three", "wanders", "four")));
    assertEquals(List.of("qemu: three"), difference(List.of(), List.of("one", "two took 5 ms", "wanders", "four")));
    assertEquals(List.of("ours: four", "qemu: four"), difference(List.of(), List.of("four", "one", "two took 5 ms", "three", "wanders")));
  }

  @Test
  void explainedLinesAreNotLeft() {
    List<String> list = List.of("# comment", "number log took (\\d+) ms", "    time", "moves log ^wanders", "    a thread",
        "ours log ^more", "    ours");
    assertEquals(List.of(), difference(list, List.of("wanders", "one", "two took 77 ms", "more", "three", "four")));
    assertEquals(List.of("qemu: wanders"), difference(list, List.of("one", "two took 77 ms", "more", "three", "four")));
  }

  @Test
  void anExplanationOfAnotherTopicOrSideExplainsNothing() {
    List<String> more = List.of("one", "more", "two took 5 ms", "three", "wanders", "four");
    assertEquals(List.of("ours: more"), difference(List.of("ours iomem ^more", "    elsewhere"), more));
    assertEquals(List.of("ours: more"), difference(List.of("qemu log ^more", "    the other one"), more));
  }

  @Test
  void anExplanationThatExplainsNothingIsStale() {
    Explanations explanations = new Explanations(List.of("ours log ^gone$", "    it was there once", "chance log ^maybe", "    chance"));
    Difference.unexplained("log", QEMU, QEMU, explanations);
    assertEquals("[line 1: OURS log ^gone$]", explanations.stale().toString());
  }

  @Test
  void anExplanationWithoutAReasonIsRefused() {
    assertThrows(AssertionError.class, () -> new Explanations(List.of("ours log ^gone$")));
  }

  private static List<String> difference(List<String> explanations, List<String> ours) {
    return Difference.unexplained("log", ours, QEMU, new Explanations(explanations));
  }
}
