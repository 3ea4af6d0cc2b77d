// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A CPU that machines can have, as data; a service with the property {@value #NAME}, its name. Bundles need no Java for one: a capability {@value #NAME} of the
 * manifest with the attribute {@code file} names a file of the bundle, which is offered in the bundle's name, and the CPU has the name of the file. Who makes
 * processors of an architecture reads what it says; nothing of it is looked at before a machine is made.
 */
@ConsumerType
public interface CpuDescription {
  /** The service's property, and the capability. */
  String NAME = "xenolith.cpu";

  /** What it is asked for by, such as {@code acme-core}. */
  String name();

  /** Where it is written, for messages: bundle and path. */
  String place();

  /**
   * What is written.
   *
   * @throws org.xenolith.machine.api.ModelException if it can't be read; the message begins with the place
   */
  String text();
}
