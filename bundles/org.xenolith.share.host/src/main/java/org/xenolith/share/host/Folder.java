// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of the host, held open. Files in it are reached name by name from there, and no link is followed on the way: what isn't below the
 * folder can't be named. Of one thread at a time.
 */
final class Folder implements AutoCloseable {
  /** Rights that a guest can give a file: none that make a program run as somebody else. */
  private static final int RIGHTS = 0x1FF;
  private static final int STICKY = 0x200;
  private static final int SET_GROUP = 0x400;
  /** Most names in a folder that can be listed. */
  private static final int MOST_NAMES = 1_000_000;

  private final LinuxFiles host;
  private final int root;
  private final long device;
  private final boolean readOnly;

  /**
   * Opens it.
   *
   * @param path as this process reaches it; links in it are followed
   * @throws FileError if it is none, or can't be read
   */
  Folder(LinuxFiles host, String path, boolean readOnly) throws FileError {
    this.host = host;
    this.readOnly = readOnly;
    root = host.open(-100, path, LinuxFiles.READ | LinuxFiles.FOLDER, 0);
    device = host.facts(root).device();
  }

  /** Number of the file system that it is in. */
  long device() {
    return device;
  }

  boolean readOnly() {
    return readOnly;
  }

  /** Something that is done in the folder that a path's last name is in. */
  private interface Step<T> {
    T at(int folder, String name) throws FileError;
  }

  private <T> T in(FilePath path, Step<T> step) throws FileError {
    if (path.isRoot()) {
      return step.at(root, ".");
    }
    int folder = root;
    try {
      for (int i = 0; i < path.names().size() - 1; i++) {
        int next = host.open(folder, path.names().get(i), LinuxFiles.PLACE | LinuxFiles.FOLDER | LinuxFiles.NO_FOLLOW, 0);
        give(folder);
        folder = next;
      }
      return step.at(folder, path.name());
    } finally {
      give(folder);
    }
  }

  private void give(int folder) {
    if (folder != root) {
      host.close(folder);
    }
  }

  private void writable() throws FileError {
    if (readOnly) {
      throw new FileError(FileError.READ_ONLY);
    }
  }

  /** What a folder's own name stands for can't be removed, moved or replaced. */
  private static void below(FilePath path) throws FileError {
    if (path.isRoot()) {
      throw new FileError(FileError.NOT_PERMITTED);
    }
  }

  FileFacts facts(FilePath path) throws FileError {
    return in(path, host::facts);
  }

  /**
   * Opens a file or a folder, of which one is never what is opened: devices, pipes and sockets, whose end isn't in the folder.
   *
   * @param flags as {@link LinuxFiles} has them, without those that make it
   * @return its number
   */
  int open(FilePath path, int flags) throws FileError {
    if ((flags & LinuxFiles.ACCESS) != LinuxFiles.READ || (flags & LinuxFiles.TRUNCATE) != 0) {
      writable();
    }
    return in(path, (folder, name) -> {
      FileFacts before = host.facts(folder, name);
      int file = host.open(folder, name, flags(before, flags), 0);
      return same(before, file);
    });
  }

  private static int flags(FileFacts file, int flags) throws FileError {
    if (file.isLink()) {
      throw new FileError(FileError.LINK);
    }
    if (file.isFolder()) {
      if ((flags & LinuxFiles.ACCESS) != LinuxFiles.READ) {
        throw new FileError(FileError.IS_FOLDER);
      }
      return LinuxFiles.READ | LinuxFiles.FOLDER | LinuxFiles.NO_FOLLOW;
    }
    if (!file.isFile()) {
      throw new FileError(FileError.ACCESS);
    }
    return flags | LinuxFiles.NO_FOLLOW | LinuxFiles.NO_TERMINAL | LinuxFiles.NO_WAIT;
  }

  /** Somebody else may have put a device in the place of what was looked at. */
  private int same(FileFacts before, int file) throws FileError {
    FileFacts now = host.facts(file);
    if (now.inode() != before.inode() || now.type() != before.type()) {
      host.close(file);
      throw new FileError(FileError.STALE);
    }
    return file;
  }

  private static int rights(int mode) {
    return mode & RIGHTS;
  }

  /** Makes a file, or opens the one that is there unless it must not be. @return its number */
  int create(FilePath path, int flags, int mode) throws FileError {
    writable();
    below(path);
    return in(path, (folder, name) -> {
      int made;
      try {
        made = host.open(folder, name, flags | LinuxFiles.CREATE | LinuxFiles.EXCLUSIVE | LinuxFiles.NO_FOLLOW, rights(mode));
      } catch (FileError e) {
        if (e.number() != FileError.EXISTS || (flags & LinuxFiles.EXCLUSIVE) != 0) {
          throw e;
        }
        FileFacts before = host.facts(folder, name);
        return same(before, host.open(folder, name, flags(before, flags), 0));
      }
      // What this process takes off the rights of its own files isn't the guest's.
      host.mode(made, rights(mode), false);
      return made;
    });
  }

  void makeFolder(FilePath path, int mode) throws FileError {
    writable();
    below(path);
    in(path, (folder, name) -> {
      host.makeFolder(folder, name, rights(mode));
      int made = host.open(folder, name, LinuxFiles.READ | LinuxFiles.FOLDER | LinuxFiles.NO_FOLLOW, 0);
      try {
        host.mode(made, mode & (RIGHTS | STICKY | SET_GROUP), false);
      } finally {
        host.close(made);
      }
      return null;
    });
  }

  void makeLink(FilePath path, String target) throws FileError {
    writable();
    below(path);
    in(path, (folder, name) -> {
      host.makeLink(folder, name, target);
      return null;
    });
  }

  String readLink(FilePath path) throws FileError {
    return in(path, host::readLink);
  }

  /** Gives a file another name, too. */
  void link(FilePath path, FilePath newPath) throws FileError {
    writable();
    below(path);
    below(newPath);
    in(path, (folder, name) -> in(newPath, (newFolder, newName) -> {
      host.link(folder, name, newFolder, newName);
      return null;
    }));
  }

  void rename(FilePath path, FilePath newPath) throws FileError {
    writable();
    below(path);
    below(newPath);
    in(path, (folder, name) -> in(newPath, (newFolder, newName) -> {
      host.rename(folder, name, newFolder, newName);
      return null;
    }));
  }

  void remove(FilePath path, boolean aFolder) throws FileError {
    writable();
    below(path);
    in(path, (folder, name) -> {
      host.remove(folder, name, aFolder ? LinuxFiles.REMOVE_FOLDER : 0);
      return null;
    });
  }

  /** Gives a file or folder other rights. */
  void mode(FilePath path, int mode) throws FileError {
    writable();
    place(path, (place, facts) -> {
      if (facts.isLink()) {
        throw new FileError(FileError.NOT_SUPPORTED);
      }
      host.mode(place, facts.isFolder() ? mode & (RIGHTS | STICKY | SET_GROUP) : rights(mode), true);
    });
  }

  /** Gives it another owner; -1 leaves user or group as they are. */
  void owner(FilePath path, int uid, int gid) throws FileError {
    writable();
    place(path, (place, facts) -> host.owner(place, uid, gid));
  }

  private interface Place {
    void at(int place, FileFacts facts) throws FileError;
  }

  private void place(FilePath path, Place step) throws FileError {
    in(path, (folder, name) -> {
      int place = host.open(folder, name, LinuxFiles.PLACE | LinuxFiles.NO_FOLLOW, 0);
      try {
        step.at(place, host.facts(place));
      } finally {
        host.close(place);
      }
      return null;
    });
  }

  /** @param times as {@link LinuxFiles#times} takes them */
  void times(FilePath path, long[] times) throws FileError {
    writable();
    in(path, (folder, name) -> {
      host.times(folder, name, times);
      return null;
    });
  }

  void truncate(FilePath path, long size) throws FileError {
    int file = open(path, LinuxFiles.WRITE);
    try {
      host.truncate(file, size);
    } finally {
      host.close(file);
    }
  }

  /** A name in a folder. */
  record Entry(String name, long number, int type) {}

  /** What is in a folder, by name, behind the two names for itself and the folder above, which for the shared one is itself. */
  List<Entry> list(FilePath path) throws FileError {
    List<Entry> found = new ArrayList<>();
    host.list(open(path, LinuxFiles.READ | LinuxFiles.FOLDER), (name, inode, type) -> {
      if (!name.equals(".") && !name.equals("..")) {
        if (found.size() == MOST_NAMES) {
          throw new FileError(FileError.TOO_LARGE);
        }
        found.add(new Entry(name, inode, type));
      }
    });
    found.sort((a, b) -> a.name.compareTo(b.name));
    List<Entry> all = new ArrayList<>(found.size() + 2);
    all.add(new Entry(".", number(path), 4));
    all.add(new Entry("..", number(path.parent()), 4));
    all.addAll(found);
    return all;
  }

  private long number(FilePath path) throws FileError {
    FileFacts facts = facts(path);
    return FileFacts.number(facts.inode(), facts.device(), device);
  }

  /** Struct statfs. */
  MemorySegment space(FilePath path) throws FileError {
    int place = in(path, (folder, name) -> host.open(folder, name, LinuxFiles.PLACE | LinuxFiles.NO_FOLLOW, 0));
    try {
      return host.space(place);
    } finally {
      host.close(place);
    }
  }

  @Override
  public void close() {
    host.close(root);
  }
}
