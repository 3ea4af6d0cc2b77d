// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineState;
import org.xenolith.platform.api.Platform;

/**
 * A machine's life, from its launch to its end. When it begins the machine is powered on, or continues a snapshot or another's state, and
 * doesn't run yet. Who launched it runs and pauses it (by {@link #machine}, or with all that people expect of a run by {@code RunDriver} of
 * {@code launch.kit}), looks into it ({@code MachineInspector} of {@code inspect.api}), saves it, forks it, and closes it. There may be any
 * number in one process.
 */
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
   * A second machine that goes on from where this one is, which notices nothing: of the same board, guest and options, with the state that
   * this has at a safe point, and from then on independent of it; its console is connected to nobody yet, and no journal is written. Disks are
   * opened once more, with what was written to their overlays. Also while this runs, but not on its thread.
   *
   * @param events hears of the new machine's events
   * @throws org.xenolith.command.api.BadInput if a disk can't be opened twice, as what is written to it changes its image, or the state can't be taken over
   */
  Launch fork(EventLog events);

  /**
   * The same from a state that this machine had, instead of from where it is. Not while it runs; also when it is closed.
   *
   * @param from   a state of this machine; whoever has it closes it
   * @param events hears of the new machine's events
   * @throws org.xenolith.command.api.BadInput if a disk can't be opened twice, or the state can't be taken over, as when bundles have changed since
   */
  Launch fork(MachineState from, EventLog events);

  /**
   * Takes back what a fork has done since it began: machine and disks are as they were then, and what has been connected to its console, watches it or hears of its events stays. Where RAM is shared it
   * costs what it has written, not what it has. Not while it runs.
   *
   * @throws IllegalStateException if it isn't a fork
   * @throws org.xenolith.command.api.BadInput if the state can't be taken over any more, as bundles have changed; it must not go on then
   */
  void reset();

  /**
   * Opens the networks outside that the request asks for; they are closed with {@link #close}. A fork has none: its guest sees what it was
   * connected with end. Until this is called, and in a machine that replays a journal, what the guest sends there is lost. Called once, before the first run, by who drives the runs.
   *
   * @param told hears what people should know, in sentences; any thread
   * @throws org.xenolith.command.api.BadInput if one can't be opened
   */
  default void connect(Consumer<String> told) {}

  /**
   * Has each {@link Debugger} that the request asks for begin; they end with {@link #close}. Of a fork none does. Called once, before the first run, by who drives the runs.
   *
   * @param control halts the runs
   * @param told    hears what people should know, in sentences; any thread
   * @return told when the machine is halted; nobody's if none begins
   * @throws org.xenolith.command.api.BadInput if one can't
   */
  default Runnable debug(RunControl control, Consumer<String> told) {
    return () -> {};
  }

  /**
   * Closes the machine and gives its disks back.
   *
   * @throws org.xenolith.command.api.BadInput if what was written to a disk may be lost
   */
  @Override
  void close();
}
