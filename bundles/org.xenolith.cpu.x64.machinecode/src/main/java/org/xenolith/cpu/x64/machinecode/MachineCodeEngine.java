// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.pages.CodeLookup;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.CodeEntry;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.arch.TlbEntry;
import org.xenolith.x64.graph.Interpreter;
import org.xenolith.x64.isa.DecodeMode;

/**
 * Translates 64-bit code that is executed to the host's machine code at once, and calls that. What there is no code for, what may have effects outside of registers and RAM, and all other
 * modes the interpreter executes.
 */
class MachineCodeEngine implements CpuEngine {
  private static final int NO_CODE = Translations.NO_CODE;

  final Core cpu;
  final Interpreter interpreter;
  final NativeState state;
  final ExitKinds exits = new ExitKinds();
  final Translations translations;
  final MachineCodeFrontEnd front;
  private final CodeLookup lookup;
  private final AccessExits accesses;

  /** @param folder where code is kept for other engines; null for nowhere */
  MachineCodeEngine(Core cpu, TranslationFolder folder) {
    this.cpu = cpu;
    interpreter = new Interpreter(cpu);
    state = new NativeState(cpu);
    lookup = new CodeLookup(cpu.code.length, state.base() + StateLayout.CODE, StateLayout.CODE_ENTRY);
    front = new MachineCodeFrontEnd(interpreter.decoder(), exits);
    translations = new Translations(new CpuCode(cpu), front, exits, lookup::drop, folder,
        HostFeatures::of);
    accesses = new AccessExits(this);
    state.belongsTo(translations.executed());
    cpu.mmu.copies().begin(state, state.base() + StateLayout.CONTEXT, state.base() + StateLayout.DATA, state.base()
        + StateLayout.CODE,
        StateLayout.CODE_ENTRY);
    cpu.mmu.copies().watches(state.base() + StateLayout.WATCHED, state.base() + StateLayout.DISTANCES);
  }

  @Override
  public long run(long budget) {
    Core c = cpu;
    c.begin(budget);
    while (c.more()) {
      if (c.mode != DecodeMode.LONG_64 || c.stops() || c.counting.branches()) {
        interpreter.slice();
      } else {
        execute(c);
      }
    }
    return c.end();
  }

  /** Executes until {@code Core.left} is used up. */
  private void execute(Core c) {
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
  private void begin(Core c) {
    state.fill();
    state.word(StateLayout.PAGE, c.pc & -4096);
  }

  /** The place of the code behind what the interpreter has executed, if that was fetched already and something is left. */
  private int behind(Core c) {
    Ram ram = interpreter.ram();
    if (c.left <= 0 || ram == null) {
      return NO_CODE;
    }
    int at = translations.at(translations.page(ram, interpreter.page()), (int) c.pc & NativePage.BYTES - 1);
    if (at != NO_CODE) {
      begin(c);
    }
    return at;
  }

  /** Executes code from a place on, until it is left for good: the CPU's fields are then what it has come to. */
  private void code(Core c, int place) {
    int at = place;
    while (at != NO_CODE) {
      int out = enter(at);
      at = exits.noted(out) instanceof BusMove known ? accesses.bus(c, known) : left(c, out);
    }
  }

  /** Executes code from a place on until it is left; the CPU's fields say which instruction is at that place, and how many are left with it. Returns the way out. */
  int enter(int at) {
    return translations.enter(state.base(), at);
  }

  /**
   * Whether code may do an access to memory itself, which was translated.
   *
   * @param tag the page's linear address, with {@code Core.context}
   */
  boolean grants(TlbEntry entry, boolean stores, long tag) {
    return (stores ? entry.write : entry.read) == tag;
  }

  /** Does what code was left for. Returns the place where it goes on, or {@link #NO_CODE}. */
  private int left(Core c, int out) {
    return switch (exits.kind(out)) {
      case ExitKinds.CHAIN -> chain(c, out);
      case ExitKinds.ACCESS -> accesses.access(c, out);
      case ExitKinds.LOOKUP -> look(c);
      case ExitKinds.VECTORS -> vectors(c, out);
      case ExitKinds.BUDGET -> {
        note(c, out);
        state.spill();
        yield rest(c, out);
      }
      case ExitKinds.NEXT -> {
        note(c, out);
        state.spill();
        yield NO_CODE;
      }
      default -> {
        note(c, out);
        yield interpret(c, out);
      }
    };
  }

  /** The CPU's fields say which instruction is to be done, and how many are left with it. */
  void note(Core c, int out) {
    c.pc = state.word(StateLayout.PAGE) + exits.index(out);
    c.left = state.word(StateLayout.LEFT) + exits.rest(out);
  }

  /** A branch in a page has its target translated. */
  private int chain(Core c, int out) {
    note(c, out);
    int at = translations.at(exits.page(out), exits.index(out));
    if (at == NO_CODE) {
      state.spill();
      return NO_CODE;
    }
    translations.patch(exits.place(out), at);
    return at;
  }

  /** Fewer instructions are left than the next block has. */
  private int rest(Core c, int out) {
    if (c.left > 0) {
      NativePage page = exits.page(out);
      interpreter.rest(page.ram, page.offset, c.pc & -4096, exits.index(out));
    }
    return NO_CODE;
  }

  /** Code is left, and the interpreter executes the instruction that was noted; code goes on behind it. */
  int interpret(Core c, int out) {
    state.spill();
    if (c.left <= 0) {
      return NO_CODE;
    }
    NativePage page = exits.page(out);
    interpreter.one(page.ram, page.offset, c.pc & -4096, exits.index(out));
    return behind(c);
  }

  /** A branch out of its page has its target looked up; it is counted. */
  private int look(Core c) {
    c.pc = state.word(StateLayout.TARGET);
    long left = state.word(StateLayout.LEFT);
    // It is looked up even if nothing is left, and before the branch is counted.
    c.left = left + 1;
    int at = place(c, c.pc);
    boolean noticed = c.left != left + 1;
    c.left--;
    if (at == NO_CODE || noticed || left <= 0) {
      state.spill();
      return NO_CODE;
    }
    state.word(StateLayout.PAGE, c.pc & -4096);
    return at;
  }

  /** An instruction needs the XMM registers. */
  private int vectors(Core c, int out) {
    note(c, out);
    if (c.sseTrapped) {
      return interpret(c, out);
    }
    if (state.word(StateLayout.VECTORS_OPEN) == 0) {
      state.vectors();
    }
    return (exits.access(out) & ExitKinds.NUMBERS) != 0 && state.word(StateLayout.VECTORS_OPEN) != 2 ? interpret(c, out) : exits.place(
        out);
  }

  /** Where the code for a linear address begins, made if need be; {@link #NO_CODE} if it can't be fetched, or if code was full. */
  private int place(Core c, long address) {
    NativePage page = known(c, address);
    if (page == null) {
      page = fetched(c, address);
      if (page == null) {
        return NO_CODE;
      }
    }
    return translations.at(page, (int) address & NativePage.BYTES - 1);
  }

  /** The page of a linear address, if it is known without a look at the TLB's architectural half; else null. */
  private NativePage known(Core c, long address) {
    int i = Mmu.index(address);
    long tag = address & -4096 | c.codeContext;
    CodeEntry entry = c.code[i];
    return entry.tag == tag ? lookup.known(i, tag, entry.frame) : null;
  }

  private NativePage fetched(Core c, long address) {
    try {
      CodeEntry entry = c.mmu.code(address);
      NativePage page = translations.page(entry.frame);
      if (page != null) {
        lookup.put(Mmu.index(address), entry.tag, page);
      }
      return page;
    } catch (CpuFault fault) {
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
