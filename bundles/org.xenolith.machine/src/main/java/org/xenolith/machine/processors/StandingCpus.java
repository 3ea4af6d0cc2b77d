// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.FaultLoop;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.regs.StateRecord;

/**
 * CPUs that take one exception for ever. Looks where a CPU's {@link FaultLoop} asks for it: if all of the CPU's state and all memory are what they were when it
 * asked last, with nothing but that fault between, the CPU does the same again and again. The machine is at its end if none of the others can do anything
 * either, and no interrupt that is on its way would be taken.
 *
 * <p>One thing isn't seen: a handler that reads the time, keeps no trace of it in registers or memory, and gives up at last.
 */
public final class StandingCpus {
  /** Of an event about a CPU that does nothing any more. */
  static final String EVENT = "exception-loop";

  private final Hardware hardware;
  /** What was seen last of each CPU; null for nothing. */
  private final Look[] looks;
  /** In which row of faults each is known to do nothing; -1 if it isn't. */
  private final long[] standing;

  private static final String FAULTS = "faults";
  private static final String STANDING = "standing";
  private static final String STRETCH = "stretch";
  private static final String REGISTERS = "registers";
  private static final String MEMORY = "memory";

  /** What is to be compared. */
  private record Look(long stretch, Map<String, Object> registers, byte[] memory) {}

  public StandingCpus(Hardware hardware) {
    this.hardware = hardware;
    looks = new Look[hardware.cpus.size()];
    standing = new long[looks.length];
    Arrays.fill(standing, -1);
  }

  /** A slice of a CPU is over. Returns whether the machine is at its end, which is told. */
  public boolean atEnd(Turn turn) {
    Processor cpu = turn.processor();
    FaultLoop faults = cpu == null ? null : cpu.faults();
    return faults != null && faults.suspicious() && look(cpu, faults);
  }

  private boolean look(Processor cpu, FaultLoop faults) {
    int index = cpu.index();
    Look before = looks[index];
    Look now = new Look(faults.stretch(), registers(cpu, faults), memory());
    looks[index] = now;
    if (before == null || before.stretch != now.stretch || !Arrays.equals(before.memory, now.memory) || !same(before, now, faults)) {
      return false;
    }
    boolean known = standing[index] == now.stretch;
    standing[index] = now.stretch;
    boolean end = nothingElse();
    if (end || !known) {
      hardware.events.announce(EVENT, "cpu" + index, "it takes the same exception for ever: " + faults
          + (end ? "" : "; other CPUs go on, or an interrupt may come"));
    }
    return end;
  }

  /** What is known of a CPU, for a snapshot: of no digest, as it is nothing that a guest could see. */
  public StateRecord save(int index) {
    StateRecord record = new StateRecord();
    FaultLoop faults = hardware.cpus.get(index).faults();
    if (faults != null) {
      record.put(FAULTS, faults.save().toBytes());
      record.put(STANDING, standing[index]);
      Look look = looks[index];
      if (look != null) {
        StateRecord registers = new StateRecord();
        look.registers.forEach(registers::put);
        record.put(STRETCH, look.stretch);
        record.put(REGISTERS, registers.toBytes());
        record.put(MEMORY, look.memory);
      }
    }
    return record;
  }

  /** Goes on with what was known of a CPU, when its state has been restored; with nothing if the record is of an earlier version, which has none. */
  public void restore(int index, StateRecord record) {
    looks[index] = null;
    standing[index] = -1;
    FaultLoop faults = hardware.cpus.get(index).faults();
    if (faults == null || record == null || record.values().isEmpty()) {
      return;
    }
    faults.restore(StateRecord.ofBytes(record.get(FAULTS, byte[].class)));
    standing[index] = record.get(STANDING, Long.class);
    if (record.get(STRETCH) instanceof Long stretch) {
      looks[index] = new Look(stretch, new TreeMap<>(StateRecord.ofBytes(record.get(REGISTERS, byte[].class)).values()),
          record.get(MEMORY, byte[].class).clone());
    }
  }

  private static boolean same(Look before, Look now, FaultLoop faults) {
    boolean runaway = faults.nested() && faults.hits() >= FaultLoop.RUNAWAY;
    return now.registers.entrySet().stream()
        .allMatch(e -> runaway && faults.stack().contains(e.getKey()) || Objects.deepEquals(e.getValue(), before.registers.get(e
            .getKey())));
  }

  private static Map<String, Object> registers(Processor cpu, FaultLoop faults) {
    Map<String, Object> registers = new TreeMap<>(cpu.state().save().values());
    registers.keySet().removeAll(faults.counters());
    return registers;
  }

  private byte[] memory() {
    MessageDigest digest = MachineDigest.sha256();
    byte[] page = new byte[MachineDigest.PAGE];
    ByteBuffer place = ByteBuffer.allocate(Long.BYTES);
    for (AddressSpace.Chunk chunk : hardware.space.touched()) {
      Ram ram = chunk.ram();
      for (int at = 0; at < ram.size; at += page.length) {
        if (!chunk.blank(at)) {
          digest.update(place.putLong(0, ram.base + at).array());
          ram.read(at, page, 0, page.length);
          digest.update(page);
        }
      }
    }
    return digest.digest();
  }

  /** Whether no CPU does anything, nor could be made to by what is on its way. */
  private boolean nothingElse() {
    boolean open = false;
    for (Processor cpu : hardware.cpus) {
      FaultLoop faults = cpu.faults();
      if (faults != null && standing[cpu.index()] == faults.stretch() && faults.hits() > 0) {
        open |= faults.open();
      } else if (cpu.runnable()) {
        return false;
      } else {
        open |= cpu.powered();
      }
    }
    return !open || hardware.queue.next() == Long.MAX_VALUE;
  }
}
