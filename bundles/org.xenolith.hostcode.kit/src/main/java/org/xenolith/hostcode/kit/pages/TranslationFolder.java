// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xenolith.command.api.HostReason;
import org.xenolith.hostcode.kit.HostCode;

/** The folder where code is kept between runs. What is in it is executed, so only its owner may write to it. */
public final class TranslationFolder {
  private static final String SUFFIX = ".code";
  /** Of what is being written. */
  private static final String NEXT = ".next";
  private static final Duration LONG_AGO = Duration.ofHours(1);
  /** Bits of a mode: others than the owner may write. */
  private static final int OTHERS_WRITE = 022;
  private static final String OWNER_ONLY = "rwx------";
  private static final String FILE_OWNER_ONLY = "rw-------";

  /** The system property that names the folder; {@code off} for none. */
  public static final String PROPERTY = "xenolith.translations";
  private static final String OFF = "off";
  /** Bytes that a folder may have unless somebody says another number. */
  private static final long MOST = 512L << 20;

  private final Path folder;
  private final String translator;
  private final long most;
  private final Object user;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /**
   * A folder, which needn't be there.
   *
   * @param translator what makes the code, in all its parts
   * @param most       bytes that it may have, until what was used longest ago is deleted
   * @param user       whose it must be, by number
   */
  public TranslationFolder(Path folder, String translator, long most, int user) {
    this.folder = folder;
    this.translator = translator;
    this.most = most;
    this.user = user;
  }

  /** A folder of this process's user. */
  public TranslationFolder(Path folder, String translator) {
    this(folder, translator, MOST, user());
  }

  /**
   * The folder of this process.
   *
   * @param property what {@link #PROPERTY} says; null for nothing
   * @param cache    the folder of all that is kept; null or empty for none
   * @return null if nothing is kept
   */
  public static @Nullable Path path(String property, String cache) {
    if (property != null && !property.isEmpty()) {
      return property.equals(OFF) ? null : Path.of(property);
    }
    return cache == null || cache.isEmpty() ? null : Path.of(cache, "translations");
  }

  /** The same by what this process was told. */
  public static Path ofProcess() {
    return path(System.getProperty(PROPERTY), System.getenv("XENOLITH_CACHE"));
  }

  /** The number of this process's user; one that nobody has if the host doesn't say. */
  public static int user() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | RuntimeException unknown) {
      return -1;
    }
  }

  /** What makes the code. */
  String translator() {
    return translator;
  }

  /**
   * Reads a file.
   *
   * @return null if there is none
   * @throws Refused if it may not be used; the message says why
   */
  public @Nullable StoredCode read(String name, String identity, int origin, int shift, HostCode host) throws Refused {
    Path file = folder.resolve(name + SUFFIX);
    FileChannel channel = null;
    StoredCode stored = null;
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return null;
      }
      requireOwn(folder);
      requireOwn(file);
      channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      stored = CodeFile.read(channel, identity, origin, shift, host);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return stored;
    } catch (IOException e) {
      stored = null;
      String reason = reason(file, e);
      throw new Refused(reason, file + " " + reason + ". Its code isn't used; it is made anew", e);
    } finally {
      if (stored == null) {
        close(channel);
      }
    }
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // nothing was written
    }
  }

  /** What is told of a file that somebody has made shorter while its code was used. */
  Refused cut(String name) {
    String reason = "has become shorter while it was used";
    return new Refused(reason, folder.resolve(name + SUFFIX) + " " + reason
        + ". What is left of its code isn't used; the next run makes it anew", null);
  }

  /** Whether nobody in this process was told of the same yet: each CPU, and each run, has a file of its own. */
  boolean isNews(Refused refused) {
    return reported.add(refused.reason);
  }

  /** Code isn't kept, or kept code isn't used. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    private Refused(String reason, String message, @Nullable IOException cause) {
      super(message, cause);
      this.reason = reason;
    }
  }

  /**
   * Writes a file in the place of what had its name.
   *
   * @throws Refused if it can't be; the message says why
   */
  void write(String name, StoredCode stored, String identity, HostCode host) throws Refused {
    Path file = folder.resolve(name + SUFFIX);
    try {
      write(name, file, stored, identity, host);
    } catch (IOException e) {
      String reason = reason(file, e);
      throw new Refused(reason, file + " can't be written: " + reason + ". The next run makes its code anew", e);
    }
  }

  private void write(String name, Path file, StoredCode stored, String identity, HostCode host) throws IOException {
    Path next = null;
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      make();
      requireOwn(folder);
      // Not a temporary file of the JDK's, whose name is a random number that takes 10 ms to be had.
      next = folder.resolve(name + '-' + ProcessHandle.current().pid() + '-' + System.nanoTime() + NEXT);
      try (FileChannel channel = FileChannel.open(next, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
          PosixFilePermissions
              .asFileAttribute(PosixFilePermissions.fromString(FILE_OWNER_ONLY)))) {
        CodeFile.write(channel, stored, identity, host);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      next = null;
      bound();
    } finally {
      if (next != null) {
        Files.deleteIfExists(next);
      }
    }
  }

  private void make() throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    } catch (FileAlreadyExistsException there) {
      // By now it may be somebody else's: that is asked next.
    }
  }

  /** Behind the name of the file. */
  private static String reason(Path file, IOException e) {
    return e.getClass() == IOException.class ? HostReason.of(e).text() : "can't be used: " + HostReason.of(file, e).text();
  }

  /** What is executed must be this process's user's own. */
  private void requireOwn(Path path) throws IOException {
    Map<String, Object> is = Files.readAttributes(path, "unix:uid,mode,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
    if ((boolean) is.get("isSymbolicLink")) {
      throw new IOException("is refused: " + path + " is a symbolic link");
    }
    if (!user.equals(is.get("uid"))) {
      throw new IOException("is refused: " + path + " is of user " + is.get("uid") + ", not of " + user);
    }
    if (((int) is.get("mode") & OTHERS_WRITE) != 0) {
      throw new IOException("is refused: others may write to " + path + " (chmod go-w)");
    }
  }

  /** Deletes what was used longest ago while there is too much, and what processes have left that were ended while they wrote. */
  private void bound() throws IOException {
    for (KeptFile left : files(NEXT)) {
      if (left.used.isBefore(Instant.now().minus(LONG_AGO))) {
        Files.deleteIfExists(left.path);
      }
    }
    List<KeptFile> files = files();
    long sum = files.stream().mapToLong(KeptFile::size).sum();
    for (KeptFile file : files) {
      if (sum <= most) {
        return;
      }
      Files.deleteIfExists(file.path);
      sum -= file.size;
    }
  }

  /** A file of the folder. */
  public record KeptFile(Path path, long size, Instant used) {}

  /**
   * The files, that which was used longest ago first.
   *
   * @throws IOException if the folder can't be read
   */
  public List<KeptFile> files() throws IOException {
    return files(SUFFIX);
  }

  /**
   * Deletes all files. Returns how many there were.
   *
   * @throws IOException if one can't be deleted
   */
  public int clear() throws IOException {
    List<KeptFile> all = files();
    for (KeptFile file : all) {
      Files.deleteIfExists(file.path);
    }
    return all.size();
  }

  private List<KeptFile> files(String suffix) throws IOException {
    List<KeptFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path each : all.filter(path -> path.toString().endsWith(suffix)).toList()) {
        try {
          files.add(new KeptFile(each, Files.size(each), Files.getLastModifiedTime(each).toInstant()));
        } catch (NoSuchFileException gone) {
          // Another process has deleted it.
        }
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    files.sort(Comparator.comparing(KeptFile::used));
    return files;
  }
}
