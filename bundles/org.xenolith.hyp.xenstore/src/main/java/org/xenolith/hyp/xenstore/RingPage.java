package org.xenolith.hyp.xenstore;

import org.xenolith.xen.abi.AbiMemory;

/** One page of the machine, from 0 to 4095. */
record RingPage(AbiMemory machine, long base) implements AbiMemory {
  private static final int WITHIN = 0xFFF;

  private long at(long address) {
    return base + (address & WITHIN);
  }

  @Override public byte read8(long address) {
    return machine.read8(at(address));
  }

  @Override public short read16(long address) {
    return machine.read16(at(address));
  }

  @Override public int read32(long address) {
    return machine.read32(at(address));
  }

  @Override public long read64(long address) {
    return machine.read64(at(address));
  }

  @Override public void write8(long address, byte value) {
    machine.write8(at(address), value);
  }

  @Override public void write16(long address, short value) {
    machine.write16(at(address), value);
  }

  @Override public void write32(long address, int value) {
    machine.write32(at(address), value);
  }

  @Override public void write64(long address, long value) {
    machine.write64(at(address), value);
  }
}
