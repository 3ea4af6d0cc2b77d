// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.kit.HostMemory;

/** Memory at linear addresses as an x86-64 CPU accesses it: by the derived halves of its TLB, or by {@link #memory} where those don't have a page. */
public abstract sealed class LinearMemory extends NotedFault permits Core {
  /** Derived halves of the TLB for data, at {@link Tlb#index}. */
  public final TlbEntry[] data = new TlbEntry[Tlb.SIZE];
  /** The same for code. */
  public final CodeEntry[] code = new CodeEntry[Tlb.SIZE];
  /** Address space and level in the tags of {@link #data}. */
  public long context;
  /** The same in the tags of {@link #code}. */
  public long codeContext;
  /** Data accesses off the inline path. */
  public final Memory memory;

  LinearMemory(int index) {
    super(index);
    memory = new Memory((Core) this);
  }

  /** Loads a byte, zero-extended. */
  public final long load8(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address & -4096 | context)) {
      return HostMemory.read8(entry.heap, address + entry.delta);
    }
    return memory.read(address, 1);
  }

  /** Loads 16 bits, zero-extended. */
  public final long load16(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address + 1 & -4096 | context)) {
      return HostMemory.read16(entry.heap, address + entry.delta);
    }
    return memory.read(address, 2);
  }

  /** Loads 32 bits, zero-extended. */
  public final long load32(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address + 3 & -4096 | context)) {
      return HostMemory.read32(entry.heap, address + entry.delta);
    }
    return memory.read(address, 4);
  }

  /** Loads 64 bits. */
  public final long load64(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address + 7 & -4096 | context)) {
      return HostMemory.read64(entry.heap, address + entry.delta);
    }
    return memory.read(address, 8);
  }

  /** Stores a byte. */
  public final void store8(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address & -4096 | context)) {
      HostMemory.write8(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 1, value);
    }
  }

  /** Stores 16 bits. */
  public final void store16(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address + 1 & -4096 | context)) {
      HostMemory.write16(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 2, value);
    }
  }

  /** Stores 32 bits. */
  public final void store32(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address + 3 & -4096 | context)) {
      HostMemory.write32(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 4, value);
    }
  }

  /** Stores 64 bits. */
  public final void store64(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address + 7 & -4096 | context)) {
      HostMemory.write64(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 8, value);
    }
  }
}
