// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.WarmState;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine whose guest has set its devices up, and which goes back to that moment for each input. */
final class AttackedMachine implements AutoCloseable {
  /** What setting up may take. */
  private static final long PREPARATION = 20_000_000;
  /** What one input is given: virtual time, and instructions. */
  private static final long NANOSECONDS = 2_000_000;
  private static final long INSTRUCTIONS = 20_000;
  /** What no guest may cause, beside kinds that end in {@code -failed}. */
  private static final List<String> FAULTS = List.of("internal-fault", "model-removed", "model-refused");

  final Machine machine;
  final List<DeviceDisk> disks = new ArrayList<>();
  private final ScriptCode code;
  private final WarmState warm;
  private final List<String> faults = new ArrayList<>();
  private Map<String, Long> events;
  private long begun;
  private long executed;

  /** @param preparation writes down what a guest's drivers do first */
  AttackedMachine(DeviceBoard board, String engine, BiConsumer<Machine, Script> preparation) {
    machine = board.build(engine, disks);
    machine.eventListener((kind, place, text) -> {
      if (bad(kind)) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    code = new ScriptCode(board.gic(), board.el2());
    byte[] program = code.bytes();
    machine.load(Place.CODE, program, 0, program.length);
    byte[] canary = new byte[Place.PAGE];
    Arrays.fill(canary, (byte) 0xC4);
    machine.load(Place.CANARY, canary, 0, canary.length);
    Script script = new Script(code);
    preparation.accept(machine, script);
    if (script.full()) {
      throw new IllegalStateException("setting up doesn't fit");
    }
    put(script.bytes());
    StopReason reason = machine.run(new RunLimit(PREPARATION, Long.MAX_VALUE));
    if (reason != StopReason.IDLE || !faults().isEmpty()) {
      throw new IllegalStateException("the machine to fuzz doesn't come up: " + reason + ", " + machine.events());
    }
    warm = new WarmState(machine);
  }

  ScriptCode code() {
    return code;
  }

  WarmState warm() {
    return warm;
  }

  private void put(byte[] script) {
    machine.load(Place.SCRIPT, script, 0, script.length);
    PlainAssembly.cpu(machine, 0).powerOff();
    machine.start(new ArmEntry(code.entry(), 0));
  }

  /** The guest executes a script, from the moment on when all was set up. */
  StopReason execute(byte[] script) {
    begin(script);
    return more(1, 1);
  }

  /** It is about to execute a script, from that moment on. */
  void begin(byte[] script) {
    warm.restore();
    put(script);
    begun = machine.now();
    executed = machine.instructions();
  }

  /** It goes on, until a part of what the time and the instructions of an input are. */
  StopReason more(double time, double instructions) {
    return machine.run(new RunLimit(begun + (long) (NANOSECONDS * time), executed + (long) (INSTRUCTIONS * instructions)));
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
  void load(AttackedMachine other) {
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
