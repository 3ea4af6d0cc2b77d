// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.journal.JournalEntry;
import org.xenolith.machine.journal.JournalEntry.Carried;
import org.xenolith.machine.journal.JournalEntry.Operation;
import org.xenolith.machine.snapshot.MachineDigest;

/** The bundles that a recorded run changed, as they were when it began: a recording carries what was replaced or removed. See {@link LiveChange#begin}. */
final class RecordedBundles {
  private final Path journal;
  private final LiveChange change;
  private final Consumer<String> progress;

  RecordedBundles(Path journal, LiveChange change, Consumer<String> progress) {
    this.journal = journal;
    this.change = change;
    this.progress = progress;
  }

  void install() throws IOException {
    for (JournalEntry.Change each : changed()) {
      try {
        install(each.bundle(), each.before());
      } catch (IOException e) {
        throw new IOException("the run began with " + each.bundle() + " " + each.before().version() + ": " + HostReason.of(e).text());
      }
    }
  }

  /** The first change of each of them. What is damaged is said by who takes the recording's inputs. */
  private Collection<JournalEntry.Change> changed() {
    Map<String, JournalEntry.Change> first = new LinkedHashMap<>();
    try {
      InputFile.text(journal, InputFile.GUEST).lines().forEach(line -> {
        if (entry(line) instanceof JournalEntry.Change each && (!each.before().equals(Carried.NONE) || each.operation() == Operation.ADD)) {
          first.putIfAbsent(each.bundle(), each);
        }
      });
    } catch (IOException e) {
      // The same.
    }
    return first.values();
  }

  /** Null for a line that is none, as those of the header. */
  private static JournalEntry entry(String line) {
    try {
      return JournalEntry.of(line);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void install(String bundle, Carried was) throws IOException {
    boolean installed = change.installed(bundle);
    if (was.version().isEmpty()) {
      if (installed) {
        done(change.remove(bundle));
        progress.accept(bundle + " is taken out: the recorded run began without it");
      }
      return;
    }
    if (installed && MachineDigest.of(change.content(bundle)).equals(was.sha256())) {
      return;
    }
    byte[] jar = was.read(journal, bundle);
    done(installed ? change.replace(bundle, new ByteArrayInputStream(jar)) : change.add(new ByteArrayInputStream(jar)));
    progress.accept("the recorded run began with " + bundle + " " + was.version() + ", which the recording carries: it is installed in the"
        + " place of " + (installed ? "the one that was" : "none"));
  }

  private static void done(Change made) throws IOException {
    if (!made.done()) {
      throw new IOException("not done: " + made.reason());
    }
  }
}
