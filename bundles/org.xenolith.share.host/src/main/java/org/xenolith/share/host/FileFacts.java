// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xenolith.ninep.kit.Qid;

/**
 * What the host says of a file.
 *
 * @param mode    type and rights, as Linux has them
 * @param device  number of the file system that it is in
 * @param written when its content was changed last
 * @param changed when anything of it was
 */
record FileFacts(int mode, int uid, int gid, long links, long inode, long device, long size, long blocks, int blockSize, Moment accessed,
    Moment written, Moment changed) {
  static final int TYPE = 0xF000;
  static final int FOLDER = 0x4000;
  static final int FILE = 0x8000;
  static final int LINK = 0xA000;
  /** Bytes of struct statx. */
  static final int BYTES = 256;

  /** A time. */
  record Moment(long seconds, int nanoseconds) {}

  /** Of struct statx (linux/stat.h), which is the same on every architecture. */
  static FileFacts of(MemorySegment statx) {
    return new FileFacts(statx.get(ValueLayout.JAVA_SHORT, 28) & 0xFFFF, statx.get(ValueLayout.JAVA_INT, 20), statx.get(
        ValueLayout.JAVA_INT, 24), statx.get(ValueLayout.JAVA_INT, 16) & 0xFFFF_FFFFL, statx.get(ValueLayout.JAVA_LONG, 32), (long) statx
            .get(ValueLayout.JAVA_INT, 136) << 32 | statx.get(ValueLayout.JAVA_INT, 140) & 0xFFFF_FFFFL, statx.get(ValueLayout.JAVA_LONG,
                40), statx.get(ValueLayout.JAVA_LONG, 48), statx.get(ValueLayout.JAVA_INT, 4), moment(statx, 64), moment(statx, 112),
        moment(statx, 96));
  }

  private static Moment moment(MemorySegment statx, int at) {
    return new Moment(statx.get(ValueLayout.JAVA_LONG, at), statx.get(ValueLayout.JAVA_INT, at + 8));
  }

  int type() {
    return mode & TYPE;
  }

  boolean isFolder() { return type() == FOLDER; }

  boolean isFile() { return type() == FILE; }

  boolean isLink() { return type() == LINK; }

  /** Another one if the content was changed. */
  int version() {
    return (int) (written.seconds ^ written.nanoseconds ^ size << 8);
  }

  /** @param root number of the file system that the shared folder is in */
  Qid qid(long root) {
    return new Qid(isFolder() ? Qid.FOLDER : isLink() ? Qid.LINK : 0, version(), number(inode, device, root));
  }

  /** A number that no other file has: of another file system than the folder's a mix, as the same inode's number may be in both. */
  static long number(long inode, long device, long root) {
    return device == root ? inode : inode ^ device * 0x9E37_79B9_7F4A_7C15L;
  }
}
