// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/**
 * Where a model's state comes from, and so what has happened before the call that begins with it: {@link DeviceModelFactory#create} and
 * {@link DeviceModel#reset}, or {@link DeviceModel#restored}. A model can have several in its life: one that was made at power-on is reset with
 * the machine, or takes over a snapshot's record.
 *
 * <p>A model from a record whose machine missed nothing ({@link #HAND_OVER}, {@link #SNAPSHOT}) must do nothing of its own accord: the run would be
 * another one than that which wasn't replaced or saved. One that {@link #RETURN returns} must look for what it missed.
 */
public enum DeviceOrigin {
  /**
   * The machine is put together: {@code create}, then {@code reset} once all models are made, in the order of the nodes. No CPU is on, virtual time is 0,
   * RAM is zero. Permanent ports are new; the other side may not be there yet. Software that waits is made so, too, and taken out again without a reset.
   */
  POWER_ON,
  /**
   * The machine was reset. A device is the same model, only {@code reset}; software that the machine consists of, a hypervisor or firmware, was {@link
   * DeviceModel#removed} and is made anew, {@code create} and {@code reset}. No CPU is on, alarms are disarmed, wires are low, RAM is zero, but after a warm
   * reset as it was. Ports have reset what belongs to the machine ({@link PortState#machineReset}); what belongs to the outside is still there. Virtual time
   * goes on.
   */
  MACHINE_RESET,
  /**
   * Software that waited is loaded ({@code Machine.loadSoftware}): {@code create} for all of its parts, then {@code reset} for all. No CPU is on. RAM, devices
   * and virtual time are as whoever was there before, such as firmware and a boot loader, left them.
   */
  SOFTWARE_LOADED,
  /**
   * A bundle comes to a machine that is there already, to a place of which no record is kept: nobody ever served it, the machine was reset since, or its last
   * state could not be had. {@code create} and {@code reset}. CPUs, RAM, other models and virtual time are in the middle of their run; the outside may be
   * connected to the ports already.
   */
  ADDED,
  /**
   * Another version takes over between two instructions: {@code create}, the state and the alarms of the one before, {@code restored}; no {@code reset}. RAM,
   * CPUs, wires and other models are as they were when that state was taken. Ports still hold what the one before gave them, which was not {@code removed}:
   * claims of this one replace it, and what was signalled to ports is pending. So it is, too, when a version could not take over and the one before is put back.
   */
  HAND_OVER,
  /**
   * A device comes back that was there and went, its bundle removed or its model failed: {@code create}, the kept state, the alarms that were armed, of which
   * those whose time has come ring at once, {@code restored}; no {@code reset}. The one before was {@code removed}: ports hold nothing of it, and what they
   * were to tell it meanwhile is lost. CPUs, RAM and other models went on without it. The record may be a snapshot's, which was taken while it was away.
   */
  RETURN,
  /**
   * A snapshot's record is put into a model that was reset before or has gone on since: its state and its alarms, then {@code restored}. RAM, CPUs, wires, other
   * models' states and those of ports ({@link PortState}) are the snapshot's, too, and virtual time. Ports hold what this model gave them; what of that goes by
   * its state may be of the state before.
   */
  SNAPSHOT;

  /** Whether the state is a record's, told by {@link DeviceModel#restored}; else it is that of {@link DeviceModel#reset}. */
  public boolean fromRecord() {
    return this == HAND_OVER || this == RETURN || this == SNAPSHOT;
  }
}
