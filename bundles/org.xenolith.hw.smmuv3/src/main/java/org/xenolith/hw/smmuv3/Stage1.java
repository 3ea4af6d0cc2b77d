// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Stage 1: virtual addresses. Its tables are read through stage 2 where both translate. */
final class Stage1 {
  private static final long UNPRIVILEGED = 1 << 6;
  private static final long READ_ONLY = 1 << 7;
  private static final long NOT_GLOBAL = 1 << 11;
  private static final long NO_UNPRIVILEGED_BELOW = 1L << 61;
  private static final long READ_ONLY_BELOW = 1L << 62;

  private final DmaPort memory;
  private final Stage2 stage2;
  private final SmmuWalker walker = new SmmuWalker(this::fetch);
  private StreamEntry entry;

  Stage1(DmaPort memory, Stage2 stage2) {
    this.memory = memory;
    this.stage2 = stage2;
  }

  private long fetch(long address) throws Fault {
    long physical = entry.table() == null ? address : stage2.translate(entry, address, false, Fault.Purpose.TABLE);
    try {
      return memory.read(physical, 8);
    } catch (ExternalAbort refused) {
      throw Fault.stage1Walk(physical);
    }
  }

  /** Translates an address that {@link ContextDescriptor#plain} gave. */
  long translate(StreamConfig config, long address, boolean write) throws Fault {
    entry = config.entry();
    TranslationTable table = config.context().table(address);
    EventKind wrong = table == null ? EventKind.F_TRANSLATION : walker.walk(table, address);
    if (wrong != null) {
      throw Fault.stage1(wrong);
    }
    if (!(write ? writable(config) : readable(config))) {
      throw Fault.stage1(EventKind.F_PERMISSION);
    }
    return walker.output();
  }

  /** Whether what was translated last may be read. An EL2 without address spaces has privileged accesses only. */
  boolean readable(StreamConfig config) {
    boolean unprivileged = (walker.leaf() & UNPRIVILEGED) != 0 && (walker.inherited() & NO_UNPRIVILEGED_BELOW) == 0;
    return config.global() || (entry.privileged() ? !unprivileged || !config.context().apart() : unprivileged);
  }

  /** Whether what was translated last may be written. */
  boolean writable(StreamConfig config) {
    return readable(config) && (walker.leaf() & READ_ONLY) == 0 && (walker.inherited() & READ_ONLY_BELOW) == 0;
  }

  /** Whether what was translated last holds for every ASID. */
  boolean global(StreamConfig config) {
    return config.global() || (walker.leaf() & NOT_GLOBAL) == 0;
  }

  /** Log2 of the size of the page or block that was translated last. */
  int shift() {
    return walker.shift();
  }
}
