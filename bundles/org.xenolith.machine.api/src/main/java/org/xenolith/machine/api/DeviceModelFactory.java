// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes models; registered as an OSGi service by each provider bundle. Which nodes it serves is said by service properties,
 * of which the core tries the most specific value a node has first:
 * <ul>
 * <li>{@code xenolith.compatible} (String or String[]): values of the node's {@code compatible};
 * <li>{@code xenolith.function} (String or String[]): functions plugged behind a transport, such as {@code virtio:2};
 * <li>{@code xenolith.enable-method} (String or String[]): the {@code enable-method} of a CPU node;
 * <li>{@code xenolith.subsystem} (String or String[]): a role in the hypervisor, whose node is the context's. Every role that
 *     is offered has a place in a machine that has a hypervisor;
 * <li>{@code xenolith.firmware} (String or String[]): the same in a machine that has EFI firmware.
 * </ul>
 * With {@code xenolith.instructions} (String or String[], each as processors have it) it serves only machines whose boot CPU
 * executes such instructions, and a role has a place only in machines that an offer of it fits; without it, it serves all.
 *
 * <p>
 * Ties are decided by {@code service.ranking}; equal rank is a configuration error that names both bundles.
 */
@ConsumerType
public interface DeviceModelFactory {
  /** Name, options and quirk switches, for topology, command line, workbench and reference pages. */
  ModelDescription description();

  /**
   * Makes a model for the node of {@code context} and claims what it needs from it.
   *
   * @throws ModelException if the node or an option can't be served; the message says what and how to mend it
   */
  DeviceModel create(DeviceContext context);
}
