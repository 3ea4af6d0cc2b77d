// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;

/** A machine that was launched: powered on, or a snapshot's, and not running yet. */
@ProviderType
public interface Launch extends AutoCloseable {
  /** The machine. Its consoles' input arrives through {@code Machine.input("serial", node, bytes)}. */
  Machine machine();

  /** What it was built from. */
  Platform platform();

  /** Name of what was booted: the guest's, or {@code kernel} for a file, or empty if nothing but domains was. */
  String guest();

  /**
   * Node of the board's console: the one that a {@link LaunchShaper} names, {@code /chosen/stdout-path} or the first UART; empty without
   * any. Its
   * {@code org.xenolith.console.api.SerialPort} is {@code machine().port(console(), SerialPort.class)}.
   */
  String console();

  /**
   * Nodes of the transports that the disks are behind, in the order of the option {@code disk}. A disk is attached to the
   * {@code org.xenolith.block.api.BlockPort} of its node.
   */
  List<String> disks();

  /** Writes a snapshot with all that the option {@code load} needs into a new folder; the machine must stand still. */
  void save(Path directory) throws IOException;

  /**
   * Closes the machine and gives its disks back.
   *
   * @throws org.xenolith.command.api.BadInput if what was written to a disk may be lost
   */
  @Override
  void close();
}
