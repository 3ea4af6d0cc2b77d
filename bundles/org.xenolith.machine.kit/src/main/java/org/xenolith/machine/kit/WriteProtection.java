// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has the host say which pages of this process were written since it was asked last: who writes one first takes a fault of the host's, which nobody else has to answer. Source: Linux'
 * admin-guide/mm/userfaultfd.rst and linux/userfaultfd.h, asynchronous write protection, which a host has from 6.7 on and may refuse to who isn't privileged.
 */
final class WriteProtection {
  /** The number of userfaultfd(2), where guests' memory is outside the heap as their code is the host's; negative elsewhere. */
  private static final long CREATE = System.getProperty("os.arch").equals("amd64") ? 323 : -1;
  /** O_CLOEXEC, O_NONBLOCK, UFFD_USER_MODE_ONLY: who isn't privileged gets no other. */
  private static final long KIND = 0x80000 | 0x800 | 1;
  /** {@code _IOWR(0xAA, 0x3F, struct uffdio_api)}. */
  private static final long API = 0xC018_AA3FL;
  /** {@code _IOWR(0xAA, 0x00, struct uffdio_register)}. */
  private static final long REGISTER = 0xC020_AA00L;
  private static final long VERSION = 0xAA;
  /** UFFD_FEATURE_PAGEFAULT_FLAG_WP, _WP_UNPOPULATED and _WP_ASYNC. */
  private static final long FEATURES = 1 | 1 << 13 | 1 << 15;
  /** UFFDIO_REGISTER_MODE_WP. */
  private static final long WRITES = 2;

  private static final Optional<MemorySegment> CALL = HostPages.function("syscall");
  private static final Optional<MemorySegment> CONTROL = HostPages.function("ioctl");
  /** Negative if the host refuses one. It stays open. */
  private static final long DESCRIPTOR = create();

  private WriteProtection() {}

  private static long create() {
    if (CREATE < 0 || CALL.isEmpty() || !PageScan.possible()) {
      return -1;
    }
    long made = (int) HostFunction.call(CALL.get(), CREATE, KIND, 0, 0, 0, 0, 0);
    if (made >= 0 && !control(made, API, VERSION, FEATURES, 0)) {
      HostPages.function("close").ifPresent(close -> HostFunction.call(close, made, 0, 0, 0, 0, 0, 0));
      return -1;
    }
    return made;
  }

  private static boolean control(long descriptor, long request, long... words) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(4 * Long.BYTES, Long.BYTES);
      MemorySegment.copy(words, 0, argument, ValueLayout.JAVA_LONG, 0, words.length);
      return (int) HostFunction.call(CONTROL.orElseThrow(), descriptor, request, argument.address(), 0, 0, 0, 0) == 0;
    }
  }

  /** Whether this host can. */
  static boolean possible() {
    return DESCRIPTOR >= 0;
  }

  /** A mapping may be asked about from now on, until something else is mapped there. Returns whether the host allows it. */
  static boolean begin(long address, int size) {
    return possible() && control(DESCRIPTOR, REGISTER, address, size, WRITES);
  }

  /**
   * Pages of a mapping that were written since this was asked last, all that are there the first time. One that the host was given back meanwhile isn't said.
   *
   * @return their numbers in it; null if the host doesn't tell
   */
  static @Nullable BitSet written(long address, int size) {
    BitSet pages = new BitSet();
    // Of what isn't there nothing is protected: its first write gets a large page.
    boolean told = PageScan.pages(address, size, pages, PageScan.PROTECT, 0, PageScan.WRITTEN, PageScan.THERE);
    return told ? pages : null;
  }
}
