// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.places.KeptState;
import org.xenolith.machine.snapshot.Snapshot;
import org.xenolith.machine.snapshot.SnapshotCapture;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.StateRecord;

/** All that a machine was at one moment, in memory: it goes back to that in a fraction of a millisecond. */
public final class WarmState {
  private static final int PAGE = 4096;
  /** Bytes of a difference in memory. */
  private static final int SHOWN = 16;

  private final Hardware hardware;
  private final Snapshot snapshot;
  private final List<Ram> chunks = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  /** What the machine is now. */
  public WarmState(Machine machine) {
    hardware = ((CoreMachine) machine).hardware();
    snapshot = take(hardware);
    hardware.space.touched().forEach(chunk -> {
      chunks.add(chunk.ram());
      contents.add(chunk.ram().content());
    });
  }

  /** The machine is again what it was. */
  public void restore() {
    for (int i = 0; i < chunks.size(); i++) {
      copy(contents.get(i), chunks.get(i));
    }
    // What nobody had touched then, as most of a flash.
    List<AddressSpace.Chunk> touched = hardware.space.touched();
    if (touched.size() > chunks.size()) {
      touched.stream().filter(chunk -> !chunks.contains(chunk.ram())).forEach(WarmState::blank);
    }
    put(hardware, snapshot);
  }

  private static void blank(AddressSpace.Chunk chunk) {
    for (int at = 0; at < chunk.ram().size; at += PAGE) {
      if (!chunk.blank(at)) {
        chunk.ram().write(at, chunk.blank(), 0, PAGE);
      }
    }
  }

  /** Whether memory holds what it held. @param address of bytes in one chunk */
  public boolean holds(long address, int length) {
    for (int i = 0; i < chunks.size(); i++) {
      int at = (int) (address - chunks.get(i).base);
      if (at >= 0 && at + length <= contents.get(i).length) {
        return chunks.get(i).mismatch(at, contents.get(i), at, length) < 0;
      }
    }
    throw new IllegalArgumentException("no RAM at 0x" + Long.toHexString(address));
  }

  /** A machine becomes what another one of the same topology is, by way of a snapshot whose records were bytes in between. */
  public static void copy(Machine from, Machine to) {
    Hardware source = ((CoreMachine) from).hardware();
    Hardware target = ((CoreMachine) to).hardware();
    Snapshot taken = take(source);
    target.space.touched().forEach(WarmState::blank);
    source.space.touched().forEach(chunk -> copy(chunk.ram().content(), target.space.chunk(chunk.ram().base)));
    Map<String, KeptState> devices = new LinkedHashMap<>();
    taken.devices().forEach((name, kept) -> devices.put(name, new KeptState(travelled(kept.record()), kept.alarms())));
    Map<String, StateRecord> ports = new LinkedHashMap<>();
    taken.ports().forEach((name, record) -> ports.put(name, travelled(record)));
    Map<String, StateRecord> disks = new LinkedHashMap<>();
    taken.disks().forEach((name, record) -> disks.put(name, travelled(record)));
    put(target, new Snapshot(taken.topology(), taken.identities(), taken.providers(), taken.high(), travelled(taken.core()),
        taken.cpus().stream().map(WarmState::travelled).toList(), taken.standing().stream().map(WarmState::travelled).toList(), devices,
        ports, disks));
  }

  /** What two machines of the same topology differ in, by device and field; empty if they are the same. */
  public static List<String> differences(Machine one, Machine other) {
    List<String> found = new ArrayList<>();
    Map<String, String> kept = KeptRecords.of(one);
    Map<String, String> others = KeptRecords.of(other);
    kept.forEach((field, value) -> {
      if (!value.equals(others.get(field))) {
        found.add(field + " is " + value + ", there " + others.get(field));
      }
    });
    Snapshot here = take(((CoreMachine) one).hardware());
    Snapshot there = take(((CoreMachine) other).hardware());
    if (!here.disks().equals(there.disks())) {
      found.add("the disks differ");
    }
    here.devices().forEach((name, device) -> {
      List<?> alarms = there.devices().get(name).alarms();
      if (!device.alarms().equals(alarms)) {
        found.add(name + " has armed " + device.alarms() + ", there " + alarms);
      }
    });
    for (int i = 0; i < here.cpus().size(); i++) {
      Map<String, Object> registers = there.cpus().get(i).values();
      String cpu = "CPU " + i + " ";
      here.cpus().get(i).values().forEach((name, value) -> {
        if (!Objects.deepEquals(value, registers.get(name))) {
          found.add(cpu + name + apart(value, registers.get(name)));
        }
      });
    }
    if (found.isEmpty() && !one.digest().equals(other.digest())) {
      found.add("the digests differ, but nothing of devices and CPUs does: time, which is " + one.now() + " ns, there " + other.now()
          + ", or memory" + memory(one, other));
    }
    return found;
  }

  /** The first place in memory where two machines differ; empty if there is none. */
  private static String memory(Machine one, Machine other) {
    for (AddressWindow bank : one.platform().memory()) {
      for (long page = bank.base(); page < bank.end(); page += PAGE) {
        byte[] here = one.peek(page, PAGE);
        byte[] there = other.peek(page, PAGE);
        int at = Arrays.mismatch(here, there);
        if (at >= 0) {
          int end = Math.min(PAGE, at + SHOWN);
          return ", which at 0x%x is %s, there %s".formatted(page + at, HexFormat.of().formatHex(here, at, end), HexFormat.of().formatHex(
              there, at, end));
        }
      }
    }
    return "";
  }

  /** Of arrays of the same length the first place where they differ. */
  private static String apart(Object value, Object other) {
    if (value instanceof long[] here && other instanceof long[] there && here.length == there.length) {
      int at = Arrays.mismatch(here, there);
      return "[%d] is 0x%x, there 0x%x".formatted(at, here[at], there[at]);
    }
    return " is " + value + ", there " + other;
  }

  private static StateRecord travelled(StateRecord record) {
    return StateRecord.ofBytes(record.toBytes());
  }

  private static Snapshot take(Hardware hardware) {
    try {
      return new SnapshotCapture(hardware, "").take();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Hardware hardware, Snapshot snapshot) {
    try {
      new SnapshotCapture(hardware, "").put(snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hardware.power.clear();
  }

  private static void copy(byte[] from, Ram to) {
    for (int at = 0; at < from.length; at += PAGE) {
      if (to.mismatch(at, from, at, PAGE) >= 0) {
        to.write(at, from, at, PAGE);
      }
    }
  }
}
