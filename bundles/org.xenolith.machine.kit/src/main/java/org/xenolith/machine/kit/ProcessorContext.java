// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.EventLog;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** What a processor is given of its machine. */
@ProviderType
public interface ProcessorContext {
  /** Position among the machine's CPUs, from 0. */
  int index();

  /** The CPU's node. */
  PlatformNode node();

  /** The platform that the CPU is part of. */
  Platform platform();

  /** Values of the options that the factory's description has. */
  DeviceOptions options();

  /** The physical address space, as this CPU sees it. */
  RamBus bus();

  /** All processors of the machine, in the order of their nodes. Complete when the first of them executes, not yet while they are made. */
  List<? extends Processor> processors();

  /** The processor, waiting or powered off, became able to run. */
  void wake();

  /**
   * What {@link #now} says, if each instruction takes a nanosecond and all clocks of the machine run as time does; else a negative number.
   */
  long nanoseconds();

  /** Time of the CPU's clock in nanoseconds at the current instruction: virtual time, unless that clock has a fault or has had one. */
  long now();

  /** Virtual time at which the CPU's clock comes to show some time; {@link Long#MAX_VALUE} if it never does. */
  long due(long nanoseconds);

  /** Has somebody told whenever the CPU's clock goes otherwise than it did. */
  void clockMoves(Runnable listener);

  /** Where ways out of guest code are told. */
  Exits exits();

  /** The machine's event log. */
  EventLog events();
}
