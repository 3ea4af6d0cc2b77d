// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/** A way to memory that decides at each access where it leads, or that it leads nowhere. */
public abstract class DmaGate implements DmaPort {
  /**
   * Where an access goes now.
   *
   * @throws ExternalAbort if it goes nowhere
   */
  protected abstract DmaPort port();

  @Override
  public final void read(long address, byte[] into, int offset, int length) {
    port().read(address, into, offset, length);
  }

  @Override
  public final void write(long address, byte[] from, int offset, int length) {
    port().write(address, from, offset, length);
  }

  @Override
  public final long read(long address, int size) {
    return port().read(address, size);
  }

  @Override
  public final void write(long address, int size, long value) {
    port().write(address, size, value);
  }
}
