// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import org.xenolith.ninep.kit.MalformedMessage;
import org.xenolith.ninep.kit.MessageReader;

/** What a Tsetattr asks for. */
final class AttributeChange {
  private static final int MODE = 0x1;
  private static final int USER = 0x2;
  private static final int GROUP = 0x4;
  private static final int SIZE = 0x8;
  private static final int ACCESSED = 0x10;
  private static final int WRITTEN = 0x20;
  private static final int ACCESSED_SET = 0x80;
  private static final int WRITTEN_SET = 0x100;
  /** Nanoseconds that say: now, and: as it is (utimensat(2)). */
  private static final long NOW = (1 << 30) - 1;
  private static final long OMIT = (1 << 30) - 2;

  private final int fid;
  private final int valid;
  private final int mode;
  private final int uid;
  private final int gid;
  private final long size;
  private final long[] times = new long[4];

  AttributeChange(MessageReader in) throws MalformedMessage {
    fid = in.word();
    valid = in.word();
    mode = in.word();
    uid = in.word();
    gid = in.word();
    size = in.wide();
    for (int i = 0; i < times.length; i++) {
      times[i] = in.wide();
    }
    time(0, ACCESSED, ACCESSED_SET);
    time(2, WRITTEN, WRITTEN_SET);
  }

  private void time(int at, int given, int exact) {
    if ((valid & given) == 0 || (valid & exact) == 0) {
      times[at] = 0;
      times[at + 1] = (valid & given) == 0 ? OMIT : NOW;
    }
  }

  void apply(Folder folder, Fids fids) throws FileError {
    Fid changed = fids.get(fid);
    FilePath path = changed.path();
    if (folder.readOnly()) {
      throw new FileError(FileError.READ_ONLY);
    }
    if ((valid & MODE) != 0) {
      folder.mode(path, mode);
    }
    if ((valid & (USER | GROUP)) != 0) {
      folder.owner(path, (valid & USER) == 0 ? -1 : uid, (valid & GROUP) == 0 ? -1 : gid);
    }
    if ((valid & SIZE) != 0) {
      truncate(folder, changed);
    }
    if ((valid & (ACCESSED | WRITTEN)) != 0) {
      folder.times(path, times);
    }
  }

  private void truncate(Folder folder, Fid changed) throws FileError {
    if (size < 0) {
      throw new FileError(FileError.INVALID);
    }
    OpenFile open = changed.open();
    if (open != null && (open.flags() & LinuxFiles.ACCESS) != LinuxFiles.READ) {
      open.truncate(size);
    } else {
      folder.truncate(changed.path(), size);
    }
  }
}
