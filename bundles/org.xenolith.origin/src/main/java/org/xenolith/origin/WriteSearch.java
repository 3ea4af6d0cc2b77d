// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.machine.watch.WatchedAddress.Space;

/**
 * Finds what wrote bytes of RAM last, in a machine of the past that stands somewhere behind: it goes back to where they were written, whoever did, and executes that instruction once more to see
 * who.
 */
final class WriteSearch {
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  WriteSearch(MachineInspector inspector, SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
  }

  /** Is told what happens during one instruction. */
  private static final class Seen implements MachineWatcher {
    final Set<String> by = new LinkedHashSet<>();

    @Override
    public long period() {
      return Long.MAX_VALUE;
    }

    @Override
    public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {}

    @Override
    public void exitBegins(ExitKind kind, String place, long now) {
      by.add("guest exit (" + kind + ") to " + place);
    }

    @Override
    public void exitEnds(long now) {}

    @Override
    public void exception(CpuPort cpu, String what) {}

    @Override
    public void transferred(String place, long address, int length, boolean write) {
      if (write) {
        by.add("DMA of %s, %d bytes at 0x%x".formatted(place, length, address));
      }
    }

    @Override
    public void translated(long instructions, String wayOut) {}
  }

  /**
   * Finds it.
   *
   * @param past   a machine of the past, which is moved
   * @param first  physical address of the first of the bytes
   * @param length how many
   * @return empty if nobody has written them since the first moment that can be reached; it stands there then
   * @throws BadInput if they aren't all in RAM, or it was given up
   */
  Optional<LastWrite> find(PastMachine past, long first, int length) {
    byte[] after = bytes(past, first, length);
    Arrival arrival = past.backwards(List.of(new StopPlace.Access(Space.PHYSICAL, first, length, false, true)), report -> true);
    if (arrival.why() == Arrival.Why.CANCELLED) {
      throw new BadInput("given up on the way");
    }
    if (arrival.why() != Arrival.Why.STOP) {
      return Optional.empty();
    }
    Moment moment = past.moment();
    OptionalInt processor = arrival.reached().getFirst().processor();
    boolean instruction = processor.isPresent() && past.step(-1).why() == Arrival.Why.THERE;
    if (!instruction) {
      return Optional.of(new LastWrite(moment, processor, "", List.of("the machine, while no CPU executed"), after, after));
    }
    String code = code(past, processor.getAsInt());
    byte[] before = bytes(past, first, length);
    Seen seen = new Seen();
    past.machine().watch(seen);
    try {
      past.step(1);
    } finally {
      past.machine().forget(seen);
    }
    return Optional.of(new LastWrite(moment, processor, code, new ArrayList<>(seen.by), before, bytes(past, first, length)));
  }

  private byte[] bytes(PastMachine past, long first, int length) {
    return inspector.of(past.machine()).physical().read(first, length).orElseThrow(() -> new BadInput(
        "0x%x, %d bytes: they aren't all in RAM".formatted(first, length)));
  }

  private String code(PastMachine past, int index) {
    InspectedMachine view = inspector.of(past.machine());
    NamedMachine named = new NamedMachine(past.machine(), view, finder.of(view));
    return view.processor(index).map(each -> named.place(each) + named.next(each).map(text -> ": " + text).orElse("")).orElse("cpu"
        + index);
  }
}
