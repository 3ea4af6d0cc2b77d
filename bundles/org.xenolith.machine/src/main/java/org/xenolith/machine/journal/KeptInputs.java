// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.run.ChangedBundle;
import org.xenolith.machine.run.InputSource;
import org.xenolith.machine.run.OutsideInputs;
import org.xenolith.machine.run.RunLoop;

/** What a machine took from outside, in memory, whatever else is done with it. Written on the machine's thread, read by any. */
public final class KeptInputs implements MachineInputs {
  private final Hardware hardware;
  private final List<JournalEntry> entries = new ArrayList<>();

  public KeptInputs(Hardware hardware) {
    this.hardware = hardware;
  }

  @Override
  public synchronized int taken() {
    return entries.size();
  }

  @Override
  public synchronized Optional<Change> latestChange() {
    return entries.reversed().stream().filter(JournalEntry.Change.class::isInstance).map(JournalEntry.Change.class::cast).findFirst().map(
        each -> new Change(each.instructions(), each.nanoseconds(), each.operation().name().toLowerCase(java.util.Locale.ROOT) + " of "
            + each.bundle() + " " + each.version()));
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
    public void changed(ChangedBundle change) {
      add(new JournalEntry.Change(hardware.clock.instructions(), hardware.clock.now(), change.operation(), change.bundle(), change
          .version(),
          "-", ""));
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
