// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many chunks may be mapped from files at once. The host has a number of mappings that a process may have, and the JVM ends when it gets none for itself: it keeps a quarter of them.
 * Source: Linux' admin-guide/sysctl/vm.rst, max_map_count.
 */
final class MappingLimit {
  private static final Path HOSTS = Path.of("/proc/sys/vm/max_map_count");
  /** What Linux has if nobody says another number. */
  private static final long USUAL = 65_530;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /** @param most mappings */
  MappingLimit(long most) {
    this.most = most;
  }

  /** That of this host. */
  static MappingLimit ofHost() {
    long all;
    try (InputStream in = Files.newInputStream(HOSTS)) {
      // At once: who reads on from where one read has ended is told that nothing follows.
      byte[] text = new byte[32];
      all = Long.parseLong(new String(text, 0, Math.max(0, in.read(text)), StandardCharsets.US_ASCII).strip());
    } catch (IOException | NumberFormatException unknown) {
      all = USUAL;
    }
    return new MappingLimit(all / 4 * 3);
  }

  /** Mappings. */
  long most() {
    return most;
  }

  /**
   * A mapping is to be made.
   *
   * @throws OutOfMemoryError if it is more than there may be
   */
  void take() {
    if (!mayTake()) {
      throw new OutOfMemoryError(most
          + " chunks of RAM are shared between machines that were forked, as many as may be: three quarters of the"
          + " mappings that the host lets a process have (sysctl vm.max_map_count), and each machine has one for each 16 MiB of RAM; close some");
    }
  }

  /** The same for one that can be done without. Returns whether it may be made. */
  boolean mayTake() {
    boolean may = taken.incrementAndGet() <= most;
    if (!may) {
      taken.decrementAndGet();
    }
    return may;
  }

  /** A mapping is gone. */
  void give() {
    taken.decrementAndGet();
  }
}
