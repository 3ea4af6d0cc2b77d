// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;

/** A kernel that is in the lower half first, and moves to the upper. */
class KernelMoveTest {
  private static final long LOW = 0x4020_0000L;
  private static final long HIGH = 0xffff_8000_0800_0000L;
  private final List<String> done = new ArrayList<>();
  private final long[] places = {LOW, LOW};
  private Optional<GuestKernel> runs = Optional.empty();
  private final KernelMove move = new KernelMove(watcher -> done.add("watch"), watcher -> done.add("forget"), cpu -> places[cpu],
      cpu -> runs, () -> done.add("halt"));

  /** With one function at its begin. */
  private static GuestKernel kernel(long base, String version) {
    Symbol function = new Symbol(base + 0x100, 0x20, SymbolKind.CODE, true, "start_kernel");
    SymbolTable table = new SymbolTable() {
      @Override
      public Optional<Symbol> at(long address) {
        return Optional.empty();
      }

      @Override
      public long function(long address) {
        return -1;
      }

      @Override
      public List<Symbol> named(String name) {
        return List.of();
      }

      @Override
      public List<Symbol> all() {
        return List.of(function);
      }
    };
    return new GuestKernel(table, base, base, OptionalLong.empty(), version);
  }

  @Test
  void whoeverWaitsIsToldOnceByHowMuchTheKernelHasMoved() {
    assertTrue(move.named(kernel(LOW, "Linux version 6.1")));
    assertTrue(move.holds(LOW + 0x11f));
    assertFalse(move.holds(LOW + 0x120));
    assertFalse(move.holds(LOW - 1));
    move.begin(true);
    move.begin(true);
    move.sample(1);
    assertEquals(List.of("watch"), done);
    places[1] = HIGH + 0x4000;
    move.sample(1);
    move.sample(1);
    assertEquals(List.of("watch", "halt"), done);
    assertTrue(move.reached());
    assertEquals(OptionalLong.empty(), move.happened(), "not all of it is there yet");
    move.sample(1);
    runs = Optional.of(kernel(HIGH, "Linux version 6.1"));
    assertEquals(OptionalLong.of(HIGH - LOW), move.happened());
    assertEquals(List.of("watch", "halt", "halt", "forget"), done);
    assertFalse(move.reached());
    assertTrue(move.awaited(), "the debugger has the earlier names still");
    assertFalse(move.named(runs.get()));
    assertFalse(move.awaited());
  }

  @Test
  void aKernelThatIsNotFoundAboveIsNotWaitedForWithoutEnd() {
    move.named(kernel(LOW, "Linux version 6.1"));
    places[0] = HIGH;
    for (int i = 0; i < 20; i++) {
      move.begin(true);
      if (done.getLast().equals("watch") || done.getLast().equals("halt")) {
        move.sample(0);
      }
      move.happened();
    }
    assertEquals(8, done.stream().filter("halt"::equals).count());
    assertEquals("forget", done.getLast());
  }

  @Test
  void nobodyIsHaltedForAHypervisorOrWithoutABreakpoint() {
    assertFalse(move.named(kernel(LOW, "")), "Xen stays");
    move.begin(true);
    move.named(kernel(LOW, "Linux version 6.1"));
    move.begin(false);
    assertEquals(List.of(), done);
  }

  @Test
  void aBreakpointThereHoldsAtBothPlacesAndIsTheDebuggersAtTheOneThatItHasSet() {
    FakeMachine machine = new FakeMachine();
    MachineBreakpoints breakpoints = new MachineBreakpoints(machine, () -> done.add("reached"));
    move.named(kernel(LOW, "Linux version 6.1"));
    StopPlace set = new StopPlace.Instruction(LOW + 0x100);
    StopPlace now = new StopPlace.Instruction(HIGH + 0x100);
    breakpoints.insert(new MachineBreakpoints.Breakpoint(1, set, ""));
    breakpoints.insert(new MachineBreakpoints.Breakpoint(1, new StopPlace.Instruction(FakeMachine.CODE), ""));
    assertTrue(breakpoints.any(move::holds));
    breakpoints.moved(move::holds, HIGH - LOW);
    breakpoints.apply();
    assertEquals(List.of(set, now, new StopPlace.Instruction(FakeMachine.CODE)), machine.stops.places());
    machine.stops.reach(now, 1, HIGH + 0x100);
    assertEquals(List.of("reached"), done);
    assertTrue(breakpoints.set(set));
    assertFalse(breakpoints.set(now));
    breakpoints.remove(new MachineBreakpoints.Breakpoint(1, set, ""));
    assertEquals(List.of(new StopPlace.Instruction(FakeMachine.CODE)), breakpoints.places());
  }
}
