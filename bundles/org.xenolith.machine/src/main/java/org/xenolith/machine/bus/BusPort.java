// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/**
 * One CPU's access to the address space; remembers where its last accesses went. A CPU of two worlds has one for each physical address space: the address's world is known
 * by the port.
 */
public final class BusPort implements RamBus {
  /** Chunks that are at hand, a power of two: tables of pages and what they lead to are in many, and asked for by turns. */
  private static final int AT_HAND = 64;
  /** The largest chunk's bytes, as a power of two. */
  private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(RamBanks.CHUNK);

  private final AddressSpace space;
  private final Initiator initiator;
  /** Its number, {@link Initiator#port}. */
  private final int port;
  private BusWindow lastWindow;
  private final Ram[] atHand = new Ram[AT_HAND];

  /** @param secure whether it leads to the secure physical address space */
  public BusPort(AddressSpace space, Initiator initiator, int cpu, boolean secure) {
    this.space = space;
    this.initiator = initiator;
    port = Initiator.port(cpu, secure);
  }

  @Override
  public Ram ram(long address) {
    int at = (int) (address >>> CHUNK_SHIFT) & AT_HAND - 1;
    Ram known = atHand[at];
    if (known != null && Long.compareUnsigned(address - known.base, known.size) < 0) {
      return known;
    }
    Ram ram = space.ram().chunk(address);
    if (ram != null) {
      atHand[at] = ram;
    }
    return ram;
  }

  @Override
  public Ram readable(long address) {
    Ram ram = ram(address);
    if (ram != null) {
      return ram;
    }
    BusWindow window = window(address);
    return window == null ? null : window.readable(address);
  }

  @Override
  public long read(long address, int size) {
    BusWindow window = window(address);
    if (window != null) {
      initiator.by(port);
      return window.read(address - window.base, size);
    }
    Ram ram = ram(address);
    if (ram != null) {
      return ram.read((int) (address - ram.base), size);
    }
    throw space.nothingAt(address, size, false);
  }

  @Override
  public void write(long address, int size, long value) {
    BusWindow window = window(address);
    if (window != null) {
      initiator.by(port);
      window.write(address - window.base, size, value);
      return;
    }
    Ram ram = ram(address);
    if (ram == null) {
      throw space.nothingAt(address, size, true);
    }
    ram.write((int) (address - ram.base), size, value);
  }

  private BusWindow window(long address) {
    BusWindow last = lastWindow;
    if (last != null && Long.compareUnsigned(address - last.base, last.size) < 0) {
      return last;
    }
    BusWindow window = space.window(address);
    if (window != null) {
      lastWindow = window;
    }
    return window;
  }
}
