// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;

/** A file in memory with code, of which several engines may have something mapped. The host has its memory back with the last of them. Source: memfd_create(2), fallocate(2). */
final class CodeMemory {
  private static final int CLOSE_ON_EXEC = 1;
  /** With FALLOC_FL_KEEP_SIZE, without which it is refused. */
  private static final int PUNCH_HOLE = 3;

  private final long file;
  private final long size;
  private final AtomicInteger users = new AtomicInteger(1);

  private CodeMemory(long file, long size) {
    this.file = file;
    this.size = size;
  }

  /**
   * An empty one.
   *
   * @throws UnsupportedOperationException if the host refuses it; the message says what
   */
  static CodeMemory create(long size) {
    try (Arena arena = Arena.ofConfined()) {
      long file = LinuxCalls.call(LinuxCalls.CREATE, arena.allocateFrom("xenolith").address(), CLOSE_ON_EXEC, 0, 0, 0, 0);
      if (file < 0) {
        throw new UnsupportedOperationException("the host has no memory for code (memfd_create)");
      }
      if (LinuxCalls.call(LinuxCalls.RESIZE, file, size, 0, 0, 0, 0) != 0) {
        LinuxCalls.call(LinuxCalls.CLOSE, file, 0, 0, 0, 0, 0);
        throw new UnsupportedOperationException("the host refuses memory that is executed (ftruncate)");
      }
      return new CodeMemory(file, size);
    }
  }

  /** Maps a part at an address. Returns whether it is. */
  boolean map(long address, int rights, int kind, long from, long length) {
    return LinuxCalls.call(LinuxCalls.MAP, address, length, rights, kind, file, from) != LinuxCalls.REFUSED;
  }

  /** Bytes of this process become those at a place. Returns whether they are. */
  boolean write(long from, long place, long length) {
    return LinuxCalls.writeAt(file, from, place, length);
  }

  /** One more has something of it mapped. */
  void keep() {
    users.incrementAndGet();
  }

  /** One who had doesn't execute or read it any more. */
  void drop() {
    if (users.decrementAndGet() == 0) {
      LinuxCalls.call(LinuxCalls.ALLOCATE, file, PUNCH_HOLE, 0, size, 0, 0);
      LinuxCalls.call(LinuxCalls.CLOSE, file, 0, 0, 0, 0, 0);
    }
  }
}
