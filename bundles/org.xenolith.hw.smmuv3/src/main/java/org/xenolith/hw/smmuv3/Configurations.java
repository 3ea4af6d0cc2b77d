// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.CR2;

import java.util.Arrays;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** Reads what memory says of streams and keeps it until it is invalidated. Not state. */
final class Configurations {
  private static final int SLOTS = 256;
  private static final long EL2_SPACES = 1;

  private final RegisterFile<SmmuRegister> registers;
  private final DmaPort memory;
  private final SmmuStreamTable table;
  private final Stage2 stage2;
  private final StreamConfig[] kept = new StreamConfig[SLOTS];
  private final long[] words = new long[StreamEntry.WORDS];

  Configurations(RegisterFile<SmmuRegister> registers, DmaPort memory, Stage2 stage2) {
    this.registers = registers;
    this.memory = memory;
    this.stage2 = stage2;
    table = new SmmuStreamTable(registers, memory);
  }

  /** The configuration if it is kept, or null. */
  StreamConfig find(long stream) {
    StreamConfig config = kept[(int) stream & SLOTS - 1];
    return config != null && config.stream() == stream ? config : null;
  }

  /**
   * Reads an entry.
   *
   * @throws Fault if there is none, or it is wrong
   */
  StreamEntry entry(long stream) throws Fault {
    read(table.entry(stream), StreamEntry.WORDS, EventKind.F_STE_FETCH);
    StreamEntry entry = StreamEntry.of(words);
    if (entry == null) {
      throw Fault.configuration(EventKind.C_BAD_STE, 0);
    }
    return entry;
  }

  /**
   * Reads what follows from an entry and keeps it.
   *
   * @throws Fault if the context descriptor can't be had, or is wrong
   */
  StreamConfig complete(long stream, StreamEntry entry) throws Fault {
    ContextDescriptor context = entry.stage1() ? context(entry) : null;
    StreamConfig config = StreamConfig.of(stream, entry, context, (registers.get(CR2) & EL2_SPACES) != 0);
    kept[(int) stream & SLOTS - 1] = config;
    return config;
  }

  private ContextDescriptor context(StreamEntry entry) throws Fault {
    long at = entry.context();
    if (entry.table() != null) {
      at = stage2.translate(entry, at, false, Fault.Purpose.CONTEXT_DESCRIPTOR);
    }
    read(at, ContextDescriptor.WORDS, EventKind.F_CD_FETCH);
    ContextDescriptor context = ContextDescriptor.of(words, !entry.el2() || (registers.get(CR2) & EL2_SPACES) != 0);
    if (context == null) {
      throw Fault.configuration(EventKind.C_BAD_CD, 0);
    }
    return context;
  }

  private void read(long address, int count, EventKind otherwise) throws Fault {
    try {
      for (int i = 0; i < count; i++) {
        words[i] = memory.read(address + 8L * i, 8);
      }
    } catch (ExternalAbort refused) {
      throw Fault.configuration(otherwise, address);
    }
  }

  /** Forgets the streams that are the same as {@code stream} above the low {@code bits}. */
  void drop(long stream, int bits) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (kept[slot] != null && (kept[slot].stream() ^ stream) >>> bits == 0) {
        kept[slot] = null;
      }
    }
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(kept, null);
  }
}
