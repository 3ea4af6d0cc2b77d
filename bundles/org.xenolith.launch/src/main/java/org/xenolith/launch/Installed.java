// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.MachineBuilder;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformReader;

/**
 * What the installed bundles offer to a launch.
 *
 * @param builder builds machines
 * @param reader  turns trees and files into platforms
 * @param boards  boards that need no file
 * @param guests  guests that need no kernel file
 * @param loaders kernel formats, lowest ranking first
 * @param disks   disk image formats
 * @param shapers who has a say, lowest ranking first
 * @param debuggers who debugs machines that are launched so
 * @param options what a launch can be told
 */
record Installed(MachineBuilder builder, PlatformReader reader, List<BoardProvider> boards, List<GuestSource> guests,
    List<BootLoader> loaders, List<BlockDeviceFactory> disks, List<LaunchShaper> shapers, List<Debugger> debuggers,
    LaunchOptions options) {}
