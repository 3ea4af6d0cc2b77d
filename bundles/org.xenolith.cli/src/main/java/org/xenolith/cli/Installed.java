// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.List;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.SubCommand;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyFormat;
import org.xenolith.platform.api.TopologyStore;
import org.xenolith.profile.api.Profiler;

/**
 * What the installed bundles offer to the command line. The lists change as bundles come and go.
 *
 * @param launcher   puts machines together
 * @param change     replaces, removes and adds bundles
 * @param reader     turns trees and files into platforms
 * @param topologies topology files
 * @param formats    forms of description besides device trees, the best last
 * @param boards     boards that need no file
 * @param guests     guests that need no kernel file
 * @param commands   further subcommands
 * @param prompt     further commands of the monitor prompt and the OSGi shell
 * @param profilers  what finds out where guest time goes, the best last
 * @param plugins    folders of further bundles
 */
record Installed(Launcher launcher, LiveChange change, PlatformReader reader, TopologyStore topologies,
    List<TopologyFormat> formats, List<BoardProvider> boards, List<GuestSource> guests, List<SubCommand> commands, PromptCommands prompt,
    List<Profiler> profilers, List<PluginsFolder> plugins) {

  /** The same with folders of bundles. */
  Installed with(List<PluginsFolder> folders) {
    return new Installed(launcher, change, reader, topologies, formats, boards, guests, commands, prompt, profilers, folders);
  }
}
