// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;

/**
 * Files of a folder whose digest was taken once, and that nobody has written since: the digest of 33 MB takes a tenth of a second in a program that has just begun.
 *
 * <p>That a file is the same is seen by its device, number, size and time of status change, which no program can set back (POSIX: {@code st_ctime}). On a system
 * without these each file is read anew.
 */
final class CheckedFiles {
  static final String FILE = "checked";
  private static final String FACTS = "unix:dev,ino,size,ctime";
  private static final String SEAL = "end ";
  /** Milliseconds after which a further change of a file can't have the same time: clocks of file systems tick. */
  private static final long SETTLED = 2_000;

  private final Path folder;
  private final LongSupplier now;
  private final SortedMap<String, Checked> byName = new TreeMap<>();
  private boolean changed;

  /**
   * A file as it was.
   *
   * @param path in the folder
   */
  private record Checked(String sha256, String facts, String path) {}

  private CheckedFiles(Path folder, LongSupplier now) {
    this.folder = folder;
    this.now = now;
  }

  /** What is noted in a folder; nothing if that can't be read or trusted. */
  static CheckedFiles of(Path folder) {
    return of(folder, System::currentTimeMillis);
  }

  /** The same by a clock of milliseconds. */
  static CheckedFiles of(Path folder, LongSupplier now) {
    CheckedFiles files = new CheckedFiles(folder, now);
    try {
      Path file = folder.resolve(FILE);
      String text = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
      int end = text.indexOf(SEAL);
      if (end > 0 && text.substring(end).equals(seal(text.substring(0, end)))) {
        for (String line : text.substring(0, end).split("\n")) {
          String[] word = line.split(" ", 4);
          files.byName.put(word[2], new Checked(word[0], word[1], word[3]));
        }
      }
    } catch (IOException e) {
      // Then all is read anew.
    }
    return files;
  }

  private static String seal(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return SEAL + Long.toHexString(crc.getValue()) + "\n";
  }

  /** How a file is now, for {@link #note}: to be asked before it is read. Null if it can't be told whether it stays so. */
  String facts(String path) {
    try {
      Map<String, Object> facts = Files.readAttributes(folder.resolve(path), FACTS);
      FileTime time = (FileTime) facts.get("ctime");
      return now.getAsLong() - time.toMillis() < SETTLED ? null
          : String.join(":", facts.get("dev").toString(), facts.get("ino").toString(), facts.get("size").toString(), Long.toString(time
              .toInstant().getEpochSecond()), Integer.toString(time.toInstant().getNano()));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether a file is still what had this digest. */
  boolean still(String path, String sha256) {
    Checked then = byName.get(path);
    return then != null && then.sha256.equals(sha256) && then.path.equals(path) && then.facts.equals(facts(path));
  }

  /** The path and digest of what was noted by a name, if it is still that. */
  Optional<Kept> kept(String name) {
    Checked then = byName.get(name);
    return then != null && then.facts.equals(facts(then.path)) ? Optional.of(new Kept(then.path, then.sha256)) : Optional.empty();
  }

  /** A file that is what it was. */
  record Kept(String path, String sha256) {}

  /**
   * A file was read, and had this digest.
   *
   * @param name what it is, without blanks; its path, for most
   * @param before its {@link #facts} before it was read; nothing is noted if there were none
   */
  void note(String name, String path, String sha256, String before) {
    if (before != null && name.indexOf(' ') < 0 && path.indexOf('\n') < 0) {
      byName.put(name, new Checked(sha256, before, path));
      changed = true;
    }
  }

  /** Keeps what was noted for the next start; a folder that can't be written only costs time. */
  void keep() {
    if (!changed) {
      return;
    }
    changed = false;
    byName.values().removeIf(checked -> !Files.exists(folder.resolve(checked.path)));
    StringBuilder text = new StringBuilder();
    byName.forEach((name, checked) -> text.append(checked.sha256).append(' ').append(checked.facts).append(' ').append(name).append(' ')
        .append(
            checked.path).append('\n'));
    try {
      CacheManifest.replace(folder.resolve(FILE), text.append(seal(text.toString())).toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // As the comment says.
    }
  }
}
