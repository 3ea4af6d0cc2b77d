// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A file or a folder that a fid has open. */
final class OpenFile {
  static final int READ_LOCK = 0;
  static final int WRITE_LOCK = 1;
  static final int UNLOCK = 2;

  /** A range of a file; a length of 0 reaches to its end, wherever that is. */
  record Lock(int type, long start, long length) {}

  private final LinuxFiles host;
  private final int file;
  private final int flags;
  private final boolean folder;
  private final FileLocks locks;
  /** The names in a folder as they were when it was read from the begin. */
  private List<Folder.Entry> entries;

  /** @param flags that it was opened with; what is done only once isn't among them */
  OpenFile(LinuxFiles host, int file, int flags, boolean folder, MemorySegment lock) {
    this.host = host;
    this.file = file;
    this.flags = flags & ~(LinuxFiles.TRUNCATE | LinuxFiles.CREATE | LinuxFiles.EXCLUSIVE);
    this.folder = folder;
    locks = new FileLocks(host, file, flags, lock);
  }

  int flags() {
    return flags;
  }

  boolean isFolder() { return folder; }

  int number() {
    return file;
  }

  FileLocks locks() {
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

  void close() {
    host.close(file);
  }
}
