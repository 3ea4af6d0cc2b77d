// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import org.osgi.annotation.versioning.ConsumerType;

/** A kind of firmware that a machine can be launched with, named by the option {@code firmware}; an OSGi service. */
@ConsumerType
public interface FirmwareKind {
  /** The name on the command line, lower case, for example {@code acpi}; no file's path is taken for it. */
  String name();

  /** What it does, for the option's help: a clause without a period at its end. */
  String summary();

  /** Whether it starts a boot loader from a disk, which may start a hypervisor there. */
  default boolean startsLoaders() {
    return false;
  }
}
