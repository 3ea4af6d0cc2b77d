// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;


/** What a guest's number for a file stands for. */
final class Fid {
  private FilePath path;
  private OpenFile open;
  /** It was open before a snapshot, and isn't the same any more: what is done with it is refused. */
  private boolean stale;

  Fid(FilePath path) {
    this.path = path;
  }

  FilePath path() {
    return path;
  }

  void path(FilePath newPath) {
    path = newPath;
  }

  /** What it has open. @throws FileError if it has nothing open, or what it had is another file now */
  OpenFile file() throws FileError {
    if (stale) {
      throw new FileError(FileError.STALE);
    }
    if (open == null) {
      throw new FileError(FileError.BAD_FILE);
    }
    return open;
  }

  /** What it has open; null for nothing. */
  OpenFile open() {
    return open;
  }

  void open(OpenFile newFile) {
    open = newFile;
  }

  boolean isStale() { return stale; }

  void makeStale() {
    stale = true;
  }

  void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
