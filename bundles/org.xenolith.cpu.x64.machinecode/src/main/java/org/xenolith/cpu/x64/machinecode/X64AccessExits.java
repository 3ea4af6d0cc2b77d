// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Fault;
import org.xenolith.x64.arch.X64Mmu;
import org.xenolith.x64.arch.X64TlbEntry;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Mode;

/** What is done where code was left for an access to memory. Each gives the place where code goes on, or {@link Translations#NO_CODE}. */
final class X64AccessExits {
  private static final int NO_CODE = Translations.NO_CODE;
  /** Bytes of the longest instruction. */
  private static final int LONGEST = 15;

  private final X64MachineCodeEngine engine;
  private final X64NativeState state;
  private final X64Exits exits;
  private final byte[] bytes = new byte[LONGEST];
  private final X64Instruction insn = new X64Instruction();

  X64AccessExits(X64MachineCodeEngine engine) {
    this.engine = engine;
    state = engine.state;
    exits = engine.exits;
  }

  /** One that went to the bus does so, most likely, again. */
  int bus(X64Core c, X64BusAccess known) {
    long address = state.word(X64StateLayout.ACCESS);
    X64TlbEntry entry = c.data[X64Mmu.index(address)];
    if (!known.goesTo(entry, c, address)) {
      return access(c, known.exit);
    }
    c.pc = state.word(X64StateLayout.PAGE) + known.offset;
    c.left = state.word(X64StateLayout.LEFT) + known.rest;
    return execute(c, known, entry.physical(address));
  }

  /** One without a tag is given one, if it may have one; else the bus or the interpreter does it. */
  int access(X64Core c, int out) {
    engine.note(c, out);
    long noted = c.left;
    long address = state.word(X64StateLayout.ACCESS);
    int how = exits.access(out);
    boolean stores = (how & X64Exits.STORES) != 0;
    try {
      if ((address & 0xFFF) + (how & X64Exits.SIZE) <= 4096) {
        if (stores && (how & X64Exits.LOADS) != 0) {
          // It would fault as a load.
          c.mmu.translate(address, false);
        }
        c.mmu.translate(address, stores);
        X64TlbEntry entry = c.data[X64Mmu.index(address)];
        // Tables that were translated may be code, too.
        boolean noticed = c.left != noted || !exits.page(out).live();
        if (!noticed && engine.grants(entry, stores, address & -4096 | c.context)) {
          return exits.place(out);
        }
        if (!noticed && entry.isBus(stores, address & -4096 | c.context)) {
          X64BusAccess access = busAccess(out);
          if (access != null && access.goesTo(entry, c, address)) {
            exits.note(out, access);
            return execute(c, access, entry.physical(address));
          }
        }
      }
    } catch (X64Fault fault) {
      if (c.faultVector == X64Vector.PF) {
        state.spill();
        engine.interpreter.faulted();
        return NO_CODE;
      }
    }
    return engine.interpret(c, out);
  }

  private X64BusAccess busAccess(int out) {
    NativePage page = exits.page(out);
    int index = exits.index(out);
    int here = Math.min(LONGEST, NativePage.BYTES - index);
    page.ram.read(page.offset + index, bytes, 0, here);
    int length = engine.interpreter.decoder().decode(bytes, 0, here, X64Mode.LONG_64, insn);
    return length < 0 ? null : X64BusAccess.of(exits, out, insn);
  }

  /** The bus does it: code keeps all registers, and goes on behind it, unless who answers wants attention; he changes nothing else of the CPU. */
  private int execute(X64Core c, X64BusAccess access, long physical) {
    access.execute(c, physical, state);
    c.left--;
    c.pc += access.end - access.offset;
    state.word(X64StateLayout.LEFT, c.left);
    int place = c.left <= 0 ? NO_CODE : access.behind(engine.translations);
    if (place == NO_CODE) {
      state.spill();
    }
    return place;
  }
}
