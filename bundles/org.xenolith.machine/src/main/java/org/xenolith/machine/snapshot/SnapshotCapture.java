// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.block.api.BlockPort;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PortState;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.KeptState;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/** Takes the state out of a machine that stands still, and puts it into one of the same topology. */
public final class SnapshotCapture {
  private final Hardware hardware;
  private final String topology;

  public SnapshotCapture(Hardware hardware, String topology) {
    this.hardware = hardware;
    this.topology = topology;
  }

  /** All state but RAM. */
  public Snapshot take() throws IOException {
    Map<String, String> providers = new LinkedHashMap<>();
    Map<String, KeptState> devices = new LinkedHashMap<>();
    for (DeviceSlot slot : hardware.slots) {
      if (slot.present()) {
        providers.put(slot.instance(), slot.offer().provider().toString());
      }
      KeptState state = slot.capture();
      if (state != null) {
        devices.put(slot.instance(), state);
      }
    }
    Map<String, StateRecord> ports = new LinkedHashMap<>();
    Map<String, StateRecord> disks = new LinkedHashMap<>();
    for (PlatformNode node : hardware.platform.nodes()) {
      hardware.ports.states(node.path(), (type, port) -> ports.put(node.path() + ' ' + type, port.state().save()));
      disks(node.path(), (place, disk) -> {
        if (disk.device() != null) {
          disks.put(place.toString(), disk.device().save());
        }
      });
    }
    List<StateRecord> cpus = hardware.cpus.stream().map(cpu -> cpu.state().save()).toList();
    List<StateRecord> standing = hardware.cpus.stream().map(cpu -> hardware.standing.save(cpu.index())).toList();
    return new Snapshot(topology, CpuIdentities.of(hardware), providers, hardware.fabric.high(), hardware.state.save(), cpus, standing,
        devices, ports, disks);
  }

  /** What is done with a disk's place. */
  private interface AtDisk {
    void accept(BlockPlace place, BlockPort port) throws IOException;
  }

  /** Visits the places of disks that a node's models have asked for, without making any. */
  private void disks(String node, AtDisk visitor) throws IOException {
    Map<BlockPlace, BlockPort> places = new LinkedHashMap<>();
    hardware.ports.all(node, (type, port) -> {
      if (port instanceof BlockPort disk) {
        places.put(BlockPlace.of(node), disk);
      } else if (port instanceof BlockUnitsPort units) {
        units.attached().forEach((number, disk) -> places.put(BlockPlace.of(node, number), disk));
      }
    });
    for (var place : places.entrySet()) {
      visitor.accept(place.getKey(), place.getValue());
    }
  }

  /** The disk at a place of a snapshot; null if there is none. */
  private BlockDevice disk(String text) throws IOException {
    BlockPlace wanted;
    try {
      wanted = BlockPlace.of(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(text + ": the snapshot has a disk where none can be: " + e.getMessage());
    }
    BlockDevice[] found = new BlockDevice[1];
    disks(wanted.node(), (place, port) -> {
      if (place.equals(wanted)) {
        found[0] = port.device();
      }
    });
    return found[0];
  }

  /**
   * Refuses a snapshot of another machine.
   *
   * @throws IOException that says so
   */
  public void checkTopology(Snapshot snapshot) throws IOException {
    Optional<String> otherCpus = snapshot.identities().difference(CpuIdentities.of(hardware));
    if (otherCpus.isPresent()) {
      throw new IOException("the snapshot was made of another machine: " + otherCpus.get());
    }
    if (!snapshot.topology().equals(topology)) {
      throw new IOException("the snapshot was made of another topology (" + snapshot.topology() + ", this machine has "
          + topology + "); use the board and options that it was made with");
    }
  }

  /**
   * Refuses a snapshot that doesn't fit, before any state is changed.
   *
   * @throws IOException naming what doesn't fit
   */
  public void check(Snapshot snapshot) throws IOException {
    if (snapshot.cpus().size() != hardware.cpus.size()) {
      throw new IOException("the snapshot has " + snapshot.cpus().size() + " CPUs, the machine " + hardware.cpus.size());
    }
    if (!snapshot.standing().isEmpty() && snapshot.standing().size() != snapshot.cpus().size()) {
      throw new IOException("the snapshot has " + snapshot.cpus().size() + " CPUs, and of " + snapshot.standing().size()
          + " what the core knows: it is damaged");
    }
    Map<String, DeviceSlot> slots = new LinkedHashMap<>();
    hardware.slots.forEach(slot -> slots.put(slot.instance(), slot));
    for (String instance : snapshot.devices().keySet()) {
      DeviceSlot slot = slots.get(instance);
      boolean wasPresent = snapshot.providers().containsKey(instance);
      if (slot == null || wasPresent && !slot.present()) {
        throw new IOException(instance + ": nothing serves it here, in the snapshot "
            + snapshot.providers().getOrDefault(instance, "nobody") + " did; install that bundle");
      }
      if (!wasPresent && slot.present()) {
        throw new IOException(instance + ": " + slot.offer().provider()
            + " serves it here, in the snapshot it had been removed; remove that bundle first");
      }
    }
    for (DeviceSlot slot : slots.values()) {
      if (slot.present() && !snapshot.devices().containsKey(slot.instance())) {
        throw new IOException(slot.instance() + ": " + slot.offer().provider() + " serves it here, the snapshot doesn't know it");
      }
    }
    for (String node : snapshot.disks().keySet()) {
      if (disk(node) == null) {
        throw new IOException(node + ": the snapshot has a disk there; attach the same image first");
      }
    }
  }

  /**
   * Puts the state in; RAM is the caller's.
   *
   * @throws IOException if a record doesn't fit; the message names device and field, and the machine must not go on
   */
  public void put(Snapshot snapshot) throws IOException {
    hardware.fabric.hold();
    try {
      for (int i = 0; i < hardware.cpus.size(); i++) {
        StateRecord record = snapshot.cpus().get(i);
        var cpu = hardware.cpus.get(i);
        fit("cpu " + i, () -> cpu.state().restore(record));
      }
      fit("core", () -> core(snapshot.core()));
      hardware.fabric.restore(snapshot.high());
      for (DeviceSlot slot : hardware.slots) {
        fit(slot.instance(), () -> slot.restore(snapshot.devices().get(slot.instance())));
      }
      for (PlatformNode node : hardware.platform.nodes()) {
        ports(node.path(), snapshot);
      }
      for (var disk : snapshot.disks().entrySet()) {
        fit(disk.getKey(), () -> disk(disk.getKey()).restore(disk.getValue()));
      }
      for (int i = 0; i < hardware.cpus.size(); i++) {
        fit("cpu " + i, hardware.cpus.get(i)::restored);
      }
      hardware.slots.forEach(DeviceSlot::restored);
      for (int i = 0; i < hardware.cpus.size(); i++) {
        int cpu = i;
        StateRecord known = snapshot.standing().isEmpty() ? null : snapshot.standing().get(i);
        fit("core " + i, () -> hardware.standing.restore(cpu, known));
      }
      // What models armed or drove while they were told is the snapshot's again.
      fit("core", () -> hardware.state.restore(snapshot.core()));
    } finally {
      hardware.fabric.release();
    }
  }

  /** Time and turns: what no machine ever had would end in the run loop, where nothing contains it. */
  private void core(StateRecord record) {
    hardware.state.restore(record);
    hardware.clock.check();
    hardware.scheduler.check();
    hardware.power.check();
  }

  private void ports(String node, Snapshot snapshot) throws IOException {
    Map<String, PortState> here = new LinkedHashMap<>();
    hardware.ports.states(node, here::put);
    for (var port : here.entrySet()) {
      StateRecord record = snapshot.ports().get(node + ' ' + port.getKey());
      if (record != null) {
        fit(node + ' ' + port.getKey(), () -> port.getValue().state().restore(record));
      } else {
        port.getValue().state().reset();
      }
    }
    for (String name : snapshot.ports().keySet()) {
      String type = name.substring(name.indexOf(' ') + 1);
      if (name.startsWith(node + ' ') && !here.containsKey(type)) {
        throw new IOException(node + ": the snapshot has a port " + type + " there that no model here uses");
      }
    }
  }

  /** What takes a record over. */
  private interface Restore {
    void run() throws IOException;
  }

  private static void fit(String what, Restore restore) throws IOException {
    try {
      restore.run();
    } catch (StateMismatch | ModelException e) {
      throw new IOException(what + ": " + e.getMessage());
    } catch (RuntimeException e) {
      // A value that no model writes; the file has the right digest, so somebody made it.
      throw new IOException(what + ": its record can't be restored: " + e, e);
    }
  }
}
