// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.Assembly;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.ToyTimer;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.platform.api.Platform;

/** What hangs is named, on a quiet host and on a busy one; what only isn't let run is not. */
final class WatchdogTest {
  private static final long MILLISECOND = 1_000_000;
  private static final StackTraceElement CORE = frame("org.core.Loop", "run");
  private static final StackTraceElement ENGINE = frame("toy.engine.toy.Engine", "execute");
  private static final StackTraceElement MODEL = frame("toy.bus.Bus", "write");
  private static final StackTraceElement SLEEP = frame("java.lang.Thread", "sleep0");

  private final List<String> events = new ArrayList<>();
  private final Host host = new Host();
  private final ToyMachine toy = new ToyMachine(1, Platform.Timing.STANDARD, cpu -> {}).device("/bus@9000", "bus", 0x9000)
      .model("bus", ToyTimer::new);
  private final Watchdog watchdog = new Watchdog(new Suspects(name -> new CodeOwners.Owner(name.startsWith("toy.") ? name.substring(0, name
      .lastIndexOf('.')) : "", false), toy.offers), host);
  private final CoreMachine machine = new Assembly(toy.offers, (change, journal) -> {}, closed -> {}, watchdog)
      .build(new MachineRequest(toy.platform(), "", Map.of()), (kind, place, text) -> events.add(kind + " " + place + ": " + text));
  private long progress;
  private final Watchdog.Watch watch = watchdog.watch("while the machine ran", Thread::currentThread, () -> progress, () -> List.of(machine
      .hardware()));

  WatchdogTest() {
    host.stack = new StackTraceElement[] {MODEL, ENGINE, CORE};
    watch.look();
  }

  /** A host whose clock and threads do as they are told. */
  private static final class Host implements HostThreads {
    private long now = 5_000_000_000L;
    private long cpu = 7_000_000_000L;
    private boolean silent;
    private State state = State.RUNNABLE;
    private StackTraceElement[] stack;

    @Override
    public long now() {
      return now;
    }

    @Override
    public long cpuTime(Thread thread) {
      return silent ? -1 : cpu;
    }

    @Override
    public State state(Thread thread) {
      return state;
    }

    @Override
    public StackTraceElement[] stack(Thread thread) {
      return stack;
    }

    @Override
    public Thread begin(String name, Runnable task) {
      return Thread.currentThread();
    }
  }

  private static StackTraceElement frame(String type, String method) {
    return new StackTraceElement(type, method, null, 1);
  }

  /** So many looks, with so many milliseconds between two, of which the thread was executed for some. */
  private void looks(int number, long passed, long executed) {
    for (int i = 0; i < number; i++) {
      host.now += passed * MILLISECOND;
      host.cpu += executed * MILLISECOND;
      watch.look();
    }
  }

  /** Looks until something is said. Returns how many. */
  private int looksUntilNamed(long passed, long executed) {
    for (int i = 1; i < 1000; i++) {
      looks(1, passed, executed);
      if (!events.isEmpty()) {
        return i;
      }
    }
    throw new AssertionError("nothing is said");
  }

  @Test
  void aModelThatSpinsIsNamedAfterThreeSecondsOfItsOwn() {
    looks(6, 500, 500);
    assertEquals(List.of(), events);
    looks(1, 500, 500);
    assertEquals(1, events.size());
    assertTrue(events.getFirst().startsWith(
        "model-hangs /bus@9000: /bus@9000: toy.bus 1.0.0 has not come back for 3 s, while the machine ran\n"
            + "    at toy.bus.Bus.write"), events.getFirst());
    assertEquals("/bus@9000", watch.hang().instance());
  }

  @Test
  void aModelThatABusyHostHardlyLetsRunDoesNotHang() {
    looks(50, 500, 50);
    assertEquals(List.of(), events);
    assertNull(watch.hang());
    progress++;
    looks(1, 500, 50);
    looks(50, 500, 50);
    assertEquals(List.of(), events);
  }

  @Test
  void oneThatSpinsOnABusyHostIsNamedWithBothTimes() {
    assertEquals(61, looksUntilNamed(500, 50), "thirty seconds of which it had three, and the first look");
    assertTrue(events.getFirst().contains("toy.bus 1.0.0 has not come back for 3 s of its own, 30 s by the clock of a busy host, while"),
        events.getFirst());
  }

  @Test
  void oneThatWaitsIsNamedAfterThreeSecondsOfTheHosts() {
    for (State state : List.of(State.WAITING, State.TIMED_WAITING, State.BLOCKED)) {
      progress++;
      watch.look();
      events.clear();
      host.state = state;
      host.stack = new StackTraceElement[] {SLEEP, MODEL, CORE};
      assertEquals(6, looksUntilNamed(500, 0), state.toString());
    }
  }

  @Test
  void oneThatWaitsInNativeCodeOfAHostThatHasTimeIsNamedAsSoon() {
    assertEquals(7, looksUntilNamed(510, 0));
  }

  @Test
  void oneThatIsNotExecutedAtAllIsNamedAfterAMinute() {
    assertEquals(120, looksUntilNamed(700, 0), "where looks come late the host is busy");
  }

  @Test
  void whatAHostThatTellsNoCpuTimeLetsPassCounts() {
    host.silent = true;
    assertEquals(6, looksUntilNamed(500, 0));
  }

  @Test
  void anEngineHasTenSecondsOfItsOwn() {
    host.stack = new StackTraceElement[] {ENGINE, CORE};
    looks(100, 500, 50);
    assertEquals(List.of(), events);
    looks(11, 500, 500);
    assertEquals(1, events.size());
    assertTrue(events.getFirst().startsWith("model-hangs toy.engine.toy: toy.engine.toy 1.0.0 has not come back for 10 s of its own, "),
        events
            .getFirst());
  }

  /** The engine was long at it, and calls a model that a busy host lets begin only. */
  @Test
  void whatWasBeforeTheModelIsNotTheModels() {
    host.stack = new StackTraceElement[] {ENGINE, CORE};
    looks(12, 500, 500);
    host.stack = new StackTraceElement[] {MODEL, ENGINE, CORE};
    looks(50, 500, 50);
    assertEquals(List.of(), events);
    looks(1, 500, 500);
    assertEquals(1, events.size());
    assertTrue(events.getFirst().startsWith("model-hangs /bus@9000: "), events.getFirst());
  }

  /** Limits of those who end a run are of the thread's own time, too. */
  @Test
  void howLongItHangsIsItsOwnTime() {
    looks(7, 500, 500);
    looks(20, 500, 50);
    assertEquals(4, watch.hang().nanoseconds() / 1_000_000_000);
    progress++;
    looks(1, 500, 50);
    assertEquals("model-came-back /bus@9000: toy.bus 1.0.0 came back after 14 s", events.getLast());
    assertNull(watch.hang());
  }

  @Test
  void theJvmTellsTheCpuTimeOfItsThreads() {
    HostThreads process = new ProcessThreads();
    long before = process.cpuTime(Thread.currentThread());
    assertTrue(before > 0, "told");
    while (process.cpuTime(Thread.currentThread()) - before < MILLISECOND) {
      Thread.onSpinWait();
    }
    assertEquals(State.RUNNABLE, process.state(Thread.currentThread()));
    assertNotNull(process.stack(Thread.currentThread())[0]);
  }
}
