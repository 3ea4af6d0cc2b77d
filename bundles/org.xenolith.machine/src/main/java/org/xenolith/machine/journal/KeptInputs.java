// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.content.StartContents;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.run.ChangedBundle;
import org.xenolith.machine.run.InputSource;
import org.xenolith.machine.run.OutsideInputs;
import org.xenolith.machine.run.RunLoop;
import org.xenolith.machine.snapshot.CpuIdentities;
import org.xenolith.machine.snapshot.MachineDigest;

/** What a machine took from outside, in memory, whatever else is done with it. Written on the machine's thread, read by any. */
public final class KeptInputs implements MachineInputs {
  private final Hardware hardware;
  private final String topology;
  private final StartContents contents;
  private final List<JournalEntry> entries = new ArrayList<>();
  private final KeptJars jars;
  private final Map<JournalEntry, String> digests = new IdentityHashMap<>();
  /** Of the machine as a change found it, until that is done. */
  private Optional<String> digest = Optional.empty();

  /**
   * None yet.
   *
   * @param topology digest of what the machine was built from, as a journal's header has it
   * @param contents what the machine runs on, as it has that, too
   */
  public KeptInputs(Hardware hardware, String topology, StartContents contents) {
    this.hardware = hardware;
    this.topology = topology;
    this.contents = contents;
    jars = new KeptJars(KeptJars.MOST);
  }

  @Override
  public synchronized int taken() {
    return entries.size();
  }

  @Override
  public synchronized Optional<Change> latestChange() {
    return entries.reversed().stream().filter(JournalEntry.Change.class::isInstance).map(JournalEntry.Change.class::cast).findFirst().map(
        this::change);
  }

  @Override
  public synchronized List<Change> changes() {
    return entries.stream().filter(JournalEntry.Change.class::isInstance).map(each -> change((JournalEntry.Change) each)).toList();
  }

  private Change change(JournalEntry.Change entry) {
    return new Change(entry.instructions(), entry.nanoseconds(), entry.operation().name().toLowerCase(Locale.ROOT) + " of "
        + entry.bundle() + " " + entry.version(), entry.before().version().isEmpty() ? "" : entry.bundle() + " " + entry.before()
            .version(), digests.getOrDefault(entry, ""));
  }

  @Override
  public void write(Path file, String command, Change end) throws IOException {
    Path folder = JournalFile.jars(file);
    StringBuilder text = new StringBuilder(JournalFile.header(topology, CpuIdentities.of(hardware), contents.began(), command));
    JournalContents payloads = new JournalContents();
    boolean over = false;
    for (JournalEntry entry : entries()) {
      boolean changes = entry instanceof JournalEntry.Change;
      if (!over && changes && same((JournalEntry.Change) entry, end)) {
        over = true;
        text.append(JournalFile.END).append('\n');
      }
      // Behind the end changes alone count: they say what was there when the run began.
      if (changes) {
        text.append(jars.written((JournalEntry.Change) entry, folder, !over).line()).append('\n');
      } else if (!over) {
        text.append(payloads.line(entry)).append('\n');
      }
    }
    Files.writeString(file, text);
  }

  private synchronized boolean same(JournalEntry.Change entry, Change change) {
    return change(entry).equals(change);
  }

  @Override
  public synchronized List<Taken> of(String kind) {
    return entries.stream().filter(JournalEntry.Input.class::isInstance).map(JournalEntry.Input.class::cast).filter(each -> each.kind()
        .equals(kind)).map(each -> new Taken(each.instructions(), each.nanoseconds(), each.place(), each.bytes())).toList();
  }

  /** Those that were taken by now. */
  synchronized List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  private synchronized void add(JournalEntry entry) {
    entries.add(entry);
  }

  private synchronized void add(JournalEntry.Change entry) {
    entries.add(entry);
    digest.ifPresent(found -> digests.put(entry, found));
    digest = Optional.empty();
  }

  private synchronized void found() {
    digest = Optional.empty();
    try {
      digest = Optional.of(MachineDigest.of(hardware));
    } catch (Throwable e) {
      // A model that can't tell its state is what may be replaced; why it can't is said then.
    }
  }

  /** Has all be kept that comes from there, and what is taken of a journal. */
  public InputSource over(InputSource source) {
    return new Kept(source);
  }

  /** A source that is listened to. */
  private final class Kept implements InputSource {
    private final InputSource source;

    Kept(InputSource source) {
      this.source = source;
    }

    @Override
    public void apply(RunLoop loop) {
      if (live()) {
        InputSource.super.apply(loop);
      } else {
        source.apply(loop);
      }
    }

    @Override
    public void taken(OutsideInputs.Input input) {
      add(new JournalEntry.Input(hardware.clock.instructions(), hardware.clock.now(), input.kind(), input.place(), input.bytes()));
      source.taken(input);
    }

    @Override
    public void changing() {
      found();
      source.changing();
    }

    @Override
    public void changed(ChangedBundle change) {
      add(jars.kept(hardware.clock.instructions(), hardware.clock.now(), change));
      source.changed(change);
    }

    @Override
    public boolean reset() {
      boolean resets = source.reset();
      if (resets) {
        add(new JournalEntry.Reset(hardware.clock.instructions(), hardware.clock.now()));
      }
      return resets;
    }

    @Override
    public boolean live() {
      return source.live();
    }

    @Override
    public long nextInstructions() {
      return source.nextInstructions();
    }

    @Override
    public long nextNanoseconds(long instructions) {
      return source.nextNanoseconds(instructions);
    }

    @Override
    public int position() {
      return KeptInputs.this.taken();
    }

    @Override
    public InputSource origin() {
      return source;
    }
  }
}
