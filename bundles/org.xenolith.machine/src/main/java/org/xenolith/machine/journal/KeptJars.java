// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xenolith.machine.journal.JournalEntry.Carried;
import org.xenolith.machine.run.ChangedBundle;
import org.xenolith.machine.snapshot.MachineDigest;

/** The jars of changed bundles in memory: each once, by its digest, and no more than so many bytes of them. One thread at a time. */
final class KeptJars {
  /** Bytes at most: some hundred versions of a large bundle. */
  static final long MOST = 64L << 20;
  private final long most;
  private final Map<String, byte[]> all = new HashMap<>();
  private long bytes;

  KeptJars(long most) {
    this.most = most;
  }

  /** The entry of a change, whose jars are kept as far as there is room. */
  synchronized JournalEntry.Change kept(long instructions, long nanoseconds, ChangedBundle change) {
    String now = change.jar().map(this::keep).orElse("-");
    Carried before = change.replaced().isEmpty() ? Carried.NONE
        : new Carried(change.replaced(), change.replacing().map(this::keep).orElse("-"), "");
    return new JournalEntry.Change(instructions, nanoseconds, change.operation(), change.bundle(), change.version(), now, "", before);
  }

  private String keep(byte[] jar) {
    String sha256 = MachineDigest.of(jar);
    if (!all.containsKey(sha256) && bytes + jar.length <= most) {
      all.put(sha256, jar);
      bytes += jar.length;
    }
    return sha256;
  }

  /**
   * An entry with its jars in a folder.
   *
   * @param both whether what was put in is wanted, too, besides what was taken out
   * @throws IOException if one can't be written, or there was no room for it
   */
  synchronized JournalEntry.Change written(JournalEntry.Change change, Path folder, boolean both) throws IOException {
    String now = both ? write(change.bundle() + " " + change.version(), change.sha256(), folder) : "";
    Carried before = change.before();
    return new JournalEntry.Change(change.instructions(), change.nanoseconds(), change.operation(), change.bundle(), change.version(),
        change
            .sha256(), now, new Carried(before.version(), before.sha256(), write(change.bundle() + " " + before.version(), before.sha256(),
                folder)));
  }

  private String write(String bundle, String sha256, Path folder) throws IOException {
    if (sha256.equals("-")) {
      return "";
    }
    byte[] jar = Optional.ofNullable(all.get(sha256)).orElseThrow(() -> new IOException("the jar of " + bundle + " wasn't kept: more than "
        + (most >> 20) + " MiB of jars were replaced"));
    return JarFolder.write(folder, sha256, jar);
  }
}
