// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

import java.util.Optional;

/** Requests by their numbers. A reply has the request's plus one, or is {@link #ERROR}. */
public enum MessageType {
  /** Free and used space. */
  STATFS(8),
  /** Opens a file. */
  LOPEN(12),
  /** Makes an ordinary file and opens it. */
  LCREATE(14),
  /** Makes a symbolic link. */
  SYMLINK(16),
  /** Makes a device node. */
  MKNOD(18),
  /** Renames what a fid stands for. */
  RENAME(20),
  /** Text of a symbolic link. */
  READLINK(22),
  /** Attributes. */
  GETATTR(24),
  /** Changes attributes. */
  SETATTR(26),
  /** Begins to read an extended attribute, or their list. */
  XATTRWALK(30),
  /** Begins to write an extended attribute. */
  XATTRCREATE(32),
  /** Names in a folder. */
  READDIR(40),
  /** Makes a file's content durable. */
  FSYNC(50),
  /** Locks or unlocks a range of a file. */
  LOCK(52),
  /** Who would keep a lock from being had. */
  GETLOCK(54),
  /** Makes a hard link. */
  LINK(70),
  /** Makes a folder. */
  MKDIR(72),
  /** Renames by folder and name. */
  RENAMEAT(74),
  /** Removes by folder and name. */
  UNLINKAT(76),
  /** Begins a session. */
  VERSION(100),
  /** Asks for a fid to authenticate by. */
  AUTH(102),
  /** Gives a fid to the root. */
  ATTACH(104),
  /** Gives a request up. */
  FLUSH(108),
  /** Gives a fid to what is found by names. */
  WALK(110),
  /** Reads. */
  READ(116),
  /** Writes. */
  WRITE(118),
  /** Gives a fid back. */
  CLUNK(120),
  /** Removes what a fid stands for, and gives that back. */
  REMOVE(122);

  /** Number of the reply that refuses a request: Rlerror. */
  public static final int ERROR = 7;
  private static final MessageType[] BY_NUMBER = new MessageType[256];

  static {
    for (MessageType type : values()) {
      BY_NUMBER[type.number] = type;
    }
  }

  private final int number;

  MessageType(int number) {
    this.number = number;
  }

  /** Its number as a request. */
  public int request() {
    return number;
  }

  /** Its number as a reply. */
  public int reply() {
    return number + 1;
  }

  /** The request with a number; empty if there is none. @param number 0 to 255 */
  public static Optional<MessageType> of(int number) {
    return Optional.ofNullable(BY_NUMBER[number]);
  }
}
