// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A file or a folder that a fid has open. */
final class OpenFile {
  static final int READ_LOCK = 0;
  static final int WRITE_LOCK = 1;
  static final int UNLOCK = 2;
  private static final int GET = 36;
  private static final int SET = 37;
  private static final int FLOCK_EXCLUSIVE = 2;
  private static final int FLOCK_NO_WAIT = 4;
  private static final int FLOCK_UNLOCK = 8;

  /** A range of a file; a length of 0 reaches to its end, wherever that is. */
  record Lock(int type, long start, long length) {}

  private final LinuxFiles host;
  private final int file;
  private final int flags;
  private final boolean folder;
  private final MemorySegment lock;
  private final List<Lock> locks = new ArrayList<>();
  /** The names in a folder as they were when it was read from the begin. */
  private List<Folder.Entry> entries;

  /** @param flags that it was opened with; what is done only once isn't among them */
  OpenFile(LinuxFiles host, int file, int flags, boolean folder, MemorySegment lock) {
    this.host = host;
    this.file = file;
    this.flags = flags & ~(LinuxFiles.TRUNCATE | LinuxFiles.CREATE | LinuxFiles.EXCLUSIVE);
    this.folder = folder;
    this.lock = lock;
  }

  int flags() {
    return flags;
  }

  boolean isFolder() { return folder; }

  int number() {
    return file;
  }

  List<Lock> locks() {
    return locks;
  }

  List<Folder.Entry> entries() {
    return entries;
  }

  void entries(List<Folder.Entry> listed) {
    entries = listed;
  }

  FileFacts facts() throws FileError {
    return host.facts(file);
  }

  /** As many bytes as there are, at most so many. */
  int read(long at, byte[] into, int offset, int count) throws FileError {
    int done = 0;
    while (done < count) {
      int piece = host.read(file, at + done, into, offset + done, count - done);
      if (piece == 0) {
        break;
      }
      done += piece;
    }
    return done;
  }

  int write(long at, byte[] from, int offset, int count) throws FileError {
    return host.write(file, at, from, offset, count);
  }

  void sync(boolean contentOnly) throws FileError {
    host.sync(file, contentOnly);
  }

  void truncate(long size) throws FileError {
    host.truncate(file, size);
  }

  private MemorySegment of(int type, long start, long length) {
    // struct flock of 64 bits: l_type, l_whence (from the begin), l_start, l_len, l_pid.
    lock.fill((byte) 0);
    lock.set(ValueLayout.JAVA_SHORT, 0, (short) type);
    lock.set(ValueLayout.JAVA_LONG, 8, start);
    lock.set(ValueLayout.JAVA_LONG, 16, length);
    return lock;
  }

  /**
   * Locks or unlocks a range, as an open file's own (F_OFD_SETLK): other programs of the host heed it, and two guests that share a folder. Of a file that is
   * open to be read only an exclusive lock is one of the whole file (flock).
   *
   * @return false if somebody else has it
   */
  boolean lock(Lock wanted) throws FileError {
    try {
      host.lock(file, SET, of(wanted.type, wanted.start, wanted.length));
    } catch (FileError e) {
      if (e.number() == FileError.AGAIN || e.number() == FileError.ACCESS) {
        return false;
      }
      if (e.number() != FileError.BAD_FILE || wanted.type != WRITE_LOCK) {
        throw e;
      }
      return lockAll(wanted);
    }
    if (wanted.type == UNLOCK) {
      locks.removeIf(each -> each.start >= wanted.start && (wanted.length == 0 || each.length != 0 && each.start + each.length
          <= wanted.start + wanted.length));
      if (locks.isEmpty()) {
        host.lockAll(file, FLOCK_UNLOCK);
      }
    } else {
      locks.add(wanted);
    }
    return true;
  }

  private boolean lockAll(Lock wanted) throws FileError {
    try {
      host.lockAll(file, FLOCK_EXCLUSIVE | FLOCK_NO_WAIT);
    } catch (FileError e) {
      if (e.number() == FileError.AGAIN) {
        return false;
      }
      throw e;
    }
    locks.add(wanted);
    return true;
  }

  /** A lock that keeps this one from being had; one of the type {@link #UNLOCK} if there is none. */
  Lock against(Lock wanted) throws FileError {
    MemorySegment asked = of(wanted.type, wanted.start, wanted.length);
    host.lock(file, GET, asked);
    return new Lock(asked.get(ValueLayout.JAVA_SHORT, 0), asked.get(ValueLayout.JAVA_LONG, 8), asked.get(ValueLayout.JAVA_LONG, 16));
  }

  void close() {
    host.close(file);
  }
}
