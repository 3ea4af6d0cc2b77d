// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.kit.Ram;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.a64.BareMachine;

/** RAM, windows that a test puts in, and CPUs that never execute: what a hypervisor stands on. */
public final class FakeMachine extends BareMachine {
  /** Physical address of the first byte of RAM. */
  public static final long RAM = 0x4000_0000L;
  /** Bytes of RAM. */
  public static final int SIZE = 64 << 20;

  private final Ram ram;
  private final Map<AddressWindow, MmioHandler> windows = new LinkedHashMap<>();

  FakeMachine(int count) {
    Ram ram = new Ram(RAM, SIZE);
    super(ram);
    this.ram = ram;
    for (int i = 0; i < count; i++) {
      add(CpuConfig.cortexA57(i).withLevels(true, false));
    }
  }

  /** Lets a device answer at a window; null takes it away again. */
  public void window(AddressWindow window, MmioHandler handler) {
    windows.remove(window);
    if (handler != null) {
      windows.put(window, handler);
    }
  }

  private Map.@Nullable Entry<AddressWindow, MmioHandler> window(long address) {
    for (Map.Entry<AddressWindow, MmioHandler> window : windows.entrySet()) {
      if (Long.compareUnsigned(address - window.getKey().base(), window.getKey().size()) < 0) {
        return window;
      }
    }
    return null;
  }

  @Override
  public boolean firmwareCall(Cpu cpu, boolean hvc) {
    return false;
  }

  @Override
  public long read(long address, int size) {
    Map.Entry<AddressWindow, MmioHandler> window = window(address);
    return window != null ? window.getValue().read(address - window.getKey().base(), size) : ram.read(at(address, size), size);
  }

  @Override
  public void write(long address, int size, long value) {
    Map.Entry<AddressWindow, MmioHandler> window = window(address);
    if (window != null) {
      window.getValue().write(address - window.getKey().base(), size, value);
    } else {
      ram.write(at(address, size), size, value);
    }
  }

  private static int at(long address, int size) {
    long offset = address - RAM;
    if (offset < 0 || offset > SIZE - size) {
      throw ExternalAbort.INSTANCE;
    }
    return (int) offset;
  }
}
