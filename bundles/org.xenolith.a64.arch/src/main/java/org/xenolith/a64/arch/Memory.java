// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.regs.DeviceState;

/**
 * Data accesses off the engines' inline path: TLB misses, devices, page-crossing and misaligned accesses, stores to pages that
 * hold decoded code; and the exclusive monitor. Every method may throw {@link GuestFault}.
 *
 * <p>The monitor remembers the physical address and the value that was loaded, and a store-exclusive succeeds if memory still
 * holds that value. One host thread executes a machine, so that nothing comes between the comparison and the store; the only
 * difference to a monitor of granules is that a location which was changed and changed back still succeeds.
 */
public final class Memory {
  private final Cpu cpu;
  private final RamBus bus;
  private boolean armed;
  private long monitorAddress;
  private int monitorSize;
  private long monitorLow;
  private long monitorHigh;
  /** Whether the access that is being made is an unprivileged load or store. */
  private boolean unprivileged;
  /** The high half that the last 16-byte {@link #loadExclusivePair} read. */
  public long high;

  Memory(Cpu cpu, DeviceState state) {
    this.cpu = cpu;
    bus = cpu.env.bus();
    state.value("monitorArmed", 0, () -> armed ? 1 : 0, value -> armed = value != 0);
    state.value("monitorAddress", 0, () -> monitorAddress, value -> monitorAddress = value);
    state.value("monitorSize", 0, () -> monitorSize, value -> monitorSize = (int) value);
    state.value("monitorLow", 0, () -> monitorLow, value -> monitorLow = value);
    state.value("monitorHigh", 0, () -> monitorHigh, value -> monitorHigh = value);
  }

  private GuestFault abort(long va, int status, boolean write) {
    cpu.exceptions.noteDataAbort(va, status, write);
    return GuestFault.INSTANCE;
  }

  private static int offset(TlbEntry entry, long va) {
    return (int) (entry.physical(va) - entry.ram.base);
  }

  /** Whether the access that is being made is an unprivileged load or store (LDTR, STTR). */
  boolean unprivileged() {
    return unprivileged;
  }

  // ---- Loads and stores

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  public long read(long va, int size) {
    return readAs(va, size, false);
  }

  /** Loads as {@code user} (LDTR) says. */
  public long read(long va, int size, boolean user) {
    unprivileged = user;
    try {
      return readAs(va, size, user);
    } finally {
      unprivileged = false;
    }
  }

  private long readAs(long va, int size, boolean user) {
    boolean misaligned = (va & size - 1) != 0;
    if (misaligned) {
      if (cpu.mmu.strict()) {
        throw abort(va, Walker.ALIGNMENT, false);
      }
      if ((va & 0xFFF) + size > 4096) {
        return readAcross(va, size, user);
      }
    }
    TlbEntry entry = cpu.mmu.data(va, false, user);
    if (misaligned && entry.device) {
      throw abort(va, Walker.ALIGNMENT, false);
    }
    cpu.debug.watch(va, size, false, user);
    if (entry.ram != null) {
      return entry.ram.read(offset(entry, va), size);
    }
    try {
      long physical = entry.physical(va);
      if (!misaligned) {
        return bus.read(physical, size);
      }
      long value = 0;
      for (int i = 0; i < size; i++) {
        value |= (bus.read(physical + i, 1) & 0xFF) << 8 * i;
      }
      return value;
    } catch (ExternalAbort e) {
      throw abort(va, Walker.EXTERNAL, false);
    }
  }

  /**
   * Loads 1, 2, 4 or 8 aligned bytes from a device, zero-extended.
   *
   * @param entry has its tag, {@link TlbEntry#isDevice}: so nothing is watched
   */
  public long read(TlbEntry entry, long va, int size) {
    try {
      return bus.read(entry.physical(va), size);
    } catch (ExternalAbort e) {
      throw abort(va, Walker.EXTERNAL, false);
    }
  }

  /** Stores the low 1, 2, 4 or 8 bytes of a value in the same way. */
  public void write(TlbEntry entry, long va, int size, long value) {
    try {
      bus.write(entry.physical(va), size, size == 8 ? value : value & (1L << 8 * size) - 1);
    } catch (ExternalAbort e) {
      throw abort(va, Walker.EXTERNAL, true);
    }
  }

  private long readAcross(long va, int size, boolean user) {
    boolean device = cpu.mmu.data(va, false, user).device;
    device |= cpu.mmu.data((va | 0xFFF) + 1, false, user).device;
    if (device) {
      throw abort(va, Walker.ALIGNMENT, false);
    }
    cpu.debug.watch(va, size, false, user);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= readAs(va + i, 1, user) << 8 * i;
    }
    return value;
  }

  /** Stores the low 1, 2, 4 or 8 bytes of a value. */
  public void write(long va, int size, long value) {
    writeAs(va, size, value, false);
  }

  /** Stores as {@code user} (STTR) says. */
  public void write(long va, int size, long value, boolean user) {
    unprivileged = user;
    try {
      writeAs(va, size, value, user);
    } finally {
      unprivileged = false;
    }
  }

  private void writeAs(long va, int size, long value, boolean user) {
    boolean misaligned = (va & size - 1) != 0;
    if (misaligned) {
      if (cpu.mmu.strict()) {
        throw abort(va, Walker.ALIGNMENT, true);
      }
      if ((va & 0xFFF) + size > 4096) {
        writeAcross(va, size, value, user);
        return;
      }
    }
    TlbEntry entry = cpu.mmu.data(va, true, user);
    if (misaligned && entry.device) {
      throw abort(va, Walker.ALIGNMENT, true);
    }
    cpu.debug.watch(va, size, true, user);
    if (entry.ram != null) {
      entry.ram.write(offset(entry, va), size, value);
      return;
    }
    try {
      long physical = entry.physical(va);
      if (!misaligned) {
        bus.write(physical, size, size == 8 ? value : value & (1L << 8 * size) - 1);
      } else {
        for (int i = 0; i < size; i++) {
          bus.write(physical + i, 1, value >>> 8 * i & 0xFF);
        }
      }
    } catch (ExternalAbort e) {
      throw abort(va, Walker.EXTERNAL, true);
    }
  }

  private void writeAcross(long va, int size, long value, boolean user) {
    // Both pages must accept the store before either is changed.
    boolean device = cpu.mmu.data(va, true, user).device;
    device |= cpu.mmu.data((va | 0xFFF) + 1, true, user).device;
    if (device) {
      throw abort(va, Walker.ALIGNMENT, true);
    }
    cpu.debug.watch(va, size, true, user);
    for (int i = 0; i < size; i++) {
      writeAs(va + i, 1, value >>> 8 * i, user);
    }
  }

  /** DC ZVA: clears the naturally aligned block of 64 bytes that holds {@code va}. */
  public void zero(long va) {
    long block = va & -64;
    TlbEntry entry = cpu.data[Tlb.index(block)];
    if ((block & -4096 | cpu.writeContext) != entry.write) {
      // Faults report the address as given.
      entry = cpu.mmu.data(va, true, false);
      if (entry.device || entry.ram == null) {
        throw abort(va, entry.device ? Walker.ALIGNMENT : Walker.EXTERNAL, true);
      }
      cpu.debug.watch(block, 64, true, false);
    }
    HostMemory.zero64(entry.heap, block + entry.delta);
    entry.ram.wrote(offset(entry, block), 64);
  }

  /** The base register is SP, which isn't a multiple of 16: faults if that is checked at the current level. */
  public void checkStack() {
    SysReg sctlr = cpu.el <= 1 ? SysReg.SCTLR_EL1 : cpu.el == 2 ? SysReg.SCTLR_EL2 : SysReg.SCTLR_EL3;
    if ((cpu.sys(sctlr) & (cpu.el == 0 ? 1 << 4 : 1 << 3)) != 0) {
      cpu.exceptions.noteSpAlignment();
      throw GuestFault.INSTANCE;
    }
  }

  /** An access of {@code size} bytes that an engine makes in parts: faults if it isn't aligned where all must be (SCTLR.A). */
  public void checkAlignment(long va, int size, boolean write) {
    if ((va & size - 1) != 0 && cpu.mmu.strict()) {
      throw abort(va, Walker.ALIGNMENT, write);
    }
  }

  // ---- Aligned accesses: ordered, exclusive, atomic

  /** The entry of an access that must be aligned and to RAM; null if it is a device's. */
  private TlbEntry aligned(long va, int size, boolean write) {
    if ((va & size - 1) != 0) {
      throw abort(va, Walker.ALIGNMENT, write);
    }
    TlbEntry entry = cpu.data[Tlb.index(va)];
    if (write ? (va & -4096 | cpu.writeContext) != entry.write : (va & -4096 | cpu.readContext) != entry.read) {
      entry = cpu.mmu.data(va, write, false);
      cpu.debug.watch(va, size, write, false);
    }
    return entry;
  }

  /** The entry of an access that reads and writes: what a read would fault for is reported as a read's fault. */
  private TlbEntry atomic(long va, int size) {
    if ((va & size - 1) != 0) {
      throw abort(va, Walker.ALIGNMENT, false);
    }
    TlbEntry entry = cpu.data[Tlb.index(va)];
    if ((va & -4096 | cpu.writeContext) != entry.write) {
      cpu.mmu.data(va, false, false);
      entry = cpu.mmu.data(va, true, false);
      cpu.debug.watchAtomic(va, size);
    }
    if (entry.ram == null) {
      throw abort(va, Walker.UNSUPPORTED_EXCLUSIVE, false);
    }
    return entry;
  }

  /** LDAR, LDXR's access: aligned or a fault. */
  public long readAligned(long va, int size) {
    if ((va & size - 1) != 0) {
      throw abort(va, Walker.ALIGNMENT, false);
    }
    return read(va, size, false);
  }

  /** STLR: aligned or a fault. */
  public void writeAligned(long va, int size, long value) {
    if ((va & size - 1) != 0) {
      throw abort(va, Walker.ALIGNMENT, true);
    }
    write(va, size, value, false);
  }

  /** Read-modify-write at one address: what stands there becomes {@code operation}'s result. Returns the old value. */
  public long atomic(long va, int size, AtomicOperation operation, long operand) {
    TlbEntry entry = atomic(va, size);
    int at = offset(entry, va);
    long old = entry.ram.read(at, size);
    entry.ram.write(at, size, operation.apply(old, operand, size));
    return old;
  }

  /** Compare and swap of 1, 2, 4 or 8 bytes. Returns the old value. */
  public long compareAndSwap(long va, int size, long expected, long replacement) {
    TlbEntry entry = atomic(va, size);
    int at = offset(entry, va);
    long old = entry.ram.read(at, size);
    if (old == (size == 8 ? expected : expected & (1L << 8 * size) - 1)) {
      entry.ram.write(at, size, replacement);
    }
    return old;
  }

  /** Compare and swap of 16 bytes. Returns the low half of the old value, {@link #high} is the other. */
  public long compareAndSwapPair(long va, long expectedLow, long expectedHigh, long low, long newHigh) {
    TlbEntry entry = atomic(va, 16);
    int at = offset(entry, va);
    long oldLow = entry.ram.read(at, 8);
    high = entry.ram.read(at + 8, 8);
    if (oldLow == expectedLow && high == expectedHigh) {
      entry.ram.write(at, 8, low);
      entry.ram.write(at + 8, 8, newHigh);
    }
    return oldLow;
  }

  /** The memory of an exclusive load, which a read tag that matches leads to, too. */
  private Ram readable(TlbEntry entry, long va) {
    Ram ram = entry.ram != null ? entry.ram : bus.readable(entry.frame);
    if (ram == null) {
      throw abort(va, Walker.UNSUPPORTED_EXCLUSIVE, false);
    }
    return ram;
  }

  /** LDXR, LDAXR, and LDXP of two words: loads and arms the monitor. */
  public long loadExclusive(long va, int size) {
    TlbEntry entry = aligned(va, size, false);
    Ram ram = readable(entry, va);
    long value = ram.read((int) (entry.physical(va) - ram.base), size);
    armed = true;
    monitorAddress = entry.physical(va);
    monitorSize = size;
    monitorLow = value;
    monitorHigh = 0;
    return value;
  }

  /** LDXP of two double words: returns the first, {@link #high} is the second. */
  public long loadExclusivePair(long va) {
    TlbEntry entry = aligned(va, 16, false);
    Ram ram = readable(entry, va);
    int at = (int) (entry.physical(va) - ram.base);
    long low = ram.read(at, 8);
    high = ram.read(at + 8, 8);
    armed = true;
    monitorAddress = entry.physical(va);
    monitorSize = 16;
    monitorLow = low;
    monitorHigh = high;
    return low;
  }

  /** STXR, STLXR, and STXP of two words. Returns the status: 0 stored, 1 not. */
  public int storeExclusive(long va, int size, long value) {
    if ((va & size - 1) != 0) {
      throw abort(va, Walker.ALIGNMENT, true);
    }
    if (!armed || monitorSize != size) {
      armed = false;
      return 1;
    }
    TlbEntry entry = aligned(va, size, true);
    if (entry.ram == null || entry.physical(va) != monitorAddress) {
      armed = false;
      return 1;
    }
    armed = false;
    int at = offset(entry, va);
    if (entry.ram.read(at, size) != monitorLow) {
      return 1;
    }
    entry.ram.write(at, size, value);
    return 0;
  }

  /** STXP of two double words. Returns the status: 0 stored, 1 not. */
  public int storeExclusivePair(long va, long low, long highValue) {
    if ((va & 15) != 0) {
      throw abort(va, Walker.ALIGNMENT, true);
    }
    if (!armed || monitorSize != 16) {
      armed = false;
      return 1;
    }
    TlbEntry entry = aligned(va, 16, true);
    boolean same = entry.ram != null && entry.physical(va) == monitorAddress;
    armed = false;
    if (!same) {
      return 1;
    }
    int at = offset(entry, va);
    if (entry.ram.read(at, 8) != monitorLow || entry.ram.read(at + 8, 8) != monitorHigh) {
      return 1;
    }
    entry.ram.write(at, 8, low);
    entry.ram.write(at + 8, 8, highValue);
    return 0;
  }

  /** CLREX, and every exception return. */
  public void clearMonitor() {
    armed = false;
  }

  /** Whether the monitor is armed. */
  public boolean monitorArmed() {
    return armed;
  }

  /** Physical address that the monitor was last armed for. */
  public long monitorAddress() {
    return monitorAddress;
  }

  /** Bytes that the monitor was last armed for. */
  public int monitorSize() {
    return monitorSize;
  }

  /** What the monitor's load had, at most eight bytes of it. */
  public long monitorLow() {
    return monitorLow;
  }

  /** The second eight bytes that the monitor's load had. */
  public long monitorHigh() {
    return monitorHigh;
  }

  /** The monitor becomes what an engine has made of it. */
  public void monitor(boolean isArmed, long address, int size, long low, long highHalf) {
    armed = isArmed;
    monitorAddress = address;
    monitorSize = size;
    monitorLow = low;
    monitorHigh = highHalf;
  }

  /** Whether the monitored memory no longer holds what was loaded. */
  boolean monitorDisturbed() {
    if (!armed) {
      return true;
    }
    Ram ram = bus.readable(monitorAddress);
    if (ram == null) {
      return true;
    }
    int at = (int) (monitorAddress - ram.base);
    return ram.read(at, Math.min(monitorSize, 8)) != monitorLow || monitorSize == 16 && ram.read(at + 8, 8) != monitorHigh;
  }
}
