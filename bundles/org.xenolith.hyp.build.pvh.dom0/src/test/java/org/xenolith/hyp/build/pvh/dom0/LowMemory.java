// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/** A PC's RAM, from 0 on, and nothing else. */
record LowMemory(Ram all) implements RamBus {
  @Override
  public Ram ram(long address) {
    return address >= 0 && address < all.size ? all : null;
  }

  @Override
  public long read(long address, int size) {
    throw ExternalAbort.INSTANCE;
  }

  @Override
  public void write(long address, int size, long value) {
    throw ExternalAbort.INSTANCE;
  }

  void put(long address, byte... bytes) {
    all.write((int) address, bytes, 0, bytes.length);
  }

  void put(long address, int value) {
    all.write((int) address, 1, value);
  }

  int get(long address) {
    return (int) all.read((int) address, 1);
  }
}
