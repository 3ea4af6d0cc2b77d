// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;

/**
 * A machine that stands at a moment of another's past, and can be moved along it. It stands still between any two calls, so that who has it may look into it ({@code MachineInspector}). It takes
 * the inputs that the present machine took: who writes to it is refused ({@code Machine.inputNow}), and has {@link #whatIf}. What takes long can be {@linkplain #cancel given up}.
 *
 * <p>Not for several threads at once, but for {@link #cancel}. What moves it throws {@code BadInput} if that can't be.
 */
@ProviderType
public interface PastMachine extends AutoCloseable {
  /** The machine, to be looked into. It is the same object wherever it is moved. Nobody runs it but by what is here. */
  Machine machine();

  /** Where it stands. */
  Moment moment();

  /** Moves it to a moment, before or behind. */
  void go(Goal goal);

  /** Moves it to the first moment that can be reached. */
  void toFirst();

  /** Moves it to where the present machine stands. */
  void toPresent();

  /**
   * Moves it by instructions of all CPUs.
   *
   * @param instructions forwards, or, negative, backwards
   */
  Arrival step(long instructions);

  /**
   * Moves it by instructions of one CPU: forwards until that has executed so many more, whatever the others do meanwhile; backwards to where it is about to execute the first of the last ones.
   *
   * @param cpu          its index
   * @param instructions forwards, or, negative, backwards
   */
  Arrival step(int cpu, long instructions);

  /** Moves it forwards to the next place; to the present if there is none. @param condition as {@code StopPoints.add} has it */
  Arrival forwards(List<StopPlace> places, Predicate<StopReport> condition);

  /** Moves it backwards to the latest place that was met before; to the first moment if there is none. @param condition as {@code StopPoints.add} has it */
  Arrival backwards(List<StopPlace> places, Predicate<StopReport> condition);

  /** Has the one who moves it come back soon, with {@link Arrival.Why#CANCELLED}: it stands somewhere then. Nothing if nobody does. Any thread. */
  void cancel();

  /**
   * A machine of its own that goes on from here, and may be written and run: what would be if. Whoever asks for it closes it; neither this one nor the present notices.
   *
   * @param events hears of its events
   */
  Launch whatIf(EventLog events);

  /** Since when it isn't what was, but {@linkplain MachineHistory#whatIf would be}; empty of the past itself. */
  default Optional<Moment> branched() {
    return Optional.empty();
  }

  /** Nobody looks at it any more; it is gone with the history, too. */
  @Override
  void close();
}
