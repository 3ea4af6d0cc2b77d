// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineState;

class CheckpointsTest {
  private Checkpoints all;
  private boolean waited = true;

  private static <T> T stub(Class<T> type, java.util.function.Function<String, Object> answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, words) -> answers.apply(method
        .getName())));
  }

  /** The machine's thread, which does what is due for the past while somebody wants a state of the machine. */
  private Object state() {
    try {
      CompletableFuture.runAsync(() -> all.moments()).get(5, TimeUnit.SECONDS);
      waited = false;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      waited = true;
    }
    return stub(MachineState.class, name -> name.equals("close") ? null : 7L);
  }

  @Test
  void theMachinesThreadIsntWaitedForByWhoHasWhatItWaitsFor() {
    Machine machine = stub(Machine.class, name -> switch (name) {
      case "nextState" -> state();
      case "processors" -> List.of();
      default -> 7L;
    });
    all = new Checkpoints(machine, stub(MachineInputs.class, name -> Optional.empty()), new HistoryOption.Settings(1 << 20, 1));
    assertEquals(new Moment(7, 7), all.first());
    assertTrue(!waited);
    assertEquals(List.of(new Moment(7, 7)), all.moments());
  }
}
