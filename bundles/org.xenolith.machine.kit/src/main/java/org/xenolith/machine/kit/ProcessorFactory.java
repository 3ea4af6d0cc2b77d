// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;

/**
 * Makes processors of an architecture; registered as an OSGi service by each bundle that has one. Which CPU nodes it serves is said by the service
 * property {@code xenolith.compatible} (String or String[]): values of the node's {@code compatible}, the most specific one first; ties are decided
 * by {@code service.ranking}. A processor stays for the life of its machine, whatever becomes of the bundle: its classes are a kit's, so that a bundle that
 * is gone can be collected.
 */
@ConsumerType
public interface ProcessorFactory {
  /** Name and options, which the core checks at the CPU's node as a device's. */
  ModelDescription description();

  /** Which CPU a node gets that names none, by the name of its description; empty if its CPUs have no names. */
  default String standard() {
    return "";
  }

  /**
   * Makes the processor of a CPU node, powered off.
   *
   * @throws ModelException if the node or an option can't be served; the message says what and how to mend it
   */
  Processor create(ProcessorContext context);
}
