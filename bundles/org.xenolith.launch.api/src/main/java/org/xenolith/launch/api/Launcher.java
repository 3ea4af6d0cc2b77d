// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.api.EventLog;

/**
 * Puts machines together and starts them; a service. What can't be is a {@link org.xenolith.command.api.BadInput}, or the
 * exception of the contract that refused it ({@code ModelException}, {@code PlatformException}, {@code BootException},
 * {@code FdtException}), all with a message for the user. Nothing stays open after an exception.
 */
@ProviderType
public interface Launcher {
  /**
   * Builds a machine, loads what is to run and powers it on; or builds one and continues a snapshot. It doesn't run yet.
   *
   * @param progress hears of what takes long: fetching a guest, say
   * @param events   hears of the machine's events from its making on; see {@code Machine.eventListener}
   */
  Launch launch(LaunchRequest request, ProgressListener progress, EventLog events);

  /** The device tree that a guest would be given, before what its boot adds: what no model serves is disabled. */
  Fdt guestTree(LaunchRequest request);
}
