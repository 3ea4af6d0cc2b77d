// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.content.RecordedContents;
import org.xenolith.machine.run.InputSource;
import org.xenolith.machine.run.OutsideInputs;
import org.xenolith.machine.run.RunLoop;
import org.xenolith.machine.snapshot.CpuIdentities;

/** Gives a machine the inputs of a journal at the points where they were recorded; nothing comes from outside. */
public final class JournalReplay implements InputSource {
  private final Path file;
  /** What it is called in messages. */
  private final String name;
  private final List<JournalEntry> entries;
  private final Hardware hardware;
  private final BundleReplay bundles;
  /** Lines before the first entry. */
  private final int header;
  private final RecordedContents contents;
  private int next;

  /** Does to bundles what a journal says. */
  public interface BundleReplay {
    /** @throws IOException if it can't be done; the message says why */
    void apply(JournalEntry.Change change, Path journal) throws IOException;
  }

  public JournalReplay(Path file, String topology, Hardware hardware, BundleReplay bundles) throws IOException {
    this.file = file;
    name = file.toString();
    this.hardware = hardware;
    this.bundles = bundles;
    JournalFile.Content content = JournalFile.read(file, topology, CpuIdentities.of(hardware));
    entries = content.entries();
    header = content.header();
    contents = content.contents();
    if (!entries.isEmpty() && entries.getFirst().instructions() < hardware.clock.instructions()) {
      throw new IOException(file + ", line " + (header + 1) + ": the machine is at instruction " + hardware.clock.instructions()
          + " already, the journal begins at " + entries.getFirst().instructions());
    }
  }

  /**
   * Those that another machine has taken by now.
   *
   * @param first how many of them this one has taken already
   */
  public JournalReplay(KeptInputs inputs, int first, Hardware hardware) {
    file = Path.of("");
    name = "the inputs";
    this.hardware = hardware;
    bundles = (change, journal) -> {
      throw new IOException(change.bundle() + " was changed here, and can't be in the past");
    };
    entries = inputs.entries();
    header = 0;
    contents = new RecordedContents(file, List.of(), 0);
    next = first;
  }

  /** What it says that its machine ran on. */
  public RecordedContents contents() {
    return contents;
  }

  @Override
  public boolean live() {
    return false;
  }

  @Override
  public void apply(RunLoop loop) {
    while (next < entries.size()) {
      JournalEntry entry = entries.get(next);
      long instructions = hardware.clock.instructions();
      long now = hardware.clock.now();
      if (entry.instructions() > instructions || entry.instructions() == instructions && entry.nanoseconds() > now) {
        return;
      }
      if (entry.instructions() != instructions || entry.nanoseconds() != now) {
        diverged(loop, "is for instruction " + entry.instructions() + " at " + entry.nanoseconds()
            + " ns, the machine is at instruction " + instructions + ", " + now + " ns");
        return;
      }
      if (entry instanceof JournalEntry.Reset) {
        if (!hardware.power.resets()) {
          // It may be due without an instruction, by an interrupt that a hypervisor in Java takes.
          loop.settle();
        }
        if (!hardware.power.resets()) {
          diverged(loop, "the guest resets the machine here in the journal, and doesn't");
        }
        return;
      }
      next++;
      loop.settle();
      apply(loop, entry);
      loop.settle();
    }
  }

  private void apply(RunLoop loop, JournalEntry entry) {
    switch (entry) {
      case JournalEntry.Input input -> {
        OutsideInputs.Input brought = new OutsideInputs.Input(input.kind(), input.place(), input.bytes());
        int taken = loop.inputs().offer(brought);
        loop.source().taken(brought);
        if (taken != input.bytes().length) {
          diverged(loop, input.place() + " took " + taken + " of " + input.bytes().length + " bytes");
        }
      }
      case JournalEntry.Reset reset -> throw new IllegalStateException("a reset is the guest's");
      case JournalEntry.Change change -> {
        try {
          loop.stillness().outside(() -> bundles.apply(change, file));
        } catch (IOException e) {
          diverged(loop, HostReason.of(e).text());
        }
      }
    }
  }

  private void diverged(RunLoop loop, String how) {
    loop.diverged(name + ", line " + (next + header + (how.startsWith("is for") ? 1 : 0)) + ": " + how);
  }

  @Override
  public boolean reset() {
    boolean recorded = next < entries.size() && entries.get(next) instanceof JournalEntry.Reset;
    next += recorded ? 1 : 0;
    return recorded;
  }

  @Override
  public int position() {
    return next;
  }

  @Override
  public long nextInstructions() {
    return next < entries.size() ? entries.get(next).instructions() : Long.MAX_VALUE;
  }

  @Override
  public long nextNanoseconds(long instructions) {
    return next < entries.size() && entries.get(next).instructions() == instructions
        ? entries.get(next).nanoseconds() : Long.MAX_VALUE;
  }
}
