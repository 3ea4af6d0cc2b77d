// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;

/** A device's access to memory as a bus master. */
public final class BusMaster implements DmaPort {
  private final AddressSpace space;

  public BusMaster(AddressSpace space) {
    this.space = space;
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    check(address, length);
    for (int done = 0; done < length;) {
      long at = address + done;
      Ram ram = space.readable(at);
      if (ram != null) {
        int start = (int) (at - ram.base);
        int piece = Math.min(length - done, ram.size - start);
        ram.read(start, into, offset + done, piece);
        done += piece;
      } else {
        throw space.noMemoryAt(at, length - done, false);
      }
    }
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    check(address, length);
    for (int done = 0; done < length;) {
      long at = address + done;
      Ram ram = space.ram().chunk(at);
      if (ram != null) {
        int start = (int) (at - ram.base);
        int piece = Math.min(length - done, ram.size - start);
        ram.write(start, from, offset + done, piece);
        done += piece;
      } else {
        throw space.noMemoryAt(at, length - done, true);
      }
    }
  }

  @Override
  public long read(long address, int size) {
    Ram ram = space.readable(address);
    if (ram != null) {
      int at = (int) (address - ram.base);
      return at + size <= ram.size ? ram.read(at, size) : readAcross(address, size);
    }
    throw space.noMemoryAt(address, size, false);
  }

  @Override
  public void write(long address, int size, long value) {
    Ram ram = space.ram().chunk(address);
    if (ram != null) {
      int at = (int) (address - ram.base);
      if (at + size <= ram.size) {
        ram.write(at, size, value);
      } else {
        for (int i = 0; i < size; i++) {
          write(address + i, 1, value >>> i * 8);
        }
      }
      return;
    }
    throw space.noMemoryAt(address, size, true);
  }

  private long readAcross(long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= read(address + i, 1) << i * 8;
    }
    return value;
  }

  /** A guest may give a device any address and length: a range that wraps answers nowhere. */
  private static void check(long address, int length) {
    if (length < 0 || Long.compareUnsigned(address + length, address) < 0) {
      throw ExternalAbort.INSTANCE;
    }
  }
}
