// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.X64CodeEntry;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Fault;
import org.xenolith.x64.arch.X64Mmu;
import org.xenolith.x64.arch.X64TlbEntry;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.graph.X64Interpreter;
import org.xenolith.x64.isa.X64Mode;

/**
 * Translates 64-bit code that is executed to the host's machine code at once, and calls that. What there is no code for, what may have effects outside of registers and RAM, and all other
 * modes the interpreter executes.
 */
final class X64MachineCodeEngine implements CpuEngine {
  private static final int NO_CODE = X64Translations.NO_CODE;

  private final X64Core cpu;
  private final X64Interpreter interpreter;
  private final X64NativeState state;
  private final X64PageLookup lookup;
  private final X64Translations translations;

  X64MachineCodeEngine(X64Core cpu) {
    this.cpu = cpu;
    interpreter = new X64Interpreter(cpu);
    state = new X64NativeState(cpu);
    lookup = new X64PageLookup(cpu, state);
    translations = new X64Translations(cpu, interpreter.decoder(), lookup::drop);
    state.belongsTo(translations.executed());
    cpu.mmu.copies().begin(state, state.base() + X64StateLayout.CONTEXT, state.base() + X64StateLayout.DATA, state.base()
        + X64StateLayout.CODE,
        X64StateLayout.CODE_ENTRY);
  }

  @Override
  public long run(long budget) {
    X64Core c = cpu;
    c.begin(budget);
    while (c.more()) {
      if (c.mode != X64Mode.LONG_64 || c.stops()) {
        interpreter.slice();
      } else {
        execute(c);
      }
    }
    return c.end();
  }

  /** Executes until {@code X64Core.left} is used up. */
  private void execute(X64Core c) {
    c.refetch = false;
    while (c.left > 0) {
      int place = place(c, c.pc);
      if (place == NO_CODE) {
        interpreter.one();
        place = behind(c);
      } else {
        begin(c);
      }
      code(c, place);
    }
  }

  /** Code is to go on from what the CPU's fields say. */
  private void begin(X64Core c) {
    state.fill();
    state.word(X64StateLayout.PAGE, c.pc & -4096);
  }

  /** The place of the code behind what the interpreter has executed, if that was fetched already and something is left. */
  private int behind(X64Core c) {
    Ram ram = interpreter.ram();
    if (c.left <= 0 || ram == null) {
      return NO_CODE;
    }
    int at = translations.at(translations.page(ram, interpreter.page()), (int) c.pc & X64NativePage.BYTES - 1);
    if (at != NO_CODE) {
      begin(c);
    }
    return at;
  }

  /** Executes code from a place on, until it is left for good: the CPU's fields are then what it has come to. */
  private void code(X64Core c, int place) {
    int at = place;
    while (at != NO_CODE) {
      X64WayOut out = translations.wayOut(translations.enter(state.base(), at));
      at = switch (out.kind) {
        case CHAIN -> chain(c, out);
        case ACCESS -> access(c, out);
        case LOOKUP -> look(c);
        case VECTORS -> vectors(c, out);
        case BUDGET -> {
          note(c, out);
          state.spill();
          yield rest(c, out);
        }
        case INTERPRET -> {
          note(c, out);
          yield interpret(c, out);
        }
        case NEXT -> {
          note(c, out);
          state.spill();
          yield NO_CODE;
        }
      };
    }
  }

  /** The CPU's fields say which instruction is to be done, and how many are left with it. */
  private void note(X64Core c, X64WayOut out) {
    c.pc = state.word(X64StateLayout.PAGE) + out.offset;
    c.left = state.word(X64StateLayout.LEFT) + out.rest;
  }

  /** A branch in a page has its target translated. */
  private int chain(X64Core c, X64WayOut out) {
    note(c, out);
    int at = translations.at(out.page, out.offset);
    if (at == NO_CODE) {
      state.spill();
      return NO_CODE;
    }
    translations.patch(out.place, at);
    return at;
  }

  /** Fewer instructions are left than the next block has. */
  private int rest(X64Core c, X64WayOut out) {
    if (c.left > 0) {
      interpreter.rest(out.page.ram, out.page.offset, c.pc & -4096, out.offset);
    }
    return NO_CODE;
  }

  /** Code is left, and the interpreter executes the instruction that was noted; code goes on behind it. */
  private int interpret(X64Core c, X64WayOut out) {
    state.spill();
    if (c.left <= 0) {
      return NO_CODE;
    }
    interpreter.one(out.page.ram, out.page.offset, c.pc & -4096, out.offset);
    return behind(c);
  }

  /** An access without a tag is given one, if it may have one. */
  private int access(X64Core c, X64WayOut out) {
    note(c, out);
    long noted = c.left;
    long address = state.word(X64StateLayout.ACCESS);
    try {
      if ((address & 0xFFF) + out.size <= 4096) {
        if (out.loads && out.stores) {
          // It would fault as a load.
          c.mmu.translate(address, false);
        }
        c.mmu.translate(address, out.stores);
        X64TlbEntry entry = c.data[X64Mmu.index(address)];
        // Tables that were translated may be code, too.
        boolean noticed = c.left != noted || !out.page.live();
        if (!noticed && (out.stores ? entry.write : entry.read) == (address & -4096 | c.context)) {
          return out.place;
        }
      }
    } catch (X64Fault fault) {
      if (c.faultVector == X64Vector.PF) {
        state.spill();
        interpreter.faulted();
        return NO_CODE;
      }
    }
    return interpret(c, out);
  }

  /** A branch out of its page has its target looked up; it is counted. */
  private int look(X64Core c) {
    c.pc = state.word(X64StateLayout.TARGET);
    long left = state.word(X64StateLayout.LEFT);
    // It is looked up even if nothing is left, and before the branch is counted.
    c.left = left + 1;
    int at = place(c, c.pc);
    boolean noticed = c.left != left + 1;
    c.left--;
    if (at == NO_CODE || noticed || left <= 0) {
      state.spill();
      return NO_CODE;
    }
    state.word(X64StateLayout.PAGE, c.pc & -4096);
    return at;
  }

  /** An instruction needs the XMM registers. */
  private int vectors(X64Core c, X64WayOut out) {
    note(c, out);
    if (c.sseTrapped) {
      return interpret(c, out);
    }
    if (state.word(X64StateLayout.VECTORS_OPEN) == 0) {
      state.vectors();
    }
    return out.numbers && state.word(X64StateLayout.VECTORS_OPEN) != 2 ? interpret(c, out) : out.place;
  }

  /** Where the code for a linear address begins, made if need be; {@link #NO_CODE} if it can't be fetched, or if code was full. */
  private int place(X64Core c, long address) {
    X64NativePage page = lookup.known(address);
    if (page == null) {
      page = fetched(c, address);
      if (page == null) {
        return NO_CODE;
      }
    }
    return translations.at(page, (int) address & X64NativePage.BYTES - 1);
  }

  private X64NativePage fetched(X64Core c, long address) {
    try {
      X64CodeEntry entry = c.mmu.code(address);
      X64NativePage page = translations.page(entry.frame);
      if (page != null) {
        lookup.put(address, entry, page);
      }
      return page;
    } catch (X64Fault fault) {
      // The interpreter takes it, when it comes to the instruction.
      return null;
    }
  }

  @Override
  public void close() {
    cpu.mmu.copies().end(state);
    translations.close();
    interpreter.close();
  }
}
