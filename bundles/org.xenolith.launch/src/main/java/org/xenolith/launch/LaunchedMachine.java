// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineState;
import org.xenolith.platform.api.Platform;

/**
 * A launched machine with its disks.
 *
 * @param bundles what is installed whenever it's asked
 * @param request what it was launched by
 * @param content what it boots from after a reset; empty if a reset ends the run
 * @param began what a fork goes on from; empty if it isn't one
 * @param debugged who debugs it
 * @param connected what it has open outside
 */
record LaunchedMachine(Supplier<Installed> bundles, LaunchRequest request, Machine machine, Platform platform, String console,
    SavedBoot facts, DiskSet diskSet,
    Optional<BootContent> content, Optional<ForkedState> began, Debugged debugged, Connected connected)
    implements Launch {
  @Override
  public String guest() {
    return facts.guest();
  }

  @Override
  public List<String> disks() {
    return diskSet.places();
  }

  @Override
  public void save(Path directory) throws IOException {
    machine.save(directory, GuestOptions.file(request, GuestOptions.ONTO));
    try {
      facts.write(directory, platform, content);
    } catch (IOException | RuntimeException e) {
      SavedBoot.takeBack(directory, e);
      throw e;
    }
  }

  @Override
  public Launch fork(EventLog events) {
    return new LaunchSequence(bundles, ProgressListener.SILENT, events).fork(this);
  }

  @Override
  public Launch fork(MachineState from, EventLog events) {
    return new LaunchSequence(bundles, ProgressListener.SILENT, events).fork(this, new ForkedState(from, false));
  }

  @Override
  public void reset() {
    MachineState state = began.orElseThrow(() -> new IllegalStateException(platform.name() + ": the machine isn't a fork")).state();
    try {
      machine.restore(state);
    } catch (IOException e) {
      throw new BadInput(LaunchSequence.FORK + ": " + HostReason.of(e).text());
    }
    connected.wentBack();
  }

  @Override
  public Runnable debug(RunControl control, Consumer<String> told) {
    bundles.get().debuggers().stream().filter(each -> each.serves(request)).forEach(each -> debugged.begin(each, this, control, told));
    return debugged::halted;
  }

  @Override
  public void connect(Consumer<String> told) {
    Shapers shapers = new Shapers(bundles.get().shapers(), request);
    // A fork would bring its own answers to what another machine asked.
    connected.add(began.isEmpty() ? shapers.connect(machine, told) : shapers.cutOff(machine, told));
    if (began.isPresent()) {
      connected.again(() -> shapers.cutOff(machine, text -> {}));
    }
  }

  @Override
  public void close() {
    try (diskSet) {
      debugged.close();
      connected.close();
      machine.close();
    } finally {
      began.ifPresent(ForkedState::close);
    }
  }
}
