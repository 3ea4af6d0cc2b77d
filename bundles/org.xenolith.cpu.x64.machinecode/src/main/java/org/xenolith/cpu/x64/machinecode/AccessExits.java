// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.arch.TlbEntry;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;

/** What is done where code was left for an access to memory. Each gives the place where code goes on, or {@link Translations#NO_CODE}. */
final class AccessExits {
  private static final int NO_CODE = Translations.NO_CODE;
  /** Bytes of the longest instruction. */
  private static final int LONGEST = 15;

  private final MachineCodeEngine engine;
  private final NativeState state;
  private final ExitKinds exits;
  private final byte[] bytes = new byte[LONGEST];
  private final Instruction insn = new Instruction();

  AccessExits(MachineCodeEngine engine) {
    this.engine = engine;
    state = engine.state;
    exits = engine.exits;
  }

  /** One that went to the bus does so, most likely, again. */
  int bus(Core c, BusMove known) {
    long address = state.word(StateLayout.ACCESS);
    TlbEntry entry = c.data[Mmu.index(address)];
    if (!known.goesTo(entry, c, address)) {
      return access(c, known.exit);
    }
    c.pc = state.word(StateLayout.PAGE) + known.offset;
    c.left = state.word(StateLayout.LEFT) + known.rest;
    return execute(c, known, entry.physical(address));
  }

  /** One without a tag is given one, if it may have one; else the bus or the interpreter does it. */
  int access(Core c, int out) {
    engine.note(c, out);
    long noted = c.left;
    long address = state.word(StateLayout.ACCESS);
    int how = exits.access(out);
    boolean stores = (how & ExitKinds.STORES) != 0;
    try {
      if ((address & 0xFFF) + (how & ExitKinds.SIZE) <= 4096) {
        if (stores && (how & ExitKinds.LOADS) != 0) {
          // It would fault as a load.
          c.mmu.translate(address, false);
        }
        c.mmu.translate(address, stores);
        TlbEntry entry = c.data[Mmu.index(address)];
        // Tables that were translated may be code, too.
        boolean noticed = c.left != noted || !exits.page(out).live();
        long tag = address & -4096 | c.context;
        if (!noticed && (engine.grants(entry, stores, tag) || stores && (how & ExitKinds.BESIDE) != 0 && entry.isBesideWatched(tag, address,
            how & ExitKinds.SIZE))) {
          return exits.place(out);
        }
        if (!noticed && entry.isBus(stores, tag)) {
          BusMove access = busAccess(out);
          if (access != null && access.goesTo(entry, c, address)) {
            exits.note(out, access);
            return execute(c, access, entry.physical(address));
          }
        }
      }
    } catch (CpuFault fault) {
      if (c.faultVector == ExceptionVector.PF) {
        state.spill();
        engine.interpreter.faulted();
        return NO_CODE;
      }
    }
    return engine.interpret(c, out);
  }

  private BusMove busAccess(int out) {
    NativePage page = exits.page(out);
    int index = exits.index(out);
    int here = Math.min(LONGEST, NativePage.BYTES - index);
    page.ram.read(page.offset + index, bytes, 0, here);
    int length = engine.interpreter.decoder().decode(bytes, 0, here, DecodeMode.LONG_64, insn);
    return length < 0 ? null : BusMove.of(exits, out, insn);
  }

  /** The bus does it: code keeps all registers, and goes on behind it, unless who answers wants attention; he changes nothing else of the CPU. */
  private int execute(Core c, BusMove access, long physical) {
    access.execute(c, physical, state);
    c.left--;
    c.pc += access.end - access.offset;
    state.word(StateLayout.LEFT, c.left);
    int place = c.left <= 0 ? NO_CODE : access.behind(engine.translations);
    if (place == NO_CODE) {
      state.spill();
    }
    return place;
  }
}
