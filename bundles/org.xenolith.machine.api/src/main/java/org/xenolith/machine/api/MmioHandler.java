// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What answers accesses to one window of a device. Values are little-endian and zero-extended; the core has already
 * applied the window's {@link AccessRule}, so that {@code size} and alignment are what the rule allows. Must not block,
 * allocate on the common path, or throw anything but {@link ExternalAbort}.
 */
@ConsumerType
public interface MmioHandler {
  /**
   * A read.
   *
   * @param offset byte offset in the window
   * @param size   1, 2, 4 or 8 bytes
   */
  long read(long offset, int size);

  /** A write of the low {@code size} bytes of {@code value}. */
  void write(long offset, int size, long value);
}
