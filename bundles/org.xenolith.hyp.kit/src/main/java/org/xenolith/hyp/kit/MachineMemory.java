// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.xen.abi.AbiMemory;

/**
 * The machine's RAM by physical address, as the hypervisor itself reaches it: shared_info, rings, grant tables. Where there is
 * no RAM it reads as zero and takes no writes. An access must not cross a page.
 */
public final class MachineMemory implements AbiMemory {
  private final RamBus bus;
  private Ram last;

  /** @param bus the physical address space, {@code DeviceMemory.physical()} */
  public MachineMemory(PhysicalBus bus) {
    this.bus = RamBus.of(bus);
  }

  private Ram ram(long address) {
    Ram ram = last;
    if (ram == null || address - ram.base < 0 || address - ram.base >= ram.size) {
      ram = bus.ram(address);
      last = ram;
    }
    return ram;
  }

  private long read(long address, int size) {
    Ram ram = ram(address);
    return ram == null ? 0 : ram.read((int) (address - ram.base), size);
  }

  private void write(long address, int size, long value) {
    Ram ram = ram(address);
    if (ram != null) {
      ram.write((int) (address - ram.base), size, value);
    }
  }

  @Override
  public byte read8(long address) {
    return (byte) read(address, 1);
  }

  @Override
  public short read16(long address) {
    return (short) read(address, 2);
  }

  @Override
  public int read32(long address) {
    return (int) read(address, 4);
  }

  @Override
  public long read64(long address) {
    return read(address, 8);
  }

  @Override
  public void write8(long address, byte value) {
    write(address, 1, value);
  }

  @Override
  public void write16(long address, short value) {
    write(address, 2, value);
  }

  @Override
  public void write32(long address, int value) {
    write(address, 4, value);
  }

  @Override
  public void write64(long address, long value) {
    write(address, 8, value);
  }

  /** Copies out; must not leave the page. */
  public void read(long address, byte[] to, int offset, int length) {
    Ram ram = ram(address);
    if (ram != null) {
      ram.read((int) (address - ram.base), to, offset, length);
    } else {
      // Not what was in the buffer before: that may be another domain's.
      java.util.Arrays.fill(to, offset, offset + length, (byte) 0);
    }
  }

  /** Copies in; must not leave the page. */
  public void write(long address, byte[] from, int offset, int length) {
    Ram ram = ram(address);
    if (ram != null) {
      ram.write((int) (address - ram.base), from, offset, length);
    }
  }

  /** Fills a page of 4 KiB with zeros. */
  public void clear(long page) {
    Ram ram = ram(page);
    if (ram != null) {
      ram.fill((int) (page - ram.base), 4096, (byte) 0);
    }
  }

  /** Makes whole pages zero, of RAM: it takes the host no memory, and those that had some give it back. */
  public void clear(long from, long bytes) {
    for (long at = from; at < from + bytes;) {
      Ram ram = ram(at);
      long end = ram == null ? at + 4096 : Math.min(from + bytes, ram.base + ram.size);
      if (ram != null) {
        ram.clear((int) (at - ram.base), (int) (end - at));
      }
      at = end;
    }
  }
}
