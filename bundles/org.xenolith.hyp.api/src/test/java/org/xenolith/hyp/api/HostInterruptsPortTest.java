// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.RamExhausted;

/** Who serves devices' interrupt lines, and what the controller's driver is told. */
class HostInterruptsPortTest {
  private static final RuntimeException BUG = new IllegalStateException("bug");
  private final Stand stand = new Stand();
  private final HostInterruptsPort port = new HostInterruptsPort();
  private final List<String> told = new ArrayList<>();
  private final List<Integer> served = new ArrayList<>();
  private final HostInterrupt handler = (cpu, input) -> served.add(input);

  private void attach() {
    port.attach((input, edge, on) -> told.add(input + (edge ? " edge " : " level ") + on), stand.owner("controller"));
  }

  @Test
  void theControllerHearsOfClaims() {
    attach();
    port.claim(4, true, handler, stand.owner("uart"));
    port.claim(9, false, handler, stand.owner("other"));
    port.release(4, (cpu, input) -> {
    });
    port.release(4, handler);
    port.release(4, handler);
    port.release(5, handler);
    assertEquals(List.of("4 edge true", "9 level true", "4 edge false"), told);
    assertThrows(IllegalArgumentException.class, () -> port.claim(-1, true, handler, stand.owner("uart")));
  }

  @Test
  void claimsStayForTheNextController() {
    port.claim(4, true, handler, stand.owner("uart"));
    attach();
    assertSame(handler, port.claim(4).handler());
    assertTrue(port.claim(4).edge());
    assertNull(port.claim(5));
  }

  /** A controller whose nodes name an input by its last cell, behind how it is triggered. */
  private void attachReader() {
    port.attach(new HostInterrupts() {
      @Override
      public void hostInterrupt(int input, boolean edge, boolean on) {
        told.add(input + (edge ? " edge " : " level ") + on);
      }

      @Override
      public Input input(int[] cells) {
        return cells.length == 2 ? new Input(cells[1], cells[0] == 1) : null;
      }
    }, stand.owner("controller"));
  }

  @Test
  void theControllerReadsWhatANodeSays() {
    attachReader();
    port.claim(new int[] {1, 4}, handler, stand.owner("uart"));
    port.claim(new int[] {0, 9}, handler, stand.owner("uart"));
    port.claim(new int[] {4}, handler, stand.owner("uart"));
    assertEquals(List.of("4 edge true", "9 level true"), told);
    assertTrue(port.serve(null, 9));
    port.release(new int[] {1, 4}, (cpu, input) -> {
    });
    port.release(new int[] {1, 4}, handler);
    assertEquals("4 edge false", told.getLast());
    assertNull(port.claim(4));
  }

  @Test
  void whatANodeSaysWaitsForTheControllerThatReadsIt() {
    port.claim(new int[] {1, 4}, handler, stand.owner("uart"));
    port.claim(new int[] {1, 5}, handler, stand.owner("uart"));
    port.release(new int[] {1, 5}, handler);
    assertNull(port.claim(4));
    attach();
    assertNull(port.claim(4), "this one reads no cells");
    attachReader();
    assertTrue(port.claim(4).edge());
    assertNull(port.claim(5));
    assertEquals(List.of(), told, "who comes asks");
    port.detach(port.provider());
    port.release(new int[] {1, 4}, handler);
    assertNull(port.claim(4), "given back without it");
  }

  @Test
  void anInputIsServedByWhoClaimedItLast() {
    assertFalse(port.serve(null, 4));
    port.claim(4, true, (cpu, input) -> {
      throw new AssertionError("it was claimed by another one");
    }, stand.owner("former"));
    port.claim(4, true, handler, stand.owner("uart"));
    assertTrue(port.serve(null, 4));
    assertEquals(List.of(4), served);
    port.release(4, handler);
    assertFalse(port.serve(null, 4));
  }

  /** A driver that is replaced, or goes on in a restored machine, leaves the controller's registers as they are. */
  @Test
  void whoTakesOverFindsItsInputEnabled() {
    attach();
    port.claim(4, true, handler, stand.owner("uart"));
    HostInterrupt next = (cpu, input) -> {
    };
    port.claim(4, true, next, stand.owner("uart"));
    port.release(4, handler);
    assertEquals(List.of("4 edge true"), told);
    assertSame(next, port.claim(4).handler());
    port.claim(4, false, next, stand.owner("uart"));
    assertEquals(List.of("4 edge true", "4 level true"), told);
  }

  @Test
  void whoThrowsLosesItsInputAndIsTold() {
    attach();
    port.claim(4, false, (cpu, input) -> {
      throw BUG;
    }, stand.owner("uart"));
    assertTrue(port.serve(null, 4), "somebody had it");
    assertEquals(List.of(BUG), stand.failures);
    assertEquals(List.of("4 level true", "4 level false"), told);
    assertFalse(port.serve(null, 4));
  }

  @Test
  void memoryThatIsUsedUpIsNobodysFault() {
    RamExhausted memory = new RamExhausted("none");
    port.claim(4, false, (cpu, input) -> {
      throw memory;
    }, stand.owner("uart"));
    assertSame(memory, assertThrows(RamExhausted.class, () -> port.serve(null, 4)));
    assertEquals(List.of(), stand.failures);
    assertTrue(port.claim(4) != null);
  }
}
