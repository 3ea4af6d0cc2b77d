// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.xenolith.xen.abi.AbiMemory;

/**
 * Pages of the machine that lie behind one another for who looks through this: a ring of several granted pages. Addresses
 * count from the first page and wrap at the end, so that no index of a guest's leads outside. An access must not cross a page.
 */
public final class PagedMemory implements AbiMemory {
  private final AbiMemory machine;
  private final long[] pages;
  private final int mask;

  /** @param pages machine addresses, as many as a power of two */
  public PagedMemory(AbiMemory machine, long... pages) {
    if (Integer.bitCount(pages.length) != 1) {
      throw new IllegalArgumentException(pages.length + " pages: expected a power of two");
    }
    this.machine = machine;
    this.pages = pages.clone();
    mask = pages.length - 1;
  }

  private long at(long address) {
    return pages[(int) (address >>> 12) & mask] + (address & 0xFFF);
  }

  /** How many bytes there are. */
  public int size() {
    return pages.length << 12;
  }

  @Override
  public byte read8(long address) {
    return machine.read8(at(address));
  }

  @Override
  public short read16(long address) {
    return machine.read16(at(address));
  }

  @Override
  public int read32(long address) {
    return machine.read32(at(address));
  }

  @Override
  public long read64(long address) {
    return machine.read64(at(address));
  }

  @Override
  public void write8(long address, byte value) {
    machine.write8(at(address), value);
  }

  @Override
  public void write16(long address, short value) {
    machine.write16(at(address), value);
  }

  @Override
  public void write32(long address, int value) {
    machine.write32(at(address), value);
  }

  @Override
  public void write64(long address, long value) {
    machine.write64(at(address), value);
  }
}
