// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.machine.DeviceSlot.Role;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.PlatformNode;

/**
 * A cold reset of a machine between two instructions: what PSCI's SYSTEM_RESET does is that of a power cycle (Arm
 * DEN 0022D, SYSTEM_RESET). All is as at power-on but for virtual time, which goes on, and what belongs to the outside.
 *
 * <p>A device is reset by its model. A hypervisor is software: it is gone and loaded again, so its core and its subsystems are made
 * anew, each by the provider that it has.
 */
final class MachineReset {
  private final Hardware hardware;

  MachineReset(Hardware hardware) {
    this.hardware = hardware;
  }

  /** Resets it; nothing is loaded or started. */
  void perform() {
    hardware.events.report("machine-reset", hardware.power.who(), "%s; at instruction %d, %.9f s of virtual time".formatted(
        hardware.power.why(), hardware.clock.instructions(), hardware.clock.now() / 1e9));
    hardware.power.clear();
    hardware.fabric.hold();
    try {
      List<DeviceSlot> software = software();
      software.reversed().forEach(DeviceSlot::unload);
      hardware.queue.clear();
      hardware.clock.jump(hardware.clock.now() + Machine.RESET_NANOSECONDS);
      hardware.cpus.forEach(cpu -> cpu.reset());
      hardware.scheduler.reset();
      hardware.fabric.reset();
      hardware.space.ram().touched(chunk -> {
        Arrays.fill(chunk.bytes, (byte) 0);
        chunk.wrote(0, chunk.bytes.length);
      });
      for (PlatformNode node : hardware.platform.nodes()) {
        hardware.ports.states(node.path(), (type, port) -> port.machineReset());
      }
      software.forEach(DeviceSlot::loadAgain);
      hardware.slots.forEach(DeviceSlot::powerCycle);
    } finally {
      hardware.fabric.release();
    }
  }

  /** The places at nodes that have places for subsystems. */
  private List<DeviceSlot> software() {
    Set<PlatformNode> nodes = new HashSet<>();
    hardware.slots.stream().filter(slot -> slot.role() == Role.SUBSYSTEM).forEach(slot -> nodes.add(slot.node()));
    return hardware.slots.stream().filter(slot -> nodes.contains(slot.node())).toList();
  }
}
