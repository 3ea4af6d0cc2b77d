// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.CR0;
import static org.xenolith.hw.smmuv3.SmmuRegister.CR2;
import static org.xenolith.hw.smmuv3.SmmuRegister.GBPA;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** An access's way through the SMMU: configuration, TLB, both stages; what fails becomes an event (IHI 0070, 3.3). */
final class SmmuTranslation implements DmaTranslator {
  private static final long ENABLE = 1;
  private static final long ABORT = 1 << 20;
  private static final long RECORD_BAD_STREAMS = 1 << 1;

  private final RegisterFile<SmmuRegister> registers;
  private final Configurations configurations;
  private final SmmuTlb tlb;
  private final SmmuEventQueue events;
  private final Stage1 stage1;
  private final Stage2 stage2;

  SmmuTranslation(RegisterFile<SmmuRegister> registers, DmaPort memory, Stage2 stage2, Configurations configurations, SmmuTlb tlb,
      SmmuEventQueue events) {
    this.registers = registers;
    this.configurations = configurations;
    this.tlb = tlb;
    this.events = events;
    this.stage2 = stage2;
    stage1 = new Stage1(memory, stage2);
  }

  @Override
  public long translate(long stream, long address, boolean write) {
    if ((registers.get(CR0) & ENABLE) == 0) {
      return bypassed(address);
    }
    StreamConfig config = configurations.find(stream);
    if (config == null) {
      config = configure(stream, address, write);
    }
    StreamEntry entry = config.entry();
    if (entry.path() == StreamEntry.Path.TRANSLATE) {
      long plain = entry.stage1() ? config.context().plain(address) : address;
      long physical = tlb.find(config.tag(), plain, write);
      if (physical >= 0) {
        return physical;
      }
      try {
        return walk(config, plain, write);
      } catch (Fault fault) {
        throw refused(fault, config.records(fault), stream, address, write, entry.privileged());
      }
    }
    if (entry.path() == StreamEntry.Path.ABORT) {
      throw ExternalAbort.INSTANCE;
    }
    if (address >>> TranslationTable.ADDRESS_BITS != 0) {
      throw refused(Fault.stage1(EventKind.F_ADDR_SIZE), true, stream, address, write, false);
    }
    return address;
  }

  /** While translation is off (3.11, 6.3.14). */
  private long bypassed(long address) {
    if ((registers.get(GBPA) & ABORT) != 0 || address >>> TranslationTable.ADDRESS_BITS != 0) {
      throw ExternalAbort.INSTANCE;
    }
    return address;
  }

  private StreamConfig configure(long stream, long address, boolean write) {
    StreamEntry entry = null;
    try {
      entry = configurations.entry(stream);
      return configurations.complete(stream, entry);
    } catch (Fault fault) {
      boolean recorded = switch (fault.kind) {
        case C_BAD_STREAMID -> (registers.get(CR2) & RECORD_BAD_STREAMS) != 0;
        // Only stage 2 has translation faults here: on the way to the context descriptor.
        default -> !fault.kind.optional || entry.record();
      };
      throw refused(fault, recorded, stream, address, write, entry != null && entry.privileged());
    }
  }

  private ExternalAbort refused(Fault fault, boolean recorded, long stream, long address, boolean write, boolean privileged) {
    if (recorded) {
      events.record(fault, stream, address, write, privileged);
    }
    return ExternalAbort.INSTANCE;
  }

  private long walk(StreamConfig config, long address, boolean write) throws Fault {
    StreamEntry entry = config.entry();
    boolean readable = true;
    boolean writable = true;
    boolean global = false;
    int shift = 0;
    long output = address;
    if (entry.stage1()) {
      output = stage1.translate(config, address, write);
      readable = stage1.readable(config);
      writable = stage1.writable(config);
      global = stage1.global(config);
      shift = stage1.shift();
    } else if (address >>> TranslationTable.ADDRESS_BITS != 0) {
      throw Fault.stage1(EventKind.F_ADDR_SIZE);
    }
    if (entry.table() != null) {
      output = stage2.translate(entry, output, write, Fault.Purpose.INPUT);
      readable &= stage2.readable();
      writable &= stage2.writable();
      // Invalidation by address means virtual ones where both stages translate.
      shift = entry.stage1() ? shift : stage2.shift();
    }
    tlb.keep(config.tag(), address, output, shift, readable, writable, global);
    return output;
  }
}
