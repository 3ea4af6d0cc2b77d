// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/**
 * Where a machine tells of ways out of guest code: to its watchers, and to JDK Flight Recorder as {@code org.xenolith.Exit}. One
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
  private final Consumer<Throwable> failed;
  /** Never changed, but exchanged: one of them may end while they are told. */
  private List<MachineWatcher> watchers = List.of();
  private boolean watched;
  private List<MachineWatcher> translations = List.of();
  private long began;
  private long spent;

  /** Of what is in no machine: a watcher that throws is told nothing any more, and nobody hears why. */
  public Exits() {
    this(bug -> {});
  }

  /** @param failed told what a watcher threw, which therefore isn't told anything any more */
  public Exits(Consumer<Throwable> failed) {
    this.failed = failed;
  }

  /** Whether anybody watches the machine. */
  public boolean watched() {
    return watched;
  }

  /** Whether that one does. */
  public boolean tells(MachineWatcher watcher) {
    return watched && watchers.contains(watcher);
  }

  /** Whether anybody wants to be told of translated code: an engine looks when it is made. */
  public boolean wantsTranslated() {
    return !translations.isEmpty();
  }

  /** Has the machine watched by one more. For the machine core. */
  public void add(MachineWatcher watcher) {
    List<MachineWatcher> more = new ArrayList<>(watchers);
    more.remove(watcher);
    more.add(watcher);
    watchers = List.copyOf(more);
    watched = true;
    if (watcher.wantsTranslated()) {
      translations = Stream.concat(translations.stream().filter(each -> each != watcher), Stream.of(watcher)).toList();
    }
  }

  /** Undoes {@link #add}. */
  public void remove(MachineWatcher watcher) {
    List<MachineWatcher> fewer = new ArrayList<>(watchers);
    fewer.remove(watcher);
    watchers = List.copyOf(fewer);
    watched = !watchers.isEmpty();
    translations = translations.stream().filter(each -> each != watcher).toList();
  }

  /** Whether anybody wants to know of exits. */
  public boolean wanted() {
    // Its first event has the flight recorder read all its metadata: 0.1 s that nobody asked for.
    return watched || FlightRecorder.isInitialized() && ExitEvent.wanted();
  }

  /** The machine is closed: nobody is told any more. */
  public void close() {
    tell(MachineWatcher::closed);
    watchers = List.of();
    watched = false;
    translations = List.of();
  }

  /** Guest code is left; {@link #end} must follow. */
  public void begin(ExitKind kind, String place) {
    ExitEvent event = new ExitEvent();
    event.kind = kind.text();
    event.place = place;
    open.add(event);
    event.begin();
    if (watched) {
      long now = System.nanoTime();
      if (open.size() == 1) {
        began = now;
      }
      tell(watcher -> watcher.exitBegins(kind, place, now));
    }
  }

  /** The exit that began last is over. */
  public void end() {
    if (watched) {
      long now = System.nanoTime();
      if (open.size() == 1) {
        spent += now - began;
      }
      tell(watcher -> watcher.exitEnds(now));
    }
    open.removeLast().commit();
  }

  /** Host nanoseconds in exits so far, as far as somebody watched. */
  public long spent() {
    return spent;
  }

  /** Tells every watcher. */
  public void tell(Consumer<MachineWatcher> what) {
    for (MachineWatcher watcher : watchers) {
      tell(watcher, what);
    }
  }

  /** Tells one of them. */
  public void tell(MachineWatcher watcher, Consumer<MachineWatcher> what) {
    try {
      what.accept(watcher);
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      remove(watcher);
      failed.accept(bug);
    }
  }
}
