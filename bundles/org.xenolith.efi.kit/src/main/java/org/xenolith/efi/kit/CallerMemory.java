// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

/** Memory at the addresses that a caller of firmware uses, in whatever translation; or at physical ones. Nothing of it throws. */
public interface CallerMemory {
  /** The bytes there; null if they can't all be read. */
  byte[] read(long address, int length);

  /** Whether all of these bytes can be written. */
  boolean isWritable(long address, int length);

  /** Writes bytes; if they can't all be written nothing is, and the result is false. */
  boolean write(long address, byte[] bytes);
}
