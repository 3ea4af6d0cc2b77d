// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.PortState;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.DeviceSlot.Role;
import org.xenolith.platform.api.PlatformNode;

/**
 * A cold reset of a machine between two instructions, as a power cycle makes it (Arm DEN 0022D, SYSTEM_RESET; ACPI's reset register). All is as at power-on but for virtual time, which goes on, and what belongs to the outside.
 *
 * <p>A warm reset (SYSTEM_RESET2) leaves RAM as it is, and differs in nothing else.
 *
 * <p>A device is reset by its model. A hypervisor is software, and so is firmware: it is gone and loaded again, so its core and its
 * subsystems are made anew, each by the provider that it has.
 */
public final class MachineReset {
  private final Hardware hardware;

  public MachineReset(Hardware hardware) {
    this.hardware = hardware;
  }

  /** Resets it; it is to be booted in a while. */
  public void perform() {
    boolean warm = hardware.power.request() == PowerSwitch.Request.WARM_RESET;
    hardware.power.tell(hardware.events);
    hardware.power.bootAt(hardware.clock.now() + Machine.RESET_NANOSECONDS);
    hardware.fabric.hold();
    try {
      List<DeviceSlot> software = software();
      software.reversed().forEach(DeviceSlot::unload);
      hardware.queue.clear();
      hardware.cpus.forEach(cpu -> cpu.reset());
      hardware.software.forget();
      hardware.scheduler.reset();
      hardware.fabric.reset();
      if (!warm) {
        hardware.space.ram().touched(chunk -> chunk.fill(0, chunk.size, (byte) 0));
      }
      hardware.platform.nodes().forEach(node -> hardware.ports.states(node.path(), (type, port) -> reset(node, port)));
      software.forEach(DeviceSlot::loadAgain);
      hardware.slots.forEach(DeviceSlot::powerCycle);
      hardware.faults.machineReset();
    } finally {
      hardware.fabric.release();
    }
  }

  /** What the outside has to say about it doesn't keep the machine from its reset. */
  private void reset(PlatformNode node, PortState port) {
    try {
      port.machineReset();
    } catch (RuntimeException | LinkageError e) {
      hardware.events.report("close-failed", node.path(), String.valueOf(e.getMessage()));
    }
  }

  /** The places at nodes that have places for subsystems. */
  private List<DeviceSlot> software() {
    Set<PlatformNode> nodes = new HashSet<>();
    hardware.slots.stream().filter(slot -> slot.role() == Role.SUBSYSTEM).forEach(slot -> nodes.add(slot.node()));
    return hardware.slots.stream().filter(slot -> nodes.contains(slot.node())).toList();
  }
}
