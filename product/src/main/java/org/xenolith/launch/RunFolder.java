// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * The folder of one run, deleted when it ends. A run that is killed leaves it to the next one: the file {@code lock} in it is
 * locked as long as its run lives, whatever process has its number later.
 *
 * @param folder the folder
 * @param lock what is locked until the process ends
 */
public record RunFolder(Path folder, FileChannel lock) {

  private static final String PREFIX = "xenolith-";
  private static final String LOCK = "lock";
  /** Of what the framework keeps. */
  static final String STORAGE = "framework";
  /** A prepared start copies 256 KiB. */
  private static final int ROOM = 384 << 10;
  private static final int ATTEMPTS = 5;
  private static final FileAttribute<?>[] OWNERS = {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))};
  private static final FileAttribute<?>[] NONE = {};

  /** The folder of this process, where bundles make their temporary files, too; null, and it is said why, if none can be made. */
  public static RunFolder ofThisProcess(Path temporary) {
    try {
      RunFolder made = make(temporary);
      System.setProperty("xenolith.temporary", made.files().toString());
      return made;
    } catch (IOException e) {
      System.err.println("xenolith: no folder for this run can be made in " + temporary + " (" + HostTrouble.reason(e)
          + "). Set TMPDIR to a folder that can be written.");
      return null;
    }
  }

  /** The folder that a process has, unless one that had its number before left one. */
  static Path of(Path temporary, long process) {
    return temporary.resolve(PREFIX + Long.toUnsignedString(process));
  }

  /** Makes a folder, and deletes those of this user's runs that were killed. */
  static RunFolder make(Path temporary) throws IOException {
    RunFolder made = locked(create(temporary));
    try {
      made.clearKilled(temporary);
    } catch (IOException e) {
      // What can't be listed or deleted is no matter of this run.
    }
    return made;
  }

  /** A new folder for its owner alone. Not a temporary folder of the JDK's, whose name is a random number that takes 10 ms to be had. */
  private static Path create(Path temporary) throws IOException {
    for (long name = ProcessHandle.current().pid();; name += System.nanoTime() >>> 1) {
      try {
        return Files.createDirectory(of(temporary, name), temporary.getFileSystem()
            .supportedFileAttributeViews().contains("posix") ? OWNERS : NONE);
      } catch (FileAlreadyExistsException e) {
        // Of a process that had this number before, and was killed.
      }
    }
  }

  /** Fails if there is no room for what a start writes: the framework would go on without its files, and complain at length. */
  public void requireRoom() throws IOException {
    Path probe = files().resolve("room");
    try {
      Files.write(probe, new byte[ROOM]);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static RunFolder locked(Path folder) throws IOException {
    // Under another name until it is locked: others must not find it free.
    Path early = folder.resolve("unlocked");
    FileChannel lock = FileChannel.open(early, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (lock.tryLock() != null) {
      Files.move(early, folder.resolve(LOCK));
    }
    return new RunFolder(folder, lock);
  }

  /** Where the framework keeps what it keeps. */
  public Path storage() {
    return folder.resolve(STORAGE);
  }

  /** Where bundles make their temporary files. */
  Path files() throws IOException {
    return Files.createDirectories(folder.resolve("files"));
  }

  private void clearKilled(Path temporary) throws IOException {
    UserPrincipal user = Files.getOwner(folder);
    try (DirectoryStream<Path> others = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path other : others) {
        // A handle of its own lock that is closed would free it.
        if (!other.equals(folder) && Files.isRegularFile(other.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(user)) {
          clear(other);
        }
      }
    }
  }

  private static void clear(Path other) {
    try (FileChannel channel = FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      if (free != null) {
        Folders.delete(other);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // It lives in this process, or another run is clearing it.
    }
  }

  private void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      // It ends with the process.
    }
  }

  /** Deletes the folder; what is left of it is cleared by the next run. */
  public void discard() {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        Folders.delete(folder);
        return;
      } catch (IOException e) {
        // A framework that wasn't stopped may write meanwhile; or no more files may be open: one less is.
        unlock();
        if (attempt == ATTEMPTS) {
          System.err.println("xenolith: " + folder + " could not be deleted: " + HostTrouble.reason(e));
        }
      }
    }
  }
}
