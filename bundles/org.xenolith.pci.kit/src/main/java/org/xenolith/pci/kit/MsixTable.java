// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.Arrays;
import java.util.OptionalLong;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.regs.DeviceState;

/**
 * MSI-X: its table and pending bits, which are in a BAR (PCI Local Bus 3.0, 6.8.2). Endpoints and bridges have theirs made for them; a
 * {@link PciTarget} that is neither makes its own: it gives accesses to the BAR to {@link #read} and {@link #write} where it
 * {@link #covers} them, and says {@link #changed} after a write to the capability.
 */
public final class MsixTable {
  private static final int ENTRY = 16;
  private static final int ENABLE = 1 << 15;
  private static final int MASK_ALL = 1 << 14;
  private final ConfigSpace config;
  private final int at;
  private final DmaPort memory;
  private final int vectors;
  private final int bar;
  private final long table;
  private final long pendingAt;
  /** Two words an entry: the address; data and, in the upper half, vector control. */
  private final long[] entries;
  private final long[] pending;

  /**
   * The table of a capability.
   *
   * @param at     where the capability is in configuration space
   * @param state  the model's state, of which table and pending bits become a part
   * @param memory where messages are written to: the function's way to memory
   */
  public MsixTable(ConfigSpace config, int at, DeviceState state, DmaPort memory) {
    this.config = config;
    this.at = at;
    this.memory = memory;
    vectors = (config.read(at + 2, 2) & 0x7FF) + 1;
    bar = config.read(at + 4, 4) & 7;
    table = config.read(at + 4, 4) & 0xFFFF_FFF8L;
    pendingAt = config.read(at + 8, 4) & 0xFFFF_FFF8L;
    entries = state.longs("msix-table", 2 * vectors);
    pending = state.longs("msix-pending", (vectors + 63) / 64);
    reset();
    state.shows("bar" + bar + ".msix", MessageRegisters.of(vectors, pending.length, (int) table, (int) pendingAt), register -> OptionalLong
        .of(read(register.spec().offset(), register.spec().size())));
  }

  /** All vectors are masked. */
  public void reset() {
    for (int i = 0; i < vectors; i++) {
      entries[2 * i] = 0;
      entries[2 * i + 1] = 1L << 32;
    }
    Arrays.fill(pending, 0);
  }

  /** Whether an offset of configuration space is in the capability. */
  public boolean holds(int offset) {
    return offset >= at && offset < at + 12;
  }

  /** Whether software has turned MSI-X on. */
  public boolean enabled() {
    return (config.read(at + 2, 2) & ENABLE) != 0;
  }

  /** Whether an access to a BAR is to the table or the pending bits. @param number of the BAR */
  public boolean covers(int number, long offset) {
    return number == bar && (offset >= table && offset < table + (long) ENTRY * vectors
        || offset >= pendingAt && offset < pendingAt + 8L * pending.length);
  }

  /** A read of 1, 2, 4 or 8 aligned bytes of what it covers. */
  public long read(long offset, int size) {
    long word = offset >= table && offset < table + (long) ENTRY * vectors ? entries[(int) (offset - table) >> 3]
        : pending[(int) (offset - pendingAt) >> 3];
    return word >>> (offset & 7) * 8 & -1L >>> 64 - 8 * size;
  }

  /** A write of 4 or 8 aligned bytes to what it covers; narrower ones are lost, and those to pending bits. */
  public void write(long offset, int size, long value) {
    if (size < 4 || offset < table || offset >= table + (long) ENTRY * vectors) {
      return;
    }
    int word = (int) (offset - table) >> 3;
    int shift = (int) (offset & 4) * 8;
    long mask = size == 8 ? -1 : 0xFFFF_FFFFL << shift;
    long merged = entries[word] & ~mask | value << shift & mask;
    entries[word] = (word & 1) == 0 ? merged & ~3L : merged & 0x1_FFFF_FFFFL;
    changed(word >> 1);
  }

  /** Sends a message, or lets it pend while it is masked. @param vector from 0; nothing is sent for one that isn't there */
  public void send(int vector) {
    if (vector < 0 || vector >= vectors) {
      return;
    }
    if (masked(vector)) {
      pending[vector >> 6] |= 1L << vector;
      return;
    }
    try {
      memory.write(entries[2 * vector], 4, entries[2 * vector + 1] & 0xFFFF_FFFFL);
    } catch (ExternalAbort refused) {
      // A message that nothing takes is lost, as on hardware; whoever refused it has said so.
    }
  }

  private boolean masked(int vector) {
    return !enabled() || (config.read(at + 2, 2) & MASK_ALL) != 0 || (entries[2 * vector + 1] >>> 32 & 1) != 0;
  }

  /** Control or masks were written: what is pending and may be sent now is. */
  public void changed() {
    for (int vector = 0; vector < vectors; vector++) {
      changed(vector);
    }
  }

  private void changed(int vector) {
    if ((pending[vector >> 6] >>> vector & 1) != 0 && !masked(vector)) {
      pending[vector >> 6] &= ~(1L << vector);
      send(vector);
    }
  }
}
