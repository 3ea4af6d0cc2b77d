// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.content.RecordedContents;
import org.xenolith.machine.content.StartContents;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineState;
import org.xenolith.machine.run.InputSource;
import org.xenolith.machine.run.RunLoop;
import org.xenolith.machine.snapshot.CpuIdentities;
import org.xenolith.machine.snapshot.SnapshotMemory;

/** Where a machine has its outside inputs from, and who writes them down: as they come, or of a recording; besides, they may be kept. */
public final class MachineSources {
  private final Hardware hardware;
  private final RunLoop loop;
  private final String topology;
  private final StartContents contents;
  private final JournalReplay.BundleReplay bundles;
  /** What came in from outside; null if nobody wants to know. */
  private KeptInputs kept;

  /**
   * Of one machine, whose inputs are taken as they come.
   *
   * @param topology digest of what it was built from
   * @param contents what it runs on
   * @param bundles  does to bundles what a replayed journal says
   */
  public MachineSources(Hardware hardware, RunLoop loop, String topology, StartContents contents, JournalReplay.BundleReplay bundles) {
    this.hardware = hardware;
    this.loop = loop;
    this.topology = topology;
    this.contents = contents;
    this.bundles = bundles;
  }

  /** See {@code Machine.record}. */
  public void record(Path file, String command) throws IOException {
    end();
    set(new JournalRecorder(file, JournalFile.header(topology, CpuIdentities.of(hardware), contents.now(), command), hardware));
  }

  /** See {@code Machine.replay}. */
  public void replay(Path file) throws IOException {
    end();
    JournalReplay replay = new JournalReplay(file, topology, hardware, bundles);
    tell(file, replay.contents().check(contents));
    set(replay);
  }

  /** See {@code Machine.checkContents}. */
  public void checkContents(Path recording) throws IOException {
    RecordedContents recorded = JournalFile.contents(recording);
    if (!recorded.isOfState()) {
      tell(recording, recorded.check(contents));
    }
  }

  private void tell(Path recording, List<String> unseen) {
    unseen.forEach(each -> hardware.events.announce("replay-unchecked", recording.toString(), each));
  }

  /** See {@code Machine.replay}. */
  public void replay(MachineInputs inputs, MachineState from) {
    if (!(inputs instanceof KeptInputs known) || !(from instanceof SnapshotMemory memory)) {
      throw new IllegalArgumentException("the inputs are of another machine's core: " + inputs.getClass().getName());
    }
    end();
    set(new JournalReplay(known, memory.inputs(), hardware));
  }

  /** See {@code Machine.inputs}: they are kept from the first time on. */
  public MachineInputs inputs() {
    if (kept == null) {
      kept = new KeptInputs(hardware, topology, contents);
      set(loop.source());
    }
    return kept;
  }

  /** The machine runs now. */
  public void runs() {
    contents.runs(kept != null);
  }

  /** Inputs are taken as they come again; a recording ends. */
  public void end() {
    if (loop.source().origin() instanceof JournalRecorder recorder) {
      recorder.close();
    }
    set(InputSource.LIVE);
  }

  private void set(InputSource source) {
    loop.source(kept == null ? source : kept.over(source.origin()));
  }
}
