// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.util.Map;
import java.util.TreeMap;

/** A guest's numbers for files. */
final class Fids {
  /** Most at once: of files that a guest's kernel remembers. */
  private static final int MOST = 1 << 18;
  /** Most files open at once. */
  private static final int MOST_OPEN = 4096;

  private final Map<Integer, Fid> fids = new TreeMap<>();
  private int open;

  /** @throws FileError if there is none */
  Fid get(int number) throws FileError {
    Fid fid = fids.get(number);
    if (fid == null) {
      throw new FileError(FileError.BAD_FILE);
    }
    return fid;
  }

  /** Adds one; the number must be free. */
  Fid add(int number, FilePath path) throws FileError {
    if (fids.containsKey(number)) {
      throw new FileError(FileError.BAD_FILE);
    }
    if (fids.size() == MOST) {
      throw new FileError(FileError.TABLE_FULL);
    }
    Fid fid = new Fid(path);
    fids.put(number, fid);
    return fid;
  }

  /** Looks whether one more can be open. */
  void room() throws FileError {
    if (open == MOST_OPEN) {
      throw new FileError(FileError.TOO_MANY_OPEN);
    }
  }

  void open(Fid fid, OpenFile file) {
    fid.open(file);
    open++;
  }

  /** Gives one back. */
  Fid remove(int number) throws FileError {
    Fid fid = get(number);
    fids.remove(number);
    close(fid);
    return fid;
  }

  private void close(Fid fid) {
    if (fid.open() != null) {
      fid.close();
      open--;
    }
  }

  /** A file is elsewhere now, with all below it. */
  void moved(FilePath from, FilePath to) {
    for (Fid fid : fids.values()) {
      if (fid.path().isIn(from)) {
        fid.path(fid.path().moved(from, to));
      }
    }
  }

  /** All of them, by number. */
  Map<Integer, Fid> all() {
    return fids;
  }

  void clear() {
    fids.values().forEach(this::close);
    fids.clear();
  }
}
