// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.kit.Exits;
import org.xenolith.platform.api.InterruptSpecifier;

final class InterruptFabricTest {
  private final List<String> events = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final InterruptFabric fabric = new InterruptFabric((kind, place, text) -> events.add(kind + ' ' + place), new Exits());

  private InterruptInputs controller(String name) {
    return new InterruptInputs() {
      @Override
      public int input(int[] specifier) {
        return specifier[0] == 9 ? -1 : specifier[0] + 32;
      }

      @Override
      public void set(int input, int cpu, boolean level) {
        seen.add(name + ' ' + input + (cpu < 0 ? "" : "/" + cpu) + (level ? " up" : " down"));
      }
    };
  }

  private InterruptLine wire(String name, int cell, int cpu) {
    return fabric.wire(name, new InterruptSpecifier("/intc", new int[] {cell}), cpu);
  }

  @Test
  void wiresMayBeMadeAndRaisedBeforeTheirControllerComes() {
    InterruptLine line = wire("uart", 1, -1);
    line.set(true);
    assertEquals(List.of("interrupt-without-controller uart"), events);
    fabric.attach("/intc", controller("gic"), failures::add, true);
    assertEquals(List.of("gic 33 up"), seen);
  }

  @Test
  void unchangedLevelsCostNothingAndPrivateInputsNameTheirCpu() {
    fabric.attach("/intc", controller("gic"), failures::add, true);
    InterruptLine line = wire("timer cpu 2", 5, 2);
    line.set(false);
    line.pulse();
    assertEquals(List.of("gic 37/2 up", "gic 37/2 down"), seen);
  }

  @Test
  void aReplacedControllerHearsOnlyWhatChangedSinceTheLastOne() {
    fabric.attach("/intc", controller("old"), failures::add, true);
    InterruptLine stays = wire("stays", 1, -1);
    InterruptLine changes = wire("changes", 2, -1);
    stays.set(true);
    seen.clear();
    fabric.detach("/intc");
    changes.set(true);
    assertEquals(List.of(), seen);
    fabric.attach("/intc", controller("new"), failures::add, false);
    assertEquals(List.of("new 34 up"), seen);
  }

  @Test
  void aResetControllerHearsAllHighWires() {
    fabric.attach("/intc", controller("gic"), failures::add, true);
    wire("a", 1, -1).set(true);
    wire("b", 2, -1).set(false);
    seen.clear();
    fabric.reset("/intc");
    assertEquals(List.of("gic 33 up"), seen);
  }

  @Test
  void aHandOverMakesNoEdges() {
    fabric.attach("/intc", controller("gic"), failures::add, true);
    InterruptLine line = wire("uart", 1, -1);
    line.set(true);
    seen.clear();
    fabric.hold();
    line.set(false);
    line.set(true);
    fabric.release();
    assertEquals(List.of(), seen);
    fabric.hold();
    line.set(false);
    fabric.release();
    assertEquals(List.of("gic 33 down"), seen);
  }

  @Test
  void aSpecifierThatNamesNoInputIsAnEvent() {
    fabric.attach("/intc", controller("gic"), failures::add, true);
    wire("odd", 9, -1).set(true);
    assertEquals(List.of("bad-interrupt odd"), events);
    assertTrue(seen.isEmpty());
  }

  @Test
  void aControllerThatThrowsIsReportedToItsOwner() {
    fabric.attach("/intc", new InterruptInputs() {
      @Override
      public int input(int[] specifier) {
        return 1;
      }

      @Override
      public void set(int input, int cpu, boolean level) {
        throw new IllegalStateException("bug");
      }
    }, failures::add, true);
    wire("uart", 1, -1).set(true);
    assertEquals("bug", failures.getFirst().getMessage());
  }

  @Test
  void aControllerThatWasDetachedByWhatItDidMayStillThrow() {
    fabric.attach("/intc", new InterruptInputs() {
      @Override
      public int input(int[] specifier) {
        return 1;
      }

      @Override
      public void set(int input, int cpu, boolean level) {
        fabric.detach("/intc");
        throw new IllegalStateException("bug");
      }
    }, failures::add, true);
    wire("uart", 1, -1).set(true);
    assertEquals("bug", failures.getFirst().getMessage());
  }

  @Test
  void levelsOfASnapshotReachNobody() {
    fabric.attach("/intc", controller("gic"), failures::add, true);
    InterruptLine line = wire("uart", 1, -1);
    fabric.restore(List.of("uart"));
    assertTrue(line.level());
    line.set(true);
    assertEquals(List.of(), seen);
    assertEquals(List.of("uart"), fabric.high());
    line.set(false);
    assertEquals(List.of("gic 33 down"), seen);
    assertFalse(line.level());
  }
}
