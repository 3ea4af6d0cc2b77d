// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.ArrayList;
import java.util.List;
import jdk.jfr.FlightRecorder;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/**
 * Where a machine tells of ways out of guest code: to its watcher, and to JDK Flight Recorder as {@code org.xenolith.Exit}. One
 * for each machine, used on its thread. Who tells asks {@link #wanted} first, so that nothing is paid while nobody listens:
 *
 * <pre>{@code
 * if (!exits.wanted()) {
 *   return answer();
 * }
 * exits.begin(kind, place);
 * try {
 *   return answer();
 * } finally {
 *   exits.end();
 * }
 * }</pre>
 */
public final class Exits {
  private final List<ExitEvent> open = new ArrayList<>();
  private MachineWatcher watcher;
  private Throwable failure;
  private long began;
  private long spent;

  /** Who watches the machine, or null. */
  public MachineWatcher watcher() {
    return watcher;
  }

  /** Has the machine watched, in the place of an earlier watcher; null for by nobody. For the machine core. */
  public void watcher(MachineWatcher newWatcher) {
    watcher = newWatcher;
    failure = null;
  }

  /** What the watcher threw, which therefore isn't told anything any more; null if it didn't. */
  public Throwable failure() {
    return failure;
  }

  /** Whether anybody wants to know of exits. */
  public boolean wanted() {
    // Its first event has the flight recorder read all its metadata: 0.1 s that nobody asked for.
    return watcher != null || FlightRecorder.isInitialized() && ExitEvent.wanted();
  }

  /** Guest code is left; {@link #end} must follow. */
  public void begin(ExitKind kind, String place) {
    ExitEvent event = new ExitEvent();
    event.kind = kind.text();
    event.place = place;
    open.add(event);
    event.begin();
    if (watcher != null) {
      long now = System.nanoTime();
      if (open.size() == 1) {
        began = now;
      }
      tell(() -> watcher.exitBegins(kind, place, now));
    }
  }

  /** The exit that began last is over. */
  public void end() {
    if (watcher != null) {
      long now = System.nanoTime();
      if (open.size() == 1) {
        spent += now - began;
      }
      tell(() -> watcher.exitEnds(now));
    }
    open.removeLast().commit();
  }

  /** Host nanoseconds in exits so far, as far as somebody watched. */
  public long spent() {
    return spent;
  }

  /** Tells the watcher, if there is one. */
  public void tell(Runnable what) {
    if (watcher != null) {
      try {
        what.run();
      } catch (RamExhausted e) {
        throw e;
      } catch (Throwable bug) {
        watcher = null;
        failure = bug;
      }
    }
  }
}
