// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.arch.CodeEntry;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.GuestFault;
import org.xenolith.cpu.arch.TlbEntry;
import org.xenolith.cpu.graph.Interpreter;

/**
 * Translates what is executed to the host's machine code at once, and calls that. What there is no code for, and what may have effects outside of
 * registers and RAM, the interpreter executes, one instruction at a time.
 */
final class MachineCodeEngine implements CpuEngine {
  /** Bytes of code. */
  private static final int SIZE = 64 << 20;
  /** More than the code of what is translated at once has. */
  private static final int MARGIN = 1 << 20;
  private static final int NO_CODE = -1;
  /** Bytes of the largest access that is done again: that of two vector registers. DC ZVA reports the address as given, which code has no longer. */
  private static final int LARGEST = 32;
  private static final MethodHandle ENTER = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  private final Cpu cpu;
  private final Interpreter interpreter;
  private final HostCode host = HostCode.map(SIZE);
  private final X64 code = new X64();
  private final CodeExits exits = new CodeExits();
  private final Thunks thunks = new Thunks();
  private final NativeState state;
  private final CodeLookup lookup;
  private final CodePages pages;
  private final CodeTranslator translator;
  private final MemorySegment enter;
  private final int firstExit;
  private int free;
  /** Whether the CPU's fields are older than the state of code. */
  private boolean inCode;

  MachineCodeEngine(Cpu cpu) {
    this.cpu = cpu;
    interpreter = new Interpreter(cpu);
    state = new NativeState(cpu);
    lookup = new CodeLookup(cpu, state);
    cpu.mmu.copyTo(state, state.base() + StateLayout.DATA, state.base() + StateLayout.CODE, StateLayout.CODE_ENTRY);
    GuestRegisters registers = new GuestRegisters(code);
    int unknown = exits.add(CodeExits.LOOKUP, null, 0);
    firstExit = unknown + 1;
    thunks.emit(code, registers, host.executed(), unknown);
    code.write(host);
    free = thunks.end();
    enter = MemorySegment.ofAddress(host.executed() + thunks.enter());
    pages = new CodePages(cpu, thunks.miss(), lookup::drop);
    translator = new CodeTranslator(code, thunks, exits, registers, interpreter.decoder(), cpu.registers);
  }

  @Override
  public long run(long budget) {
    Cpu c = cpu;
    c.begin(budget);
    while (c.more()) {
      c.refetch = false;
      if (c.debug.armed() || c.illegal != 0 || c.counting.branches()) {
        interpreter.slice();
      } else {
        execute(c);
      }
    }
    return c.end();
  }

  /** Executes until {@code Cpu.left} is used up. */
  private void execute(Cpu c) {
    while (c.left > 0) {
      int place = place(c, c.pc);
      if (place == NO_CODE) {
        interpreter.step();
      } else {
        state.fill();
        state.word(StateLayout.PAGE, c.pc & -4096);
        code(c, place);
      }
    }
  }

  /** Executes code from a place on, until something is the interpreter's, or nothing is left. */
  private void code(Cpu c, int place) {
    inCode = true;
    try {
      go(c, place);
    } finally {
      if (inCode) {
        // The host has no memory for what was asked for.
        spill(c, c.pc, 0);
      }
    }
  }

  private void go(Cpu c, int place) {
    int at = place;
    for (;;) {
      int exit = enter(at);
      switch (exits.kind[exit]) {
        case CodeExits.CHAIN -> {
          int jump = exits.place[exit];
          int index = exits.index[exit];
          at = translated(exits.page[exit], index);
          if (at == NO_CODE) {
            spill(c, state.word(StateLayout.PAGE) + index * 4L, 0);
            return;
          }
          host.patchJump(jump, at);
        }
        case CodeExits.ACCESS -> {
          c.left = state.word(StateLayout.LEFT) + exits.rest[exit];
          c.pc = state.word(StateLayout.PAGE) + exits.index[exit] * 4L;
          try {
            if (!again(c, exit)) {
              interpret(c, exit);
              return;
            }
          } catch (GuestFault fault) {
            leave(c, exit);
            interpreter.fault();
            return;
          }
          at = exits.place[exit];
        }
        case CodeExits.VECTORS -> {
          if (c.fpTrapped) {
            interpret(c, exit);
            return;
          }
          state.vectors();
          at = exits.place[exit];
        }
        case CodeExits.INTERPRET -> {
          interpret(c, exit);
          return;
        }
        case CodeExits.BUDGET -> {
          leave(c, exit);
          if (c.left > 0) {
            interpreter.slice();
          }
          return;
        }
        case CodeExits.NEXT -> {
          leave(c, exit);
          return;
        }
        default -> {
          c.pc = state.word(StateLayout.TARGET);
          // A branch looks up where it leads to even if nothing is left, and before it is counted.
          c.left = state.word(StateLayout.LEFT) + 1;
          at = place(c, c.pc);
          if (at == NO_CODE || state.word(StateLayout.LEFT) <= 0) {
            spill(c, c.pc, 0);
            return;
          }
          state.word(StateLayout.PAGE, c.pc & -4096);
          state.contexts();
        }
      }
    }
  }

  private int enter(int at) {
    try {
      return (int) (long) ENTER.invokeExact(enter, state.base(), host.executed() + at);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Code was left before an instruction: the CPU's fields say so. */
  private void leave(Cpu c, int exit) {
    spill(c, state.word(StateLayout.PAGE) + exits.index[exit] * 4L, exits.rest[exit]);
  }

  /** The CPU's fields become what code has left, which counted {@code rest} instructions more than it has executed. */
  private void spill(Cpu c, long pc, int rest) {
    inCode = false;
    state.spill();
    c.pc = pc;
    c.left = state.word(StateLayout.LEFT) + rest;
  }

  private void interpret(Cpu c, int exit) {
    leave(c, exit);
    if (c.left > 0) {
      interpreter.step();
    }
  }

  /**
   * Whether an access can be done in code now.
   *
   * @throws GuestFault if it faults; that is noted
   */
  private boolean again(Cpu c, int exit) {
    int how = exits.access[exit];
    int bytes = how & 0xFF;
    long va = state.word(StateLayout.ACCESS);
    int element = 1 << (how >> CodeExits.ELEMENT);
    if (bytes > LARGEST || (va & element - 1) != 0 || (va & 0xFFF) + bytes > 4096) {
      return false;
    }
    boolean store = (how & CodeExits.STORE) != 0;
    boolean user = (how & CodeExits.USER) != 0;
    TlbEntry entry = c.mmu.data(va, store, user);
    long tag = va & -4096 | (store ? user ? c.userWriteContext : c.writeContext : user ? c.userReadContext : c.readContext);
    return (store ? entry.write : entry.read) == tag;
  }

  /** Where the code for an address, which {@code Cpu.pc} is, begins, made if need be; {@link #NO_CODE} if it can't be fetched, or code was full. */
  private int place(Cpu c, long target) {
    TranslatedPage page = (target & 3) != 0 ? null : lookup.known(target);
    if (page == null) {
      long va = c.mmu.branchTarget(target);
      c.pc = va;
      if ((va & 3) != 0) {
        return NO_CODE;
      }
      try {
        CodeEntry entry = c.mmu.code(va);
        page = pages.at(entry.frame);
        if (page == null) {
          return NO_CODE;
        }
        lookup.put(va, entry, page);
      } catch (GuestFault fault) {
        // The instruction that can't be fetched takes it, if nothing comes before it.
        return NO_CODE;
      }
    }
    return translated(page, (int) (c.pc >>> 2) & TranslatedPage.WORDS - 1);
  }

  private int translated(TranslatedPage page, int index) {
    int known = page.entry[index];
    if (known != 0) {
      return known;
    }
    if (free > SIZE - MARGIN) {
      pages.clear();
      exits.clear(firstExit);
      free = thunks.end();
      return NO_CODE;
    }
    code.begin(free);
    translator.translate(page, index);
    code.write(host);
    free = code.at() + 15 & -16;
    return page.entry[index];
  }

  @Override
  public void close() {
    cpu.mmu.stopCopying(state);
    pages.close();
    interpreter.close();
  }
}
