// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.watch;

/** Why guest code stopped for the host's to work. */
public enum ExitKind {
  /** A load from a model's window. */
  READ,
  /** A store to a model's window. */
  WRITE,
  /** An access to a system register that a model answers. */
  REGISTER,
  /** A call of the firmware, by an instruction for that. */
  FIRMWARE,
  /** An exception that a hypervisor in Java takes. */
  HYPERVISOR,
  /** An alarm of a model, between two slices of execution. */
  ALARM;

  private final String text = name().toLowerCase(java.util.Locale.ROOT);

  /** In lower case, as reports and events have it. */
  public String text() {
    return text;
  }
}
