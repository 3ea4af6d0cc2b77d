// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.util.Optional;
import org.xenolith.machine.journal.JournalEntry.Operation;

/**
 * A bundle that was changed under a machine.
 *
 * @param version   of it now, or that was removed
 * @param jar       content of the new version; empty if nothing was put in
 * @param replaced  version before; empty if it wasn't there, or nobody knows
 * @param replacing content of that; empty if it wasn't there, or can't be read
 */
public record ChangedBundle(Operation operation, String bundle, String version, Optional<byte[]> jar, String replaced,
    Optional<byte[]> replacing) {
  /** One of which nothing was put in nor taken out: its services came or went. */
  public ChangedBundle(Operation operation, String bundle, String version) {
    this(operation, bundle, version, Optional.empty(), "", Optional.empty());
  }
}
