// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/** Flat RAM behind a device's DMA port; everything else is an external abort. */
public final class FakeMemory implements DmaPort {
  /** Physical address of the first byte. */
  public static final long BASE = 0x4000_0000L;
  /** Size in bytes. */
  public static final int SIZE = 4 << 20;

  /** Made when it is first accessed: most devices never do, and tests make tens of thousands of environments. */
  private Ram ram;

  FakeMemory() {}

  private Ram ram() {
    if (ram == null) {
      ram = new Ram(BASE, SIZE);
    }
    return ram;
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    ram().read(at(address, length), into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    ram().write(at(address, length), from, offset, length);
  }

  @Override
  public long read(long address, int size) {
    return ram().read(at(address, size), size);
  }

  @Override
  public void write(long address, int size, long value) {
    ram().write(at(address, size), size, value);
  }

  /** The same RAM as software on a CPU sees it. */
  RamBus bus() {
    return new RamBus() {
      @Override
      public @Nullable Ram ram(long address) {
        return address - BASE >= 0 && address - BASE < SIZE ? FakeMemory.this.ram() : null;
      }

      @Override
      public long read(long address, int size) {
        return FakeMemory.this.read(address, size);
      }

      @Override
      public void write(long address, int size, long value) {
        FakeMemory.this.write(address, size, value);
      }
    };
  }

  private static int at(long address, int length) {
    long offset = address - BASE;
    if (offset < 0 || offset > SIZE - length || length < 0) {
      throw ExternalAbort.INSTANCE;
    }
    return (int) offset;
  }
}
