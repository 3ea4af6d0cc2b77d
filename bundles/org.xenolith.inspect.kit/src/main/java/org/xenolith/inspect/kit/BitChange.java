// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.WatchedAddress;

/**
 * Tells when a bit of memory is another one behind an instruction than before it, whoever wrote it: writes of the bits beside it, and of what it is already, aren't told.
 *
 * @param physical address of the byte that it is in
 * @param bit      0 to 7
 */
public record BitChange(long physical, int bit) implements StopPlace.Telling {
  /** Whether it is set. */
  public boolean set(Machine machine) {
    return (machine.peek(physical, 1)[0] >> bit & 1) != 0;
  }

  /** It as a place. @param what it is, for people */
  public StopPlace place(String what) {
    return new StopPlace.Reported(what, this);
  }

  @Override
  public Optional<StopPlace.Access> within() {
    return Optional.of(new StopPlace.Access(WatchedAddress.Space.PHYSICAL, physical, 1, false, true));
  }

  @Override
  public Runnable begin(Machine machine, BiConsumer<OptionalInt, String> told) {
    AddressWatcher watcher = new AddressWatcher() {
      private boolean held = set(machine);

      @Override
      public void met(Optional<CpuPort> cpu, WatchedAddress watched, long address, int size, boolean write) {
        boolean now = set(machine);
        if (now != held) {
          held = now;
          told.accept(cpu.map(each -> OptionalInt.of(each.index())).orElse(OptionalInt.empty()), now ? "set" : "cleared");
        }
      }
    };
    machine.watch(watcher, List.of(new WatchedAddress(WatchedAddress.Kind.WRITE, WatchedAddress.Space.PHYSICAL, physical, 1)));
    return () -> machine.watch(watcher, List.of());
  }
}
