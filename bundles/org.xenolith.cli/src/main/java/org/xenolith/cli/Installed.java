package org.xenolith.cli;

import java.util.List;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.MachineBuilder;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyStore;

/**
 * What the installed bundles offer to the command line.
 *
 * @param builder builds machines
 * @param change  replaces, removes and adds bundles
 * @param reader  turns trees and files into platforms
 * @param topologies topology files
 * @param boards  boards that need no file
 * @param guests  guests that need no kernel file
 * @param loaders kernel formats
 * @param disks   disk image formats
 */
record Installed(MachineBuilder builder, LiveChange change, PlatformReader reader, TopologyStore topologies,
    List<BoardProvider> boards,
    List<GuestSource> guests, List<BootLoader> loaders, List<BlockDeviceFactory> disks) { }
