// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.kit.PercentEncoding;

/**
 * The bundles that a recorded run changed, as they were when it began: a recording carries what was replaced or removed. Who replays it has these installed, whatever versions there are now, before the
 * machine is launched: no state is handed from one version to the other then.
 */
public final class RecordedBundles {
  private static final String ADD = "add";
  private static final Set<String> CHANGES = Set.of("replace", "remove", ADD);
  /** Words of a line that says what was before: instructions, time, change, bundle, then version, digest and jar now and before. */
  private static final int WORDS = 10;

  private final Path journal;
  private final LiveChange change;
  private final Consumer<String> progress;

  private RecordedBundles(Path journal, LiveChange change, Consumer<String> progress) {
    this.journal = journal;
    this.change = change;
    this.progress = progress;
  }

  /**
   * A bundle as it was.
   *
   * @param version empty if it wasn't there
   * @param jar     path of its jar relative to the journal; empty if the recording doesn't carry it
   */
  private record Was(String bundle, String version, String sha256, String jar) {}

  /**
   * Has each bundle that the recorded run changed be what it was when that began, before a machine is launched to replay it. What isn't different stays.
   *
   * @param progress hears of each that is another than before, in a sentence
   * @throws BadInput if one can't be had: the recording doesn't carry it, its jar is missing, or it can't be installed
   */
  public static void install(Path journal, LiveChange change, Consumer<String> progress) {
    new RecordedBundles(journal, change, progress).install();
  }

  private void install() {
    for (Was each : changed()) {
      try {
        install(each);
      } catch (IOException e) {
        throw new BadInput(journal + ": the run began with " + each.bundle() + " " + each.version() + ": " + HostReason.of(e).text());
      }
    }
  }

  /** Those that were changed, as they were before the first change. What is damaged is said by who takes the recording's inputs. */
  private Collection<Was> changed() {
    Map<String, Was> first = new LinkedHashMap<>();
    try {
      InputFile.text(journal, InputFile.GUEST).lines().map(line -> line.split(" ")).filter(words -> words.length > 3 && CHANGES.contains(
          words[2])).forEach(words -> {
            Was was = words.length == WORDS ? new Was(decode(words[3]), decode(words[7]), words[8], decode(words[9]))
                : new Was(decode(words[3]), "", "-", "");
            if (words.length == WORDS || words[2].equals(ADD)) {
              first.putIfAbsent(was.bundle(), was);
            }
          });
    } catch (IOException | IllegalArgumentException e) {
      // The same.
    }
    return first.values();
  }

  private static String decode(String word) {
    return word.equals("-") ? "" : PercentEncoding.decode(word);
  }

  private void install(Was was) throws IOException {
    boolean installed = change.installed(was.bundle());
    if (was.version().isEmpty()) {
      if (installed) {
        done(change.remove(was.bundle()));
        progress.accept(was.bundle() + " is taken out: the recorded run began without it");
      }
      return;
    }
    if (installed && sha256(change.content(was.bundle())).equals(was.sha256())) {
      return;
    }
    byte[] jar = jar(was);
    done(installed ? change.replace(was.bundle(), new ByteArrayInputStream(jar)) : change.add(new ByteArrayInputStream(jar)));
    progress.accept("the recorded run began with " + was.bundle() + " " + was.version()
        + ", which the recording carries: it is installed in the"
        + " place of " + (installed ? "the one that was" : "none"));
  }

  private byte[] jar(Was was) throws IOException {
    if (was.jar().isEmpty()) {
      throw new IOException("the recording doesn't carry its jar");
    }
    Path file;
    try {
      file = journal.resolveSibling(was.jar());
    } catch (InvalidPathException e) {
      throw new IOException("the path of its jar: " + e.getReason());
    }
    try {
      byte[] jar = InputFile.read(file, InputFile.GUEST);
      if (!sha256(jar).equals(was.sha256())) {
        throw new IOException(file + ": not the jar of the recording (SHA-256 differs)");
      }
      return jar;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is missing: the jar of the recording");
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  private static void done(Change made) throws IOException {
    if (!made.done()) {
      throw new IOException("not done: " + made.reason());
    }
  }
}
