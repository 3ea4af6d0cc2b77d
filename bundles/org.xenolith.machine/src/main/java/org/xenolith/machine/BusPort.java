// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/** One CPU's access to the address space; remembers where its last accesses went. */
final class BusPort implements RamBus {
  private final AddressSpace space;
  private final Initiator initiator;
  private final int cpu;
  private BusWindow lastWindow;
  private Ram lastRam;

  BusPort(AddressSpace space, Initiator initiator, int cpu) {
    this.space = space;
    this.initiator = initiator;
    this.cpu = cpu;
  }

  @Override
  public Ram ram(long address) {
    Ram last = lastRam;
    if (last != null && Long.compareUnsigned(address - last.base, last.size) < 0) {
      return last;
    }
    Ram ram = space.ram().chunk(address);
    if (ram != null) {
      lastRam = ram;
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
      initiator.cpu = cpu;
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
      initiator.cpu = cpu;
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
