// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.api.EventLog;

/**
 * Puts machines together and starts them; a service. What can't be is a {@link BadInput}, or the
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

  /** The options that are installed, by their places. An option whose name another one has, or that can't be described, isn't there. */
  List<LaunchOption> options();

  /**
   * What is wrong with what options say, as far as it can be seen before anything is built or fetched: texts that can't be meant, files
   * that aren't there, options that exclude or need others. Each names its option.
   *
   * @param said texts by the name of an option
   */
  List<BadInput> faults(Map<String, List<String>> said);

  /**
   * The request that options make.
   *
   * @param said texts by the name of an option
   * @throws BadInput if there is no such option, a text of one can't be meant, or a snapshot to continue has decided what
   *                  one says
   */
  LaunchRequest request(Map<String, List<String>> said);

  /** The device tree that a guest would be given, before what its boot adds: what no model serves is disabled. */
  Fdt guestTree(LaunchRequest request);
}
