// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.platform.api.InterruptSpecifier;

/** Interrupt lines of a device: those it drives, and those that arrive at it. */
@ProviderType
public interface DeviceLines {
  /**
   * The line of the node's {@code interrupts} entry {@code index}.
   *
   * @throws ModelException if the node has no such entry
   */
  InterruptLine interrupt(int index);

  /**
   * The line of entry {@code index} at CPU {@code cpu}'s private input.
   *
   * @throws ModelException if the node has no such entry
   */
  InterruptLine interrupt(int index, int cpu);

  /** Entries in the node's interrupts. */
  int interrupts();

  /**
   * The line to an interrupt that isn't in the node's {@code interrupts}: of an {@code interrupt-map}, or one of a range that the
   * node has for messages.
   */
  InterruptLine line(InterruptSpecifier specifier);

  /** Makes this device an interrupt controller: lines whose parent is its node arrive at {@code inputs}. */
  void controller(InterruptInputs inputs);

  /**
   * The specifiers by which the platform's nodes, enabled or not, name inputs of this node: what an interrupt controller must
   * have room for. Empty for other nodes.
   */
  List<InterruptSpecifier> incoming();
}
