// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A bus master's view of memory. Multi-byte values are little-endian; single 16-, 32- and 64-bit accesses are atomic with
 * respect to the guest. An address where there is no RAM throws {@link ExternalAbort}: windows of other devices, or of the
 * device itself, don't answer bus masters.
 */
@ProviderType
public interface DmaPort {
  /** Reads {@code length} bytes from {@code address} into {@code into} at {@code offset}. */
  void read(long address, byte[] into, int offset, int length);

  /** Writes {@code length} bytes of {@code from} at {@code offset} to {@code address}. */
  void write(long address, byte[] from, int offset, int length);

  /** Reads 1, 2, 4 or 8 bytes. */
  long read(long address, int size);

  /** Writes 1, 2, 4 or 8 bytes. */
  void write(long address, int size, long value);
}
