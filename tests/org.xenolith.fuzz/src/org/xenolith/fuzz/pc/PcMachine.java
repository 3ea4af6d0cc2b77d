// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.machine.WarmState;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.x64.api.PvhEntry;

/** A PC with two CPUs, whose guest begins anew with each input. */
class PcMachine implements AutoCloseable {
  /** What one input is given: virtual time, and instructions. */
  private static final long NANOSECONDS = 20_000_000;
  private static final long INSTRUCTIONS = 20_000;
  /** What no guest may cause, beside kinds that end in {@code -failed}. */
  private static final List<String> FAULTS = List.of("internal-fault", "model-removed", "model-refused", "hypervisor-stray");
  private static final boolean TRACE = Boolean.getBoolean("xenolith.fuzz.trace");

  final Machine machine;
  private final PcGuest guest;
  private final WarmState warm;
  private final List<String> faults = new ArrayList<>();
  private Map<String, Long> events;
  private long begun;
  private long executed;

  /** Nothing is between the guest and the machine. */
  PcMachine(PcGuest guest) {
    this(guest, PcBoard.withCards(PcPlace.PROGRAMS.length, List.of(new MemoryRange(0, PcPlace.SIZE))));
  }

  PcMachine(PcGuest guest, Machine machine) {
    this.guest = guest;
    this.machine = machine;
    machine.eventListener((kind, place, text) -> {
      if (TRACE) {
        System.out.println(machine.now() + " " + kind + " " + place + ": " + text);
      }
      if (bad(kind)) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    prepare();
    guest.load(this);
    if (!faults().isEmpty()) {
      throw new IllegalStateException("the machine to fuzz isn't whole: " + machine.events());
    }
    warm = new WarmState(machine);
  }

  /** Before it has a guest. */
  void prepare() {}

  /** Puts bytes at a guest physical address. */
  void place(long address, byte[] bytes) {
    machine.load(address, bytes, 0, bytes.length);
  }

  /** Its first CPU begins at an address. */
  void start(int entry) {
    machine.start(new PvhEntry(entry, 0));
  }

  /** The guest executes its programs, from power-on. @param programs of each CPU */
  StopReason execute(List<byte[]> programs) {
    begin(programs);
    return more(1, 1);
  }

  /** It is about to execute its programs. */
  void begin(List<byte[]> programs) {
    warm.restore();
    for (int cpu = 0; cpu < PcPlace.PROGRAMS.length; cpu++) {
      place(PcPlace.PROGRAMS[cpu], programs.get(cpu));
    }
    begun = machine.now();
    executed = machine.instructions();
    start(guest.entry());
  }

  /** It goes on, until a part of what the time and the instructions of an input are. */
  StopReason more(double time, double instructions) {
    StopReason reason = machine.run(new RunLimit(begun + (long) (NANOSECONDS * time), executed + (long) (INSTRUCTIONS * instructions)));
    if (TRACE) {
      System.out.printf("%s after %d ns and %d instructions%n", reason, machine.now() - begun, machine.instructions() - executed);
    }
    return reason;
  }

  /** What of an input's time has passed. */
  double time() {
    return (double) (machine.now() - begun) / NANOSECONDS;
  }

  /** What of an input's instructions it has executed. */
  double instructions() {
    return (double) (machine.instructions() - executed) / INSTRUCTIONS;
  }

  /** It becomes what another one is, in the middle of an input. */
  void load(PcMachine other) {
    WarmState.copy(other.machine, machine);
    begun = other.begun;
    executed = other.executed;
  }

  private static boolean bad(String kind) {
    return kind.endsWith("-failed") || FAULTS.contains(kind);
  }

  /** What went wrong inside since the last time. */
  List<String> faults() {
    List<String> found = new ArrayList<>(faults);
    faults.clear();
    Map<String, Long> now = machine.events();
    Map<String, Long> before = events == null ? Map.of() : events;
    now.forEach((kind, count) -> {
      if (bad(kind) && count > before.getOrDefault(kind, 0L) && found.isEmpty()) {
        found.add(kind);
      }
    });
    events = now;
    return found;
  }

  @Override
  public void close() {
    machine.close();
  }
}
