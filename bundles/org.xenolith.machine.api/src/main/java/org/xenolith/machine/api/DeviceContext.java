// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.RegisterFaults;

/**
 * All that a model may use of its machine, in facets, so that a part of a model takes what it needs and no more. Made by the core
 * for one node and one life of a model; closing it (by the core) undoes everything claimed through it. Claims are made in
 * {@link DeviceModelFactory#create} only.
 */
@ProviderType
public interface DeviceContext {
  /** The node this device was made for; for a function behind a transport, the transport's node. */
  PlatformNode node();

  /** The whole platform: for what stands in for firmware or a hypervisor, which read the machine's description. */
  Platform platform();

  /** Unique name of the device in its machine: the node's path, for a function with its suffix. */
  String instance();

  /**
   * Where the model's state comes from that it has, or is about to have while it is made: a model needn't find out by what others hold of it. Says
   * the same until the next {@link DeviceModel#reset} or {@link DeviceModel#restored}.
   */
  DeviceOrigin origin();

  /** Values of the options that the model's description has. */
  DeviceOptions options();

  /** Windows in which the device answers. */
  DeviceBus bus();

  /** Interrupt lines. */
  DeviceLines lines();

  /** The virtual clock, and alarms in its time. */
  DeviceTime time();

  /** Access to memory. */
  DeviceMemory memory();

  /** The machine's CPUs, and their firmware calls. */
  DeviceProcessors processors();

  /** Reset and power of the machine. */
  PowerPort power();

  /**
   * The permanent port of that type at this node, made on first request with the type's public no-argument constructor. It
   * is shared by everything at the node (a transport, the function behind it, the outside world) and outlives each of
   * them. A port that implements {@link PortState} is saved and restored with the machine, one that
   * is {@link AutoCloseable} is closed when the machine is.
   */
  <T> T port(Class<T> type);

  /**
   * The permanent port of that type at another node, such as the bus that this device is on.
   *
   * @throws ModelException if there is no such node
   */
  <T> T port(String path, Class<T> type);

  /** Reports guest accesses that the model does not cover, as events of this device. */
  RegisterFaults faults();

  /** The machine's event log. */
  EventLog events();

  /**
   * What the model gave to a port (a callback, a service of one subsystem to another) threw: takes the device off the bus,
   * and only it. For ports, which catch what they call.
   */
  void failed(Throwable bug);
}
