// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.xenolith.machine.kit.HostFunction;

/**
 * The calls of Linux on x86-64, all by one function of the C library. Source: syscall(2), and arch/x86/entry/syscalls/syscall_64.tbl for the numbers.
 */
final class LinuxCalls {
  static final long OPEN = 2;
  static final long CLOSE = 3;
  static final long MAP = 9;
  static final long UNMAP = 11;
  static final long WRITE_AT = 18;
  static final long ADVISE = 28;
  static final long RESIZE = 77;
  static final long ALLOCATE = 285;
  static final long CREATE = 319;
  /** What calls give that are refused. */
  static final long REFUSED = -1;
  private static final MemorySegment FUNCTION = Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(
      () -> new UnsupportedOperationException("the host's C library has no syscall"));

  private LinuxCalls() {}

  static long call(long number, long a, long b, long c, long d, long e, long f) {
    return HostFunction.call(FUNCTION, number, a, b, c, d, e, f);
  }

  /** Writes bytes of this process to a file. Returns whether all are written. Source: pwrite(2). */
  static boolean writeAt(long file, long from, long to, long length) {
    for (long done = 0; done < length;) {
      long more = call(WRITE_AT, file, from + done, length - done, to + done, 0, 0);
      if (more <= 0) {
        return false;
      }
      done += more;
    }
    return true;
  }
}
