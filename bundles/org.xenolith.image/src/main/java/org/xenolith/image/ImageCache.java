// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xenolith.block.kit.SparseFile;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.kit.CacheLock;
import org.xenolith.command.api.HostReason;

/**
 * The images that were made, a file each, named by what they are made of: {@code NAME-KEY.img}, and beside it what the guest's console said,
 * {@code NAME-KEY.log}. A file gets its name when all of it is there. One process makes images at a time, and others wait for it.
 */
final class ImageCache {
  private static final int KEY_DIGITS = 16;
  /** Images of one name that are kept, the latest used first. */
  static final int KEPT = 3;
  private static final long MEBIBYTE = 1 << 20;
  private static final String IMAGE = ".img";
  private static final String LOG = ".log";

  /** Makes an image. */
  interface Maker {
    /**
     * Makes an image.
     *
     * @param file the disk, which is there with its size and full of zeros
     * @param folder an empty one for what else it takes
     * @param log where the console is written to
     * @throws BootException if it can't be made
     */
    void make(ImageSource source, ImagePlan plan, Path file, Path folder, Path log, ProgressListener progress) throws IOException;
  }

  private final Path folder;
  private final Maker maker;

  ImageCache(Path folder, Maker maker) {
    this.folder = folder;
    this.maker = maker;
  }

  /** This user's: {@code $XENOLITH_CACHE}, else {@code $XDG_CACHE_HOME/xenolith}, else {@code ~/.cache/xenolith}, and there {@code images}. */
  static Path folder(Map<String, String> environment) {
    String own = environment.getOrDefault("XENOLITH_CACHE", "");
    String user = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification says that a relative path is to be ignored.
    Path base = user.startsWith("/") ? Path.of(user) : Path.of(System.getProperty("user.home"), ".cache");
    return (own.isBlank() ? base.resolve("xenolith") : Path.of(own)).resolve("images").toAbsolutePath().normalize();
  }

  /** Where an image is, if it was made. */
  Path file(ImageSource source, ImagePlan plan) {
    return folder.resolve(source.name() + "-" + plan.key().substring(0, KEY_DIGITS) + IMAGE);
  }

  /**
   * Gives an image's file, which nobody may write, making it if it is not there.
   *
   * @throws BootException if it can't be made; says what helps
   */
  Path obtain(ImageSource source, ImagePlan plan, ProgressListener progress) {
    Path file = file(source, plan);
    try (CacheLock only = CacheLock.acquire(folder.resolve("lock"), progress)) {
      if (Files.isRegularFile(file) && Files.size(file) == plan.size()) {
        progress.progress("taking " + file);
      } else {
        make(source, plan, file, progress);
      }
      Files.setLastModifiedTime(file, FileTime.from(java.time.Instant.now()));
      forgetOld(source.name(), file);
      return file;
    } catch (IOException e) {
      throw new BootException("the image '" + source.name() + "' can't be made in " + folder + ": " + HostReason.of(folder, e).text()
          + ". Check the folder, or name another one in XENOLITH_CACHE.", e);
    }
  }

  private void make(ImageSource source, ImagePlan plan, Path file, ProgressListener progress) throws IOException {
    requireSpace(plan);
    Path unfinished = folder.resolve("unfinished");
    // Under the lock nobody else uses it: what lies there is left over from a process that was ended.
    delete(unfinished);
    Files.createDirectories(unfinished);
    Path log = file.resolveSibling(file.getFileName().toString().replace(IMAGE, LOG));
    try {
      Path disk = unfinished.resolve("disk");
      SparseFile.create(disk, plan.size());
      maker.make(source, plan, disk, unfinished, log, progress);
      // Somebody could boot it, and then all others would have what that left.
      disk.toFile().setReadOnly();
      SparseFile.move(disk, file);
    } finally {
      delete(unfinished);
    }
  }

  private void requireSpace(ImagePlan plan) throws IOException {
    long free = folder.toFile().getUsableSpace(); // as the guests do: a file store must be among the mounts that the process sees
    long needed = plan.size() + plan.contentSize();
    if (free < needed) {
      throw new BootException("there are " + free / MEBIBYTE + " MiB free in " + folder + ", and up to " + needed / MEBIBYTE
          + " are needed to make the image. Make room, or name a folder with more in XENOLITH_CACHE.");
    }
  }

  private void forgetOld(String name, Path used) throws IOException {
    List<Path> images;
    try (Stream<Path> all = Files.list(folder)) {
      images = all.filter(one -> one.getFileName().toString().matches(java.util.regex.Pattern.quote(name) + "-[0-9a-f]{" + KEY_DIGITS
          + "}\\" + IMAGE) && !one.equals(used)).sorted(Comparator.comparing(ImageCache::time).reversed()).toList();
    }
    for (Path old : images.stream().skip(KEPT - 1).toList()) {
      Files.deleteIfExists(old);
      Files.deleteIfExists(old.resolveSibling(old.getFileName().toString().replace(IMAGE, LOG)));
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
