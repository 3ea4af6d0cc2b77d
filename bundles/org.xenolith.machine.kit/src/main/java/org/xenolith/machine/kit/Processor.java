// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.regs.DeviceState;

/**
 * A CPU as its machine has it, whatever its architecture: what the run loop, snapshots and memory need of it. Who executes its instructions, an
 * engine, asks for more ({@link CpuPort#as}). Permanent for the machine's life.
 */
@ConsumerType
public interface Processor extends CpuPort {
  /** Among {@link #identification}: the name of its description. */
  String CPU = "CPU";

  /** The instruction set that it executes, a word: engines say which ones they have by {@code xenolith.instructions}. */
  String instructions();

  /**
   * Which CPU it is, as software finds it: its name as {@link #CPU}, and what it tells by the manual's names, each with a value as a text. The same for its life, whatever
   * devices its machine has; snapshots and journals are refused that were made with another one.
   */
  default Map<String, String> identification() {
    return Map.of();
  }

  /**
   * Powers it on, to be entered so.
   *
   * @throws org.xenolith.machine.api.ModelException if that is another architecture's entry
   */
  void start(CpuEntry entry);

  /** Whether it could execute now: powered, and not waiting or with a cause to wake. */
  boolean runnable();

  /**
   * Whether an access that it makes now is a privileged one: its level is above that of applications, and the instruction doesn't ask for an unprivileged one. A CPU that
   * has one level only is always privileged.
   */
  default boolean privileged() {
    return true;
  }

  /** Instructions completed since the current run was entered, exact at any call out of the CPU; 0 outside runs. */
  long executed();

  /** Makes the engine come back after the current instruction. */
  void requestExit();

  /** Whether the current run is to end, or the last one ended, because of {@link #requestExit}. */
  boolean exitRequested();

  /** All that it is at the moment: of a snapshot, a hand-over and a digest. */
  DeviceState state();

  /** Cold reset: powered off, all state at its reset values. */
  void reset();

  /** State was restored: what follows from it is to be computed, and what engines derived to be forgotten. */
  void restored();

  /** Bytes of a page that holds decoded code were written: see {@link Ram.CodeListener}. */
  void codeWritten(Ram ram, int offset, int length);

  /** A window of the bus isn't read directly any more; of code in it {@link #codeWritten} tells. */
  void windowChanged();

  /** Software of the machine's that stood for a part of the CPU, as a hypervisor in Java does, isn't there any more. It is powered off. */
  void softwareUnloaded();

  /**
   * Whether it is the one that a machine's description names to boot.
   *
   * @param id the physical id of the boot CPU, as a device tree's header has it (Devicetree Specification 0.4, 5.2): its node's {@code reg}
   */
  boolean boots(long id);

  /** What watches its exceptions for one that leads to itself; null for none. */
  default @Nullable FaultLoop faults() {
    return null;
  }

  /** Where it is told at which addresses to come back, and tells what it has met; null if it can't. The same for its life. */
  default @Nullable DebugPoints debugPoints() {
    return null;
  }

  /** {@link #debugPoints} has others, or {@link Ram#isCode} changed: what was derived without them is to be forgotten. No part of its state changes. */
  default void debugPointsChanged() {}

  /** What a device may do with it, for the device's life. */
  CpuView view(ViewContext device);
}
