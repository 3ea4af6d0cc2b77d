// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/** A way to memory that decides at each access where it leads, or that it leads nowhere. */
public interface DmaGate extends DmaPort {
  /**
   * Where an access goes now.
   *
   * @throws ExternalAbort if it goes nowhere
   */
  DmaPort port();

  @Override
  default void read(long address, byte[] into, int offset, int length) {
    port().read(address, into, offset, length);
  }

  @Override
  default void write(long address, byte[] from, int offset, int length) {
    port().write(address, from, offset, length);
  }

  @Override
  default long read(long address, int size) {
    return port().read(address, size);
  }

  @Override
  default void write(long address, int size, long value) {
    port().write(address, size, value);
  }
}
