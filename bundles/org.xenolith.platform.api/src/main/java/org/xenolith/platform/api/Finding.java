// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

/**
 * One remark on a platform description.
 *
 * @param severity how bad it is
 * @param node     path of the node it is about
 * @param what     the fault or fact
 * @param remedy   what to do about it; empty for a note
 */
public record Finding(Severity severity, String node, String what, String remedy) {
  /** How bad a finding is. */
  public enum Severity {
    /** The platform can't be used. */
    ERROR,
    /** It can be used, but a part of a node means nothing. */
    WARNING,
    /** A fact worth knowing, such as a device that no installed model serves. */
    NOTE
  }

  @Override
  public String toString() {
    return severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + node + ": " + what
        + (remedy.isEmpty() ? "" : "; " + remedy);
  }
}
