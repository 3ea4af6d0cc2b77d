// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Locks of an open file, as the host has them, so that its programs heed them and whoever else serves the folder.
 *
 * <p>A range is locked as the open file's own (F_OFD_SETLK). Linux' client asks for all of the file where its program called flock(2), which works on files
 * that are open to be read only, too; the host refuses an exclusive range of such a file. So all of a file is locked with flock(2) as well, however it is open:
 * that is what two such locks see of each other. Sources: fcntl(2), flock(2), what Linux' {@code fs/9p} asks.
 */
final class FileLocks {
  private static final int GET = 36;
  private static final int SET = 37;
  private static final int NO_WAIT = 4;
  /** Operations of flock(2) by type of lock. */
  private static final int[] FLOCK = {1, 2, 8};

  private final LinuxFiles host;
  private final int file;
  private final int access;
  private final MemorySegment place;
  private LockedRanges held = LockedRanges.NONE;
  /** Type of the lock by flock(2). */
  private int whole = OpenFile.UNLOCK;

  /** @param flags that the file was opened with */
  FileLocks(LinuxFiles host, int file, int flags, MemorySegment place) {
    this.host = host;
    this.file = file;
    access = flags & LinuxFiles.ACCESS;
    this.place = place;
  }

  List<OpenFile.Lock> held() {
    return held.ranges();
  }

  /** Locks or unlocks a range. @return false if somebody else has it; what was held is held then as before */
  boolean lock(OpenFile.Lock wanted) throws FileError {
    LockedRanges after = held.with(wanted);
    int before = whole;
    int wholeAfter = access == LinuxFiles.READ && after.exclusive() ? OpenFile.WRITE_LOCK : after.whole();
    // It is given back last, so that nobody has all of the file between.
    if (wholeAfter != OpenFile.UNLOCK && !lockWhole(wholeAfter)) {
      lockWhole(before);
      return false;
    }
    boolean had = false;
    try {
      had = lockRange(wanted);
    } finally {
      lockWhole(had ? wholeAfter : before);
    }
    if (had) {
      held = after;
    }
    return had;
  }

  /** From one type to another the host gives the first back before it takes the second: another program can come between. */
  private boolean lockWhole(int type) throws FileError {
    if (type != whole) {
      try {
        host.lockAll(file, FLOCK[type] | NO_WAIT);
      } catch (FileError e) {
        if (e.number() == FileError.AGAIN) {
          whole = OpenFile.UNLOCK;
          return false;
        }
        throw e;
      }
      whole = type;
    }
    return true;
  }

  private boolean lockRange(OpenFile.Lock wanted) throws FileError {
    int type = wanted.type();
    if (type == OpenFile.WRITE_LOCK && access == LinuxFiles.READ) {
      type = OpenFile.READ_LOCK; // the most that the host has for it: keeps out who writes
    } else if (type == OpenFile.READ_LOCK && access == LinuxFiles.WRITE && whole != OpenFile.UNLOCK) {
      type = OpenFile.UNLOCK; // no range can be locked so, and flock(2) has it
    }
    try {
      host.lock(file, SET, of(type, wanted));
      return true;
    } catch (FileError e) {
      if (e.number() == FileError.AGAIN || e.number() == FileError.ACCESS) {
        return false;
      }
      throw e;
    }
  }

  private MemorySegment of(int type, OpenFile.Lock wanted) {
    // struct flock of 64 bits: l_type, l_whence (from the begin), l_start, l_len, l_pid.
    place.fill((byte) 0);
    place.set(ValueLayout.JAVA_SHORT, 0, (short) type);
    place.set(ValueLayout.JAVA_LONG, 8, wanted.start());
    place.set(ValueLayout.JAVA_LONG, 16, wanted.length());
    return place;
  }

  /** A locked range that keeps this one from being had; one of the type {@link OpenFile#UNLOCK} if there is none. Of flock(2) the host tells nothing. */
  OpenFile.Lock against(OpenFile.Lock wanted) throws FileError {
    MemorySegment asked = of(wanted.type(), wanted);
    host.lock(file, GET, asked);
    return new OpenFile.Lock(asked.get(ValueLayout.JAVA_SHORT, 0), asked.get(ValueLayout.JAVA_LONG, 8), asked.get(ValueLayout.JAVA_LONG,
        16));
  }
}
