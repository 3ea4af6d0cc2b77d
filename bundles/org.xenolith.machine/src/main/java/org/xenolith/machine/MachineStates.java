// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.content.StartContents;
import org.xenolith.machine.control.MachineState;
import org.xenolith.machine.hang.Watchdog;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.run.RunLoop;
import org.xenolith.machine.snapshot.Snapshot;
import org.xenolith.machine.snapshot.SnapshotCapture;
import org.xenolith.machine.snapshot.SnapshotFolder;
import org.xenolith.machine.snapshot.SnapshotMemory;
import org.xenolith.machine.snapshot.SnapshotSource;

/** Takes a machine's state at a safe point, for a folder or for memory, and puts one in. */
final class MachineStates {
  private final Hardware hardware;
  private final Offers offers;
  private final String topology;
  private final RunLoop loop;
  private final Watchdog watchdog;
  private final StartContents contents;

  /**
   * Of one machine.
   *
   * @param topology digest of what the machine was built from
   * @param contents what it runs on
   */
  MachineStates(Hardware hardware, Offers offers, String topology, RunLoop loop, Watchdog watchdog, StartContents contents) {
    this.hardware = hardware;
    this.offers = offers;
    this.topology = topology;
    this.loop = loop;
    this.watchdog = watchdog;
    this.contents = contents;
  }

  private List<Hardware> about() {
    return List.of(hardware);
  }

  /** Writes a snapshot; see {@code Machine.save}. */
  void save(Path directory, Optional<Path> onto) throws IOException {
    loop.stillness().acquire();
    try (Watchdog.Watch saving = watchdog.section("while a snapshot was taken", this::about)) {
      new SnapshotFolder(directory).write(new SnapshotCapture(hardware, topology).take(), hardware, onto);
    } finally {
      loop.stillness().release();
    }
  }

  /** The state in memory. @param next whether it is one of many that follow each other soon */
  MachineState take(boolean next) throws IOException {
    loop.stillness().acquire();
    try (Watchdog.Watch saving = watchdog.section("while its state was taken", this::about)) {
      return SnapshotMemory.of(new SnapshotCapture(hardware, topology).take(), hardware, loop.source().position(), next, contents.known());
    } finally {
      loop.stillness().release();
    }
  }

  /** Puts one of memory in. */
  void restore(MachineState state) throws IOException {
    if (!(state instanceof SnapshotMemory memory)) {
      throw new IOException("the state is of another machine's core: " + state.getClass().getName());
    }
    restore(memory, "the state in memory");
    contents.goesOn(memory.began());
  }

  /** Puts one of a folder in. */
  void restore(Path directory) throws IOException {
    restore(new SnapshotFolder(directory), directory.toString());
    contents.goesOn(null);
  }

  private void restore(SnapshotSource from, String name) throws IOException {
    loop.stillness().acquire();
    try (Watchdog.Watch restoring = watchdog.section("while a snapshot was restored", this::about)) {
      Snapshot snapshot = from.read();
      SnapshotCapture capture = new SnapshotCapture(hardware, topology);
      try {
        capture.checkTopology(snapshot);
        hardware.software.follow(snapshot, offers);
        capture.check(snapshot);
        from.readRam(hardware.space);
        capture.put(snapshot);
        loop.forget();
      } catch (IOException e) {
        throw new IOException(name + ": " + HostReason.of(e).text(), e);
      }
    } finally {
      loop.stillness().release();
    }
  }
}
