// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.lang.foreign.Arena;

/**
 * Writes code that this process has mapped privately to be executed, and may not write at that address: the host gives it a copy of the page, which is never writable. Source: proc(5), /proc/pid/mem;
 * a host may be told to refuse it (proc_mem.force_override).
 */
final class ForcedWrites {
  private static final int READ_WRITE_CLOSE_ON_EXEC = 0x80002;
  private static final int PAGE = 4096;
  private static final int READ_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  /** The memory of this process; negative if the host has no such file. It stays open. */
  private static final long FILE = open();
  private static final boolean POSSIBLE = FILE >= 0 && tried();

  private ForcedWrites() {}

  private static long open() {
    try (Arena arena = Arena.ofConfined()) {
      return LinuxCalls.call(LinuxCalls.OPEN, arena.allocateFrom("/proc/self/mem").address(), READ_WRITE_CLOSE_ON_EXEC, 0, 0, 0, 0);
    }
  }

  private static boolean tried() {
    long page = LinuxCalls.call(LinuxCalls.MAP, 0, PAGE, READ_EXECUTE, PRIVATE_ANONYMOUS, -1, 0);
    if (page == LinuxCalls.REFUSED) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return write(arena.allocate(Long.BYTES).address(), page, Long.BYTES);
    } finally {
      LinuxCalls.call(LinuxCalls.UNMAP, page, PAGE, 0, 0, 0, 0);
    }
  }

  /** Whether this host lets a process do that. */
  static boolean possible() {
    return POSSIBLE;
  }

  /** Bytes become those at an address. Returns whether they are. */
  static boolean write(long from, long to, long length) {
    return LinuxCalls.writeAt(FILE, from, to, length);
  }
}
