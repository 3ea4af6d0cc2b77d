// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.journal.JournalEntry.Carried;
import org.xenolith.machine.snapshot.MachineDigest;

/** The jars of a recording, beside its file: each once, by its digest, and no more than so many bytes of them. */
final class JarFolder {
  /** Bytes of a recording's jars at most: a thousand versions of a large bundle. */
  static final long MOST = 256L << 20;

  private final Path folder;
  private final long most;
  private final Consumer<String> failed;
  private final Map<String, Integer> kept = new HashMap<>();

  /**
   * A folder, which isn't made before a jar is kept.
   *
   * @param failed hears which jar isn't kept, and why, in a sentence
   */
  JarFolder(Path folder, long most, Consumer<String> failed) {
    this.folder = folder;
    this.most = most;
    this.failed = failed;
  }

  /** Keeps a jar. Returns where it is; one that can't be kept has no path. */
  Carried keep(String bundle, String version, byte[] jar) {
    String sha256 = MachineDigest.of(jar);
    Carried lost = new Carried(version, sha256, "");
    if (!kept.containsKey(sha256)) {
      if (kept.values().stream().mapToLong(Integer::longValue).sum() + jar.length > most) {
        failed.accept("jar of " + bundle + " " + version + ": the recording carries " + (most >> 20)
            + " MiB of jars at most; it can't be replayed beyond this");
        return lost;
      }
      try {
        write(folder, sha256, jar);
      } catch (IOException e) {
        failed.accept("jar of " + bundle + ": " + HostReason.of(e).text());
        return lost;
      }
      kept.put(sha256, jar.length);
    }
    return new Carried(version, sha256, path(folder, sha256));
  }

  /** Writes a jar into a folder, which is made. Returns its path beside that. */
  static String write(Path folder, String sha256, byte[] jar) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(sha256 + ".jar"), jar);
    return path(folder, sha256);
  }

  private static String path(Path folder, String sha256) {
    return folder.getFileName() + "/" + sha256 + ".jar";
  }
}
