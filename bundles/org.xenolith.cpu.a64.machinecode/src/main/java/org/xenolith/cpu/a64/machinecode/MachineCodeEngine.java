// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.function.Function;
import org.xenolith.a64.arch.CodeEntry;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.graph.LoneNodes;
import org.xenolith.a64.graph.Node;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.pages.CodeLookup;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.hostcode.kit.pages.Translations;

/**
 * Translates what is executed to the host's machine code at once, and calls that. What there is no code for, and what may have effects outside of
 * registers and RAM, the interpreter executes, one instruction at a time.
 */
class MachineCodeEngine implements CpuEngine {
  static final int NO_CODE = Translations.NO_CODE;

  final Cpu cpu;
  final Interpreter interpreter;
  final NativeState state;
  private final CodeLookup lookup;
  final MachineCodeFrontEnd front;
  private final LoneNodes nodes;
  final Translations translations;
  final CodeExits exits;
  final Counters counters;
  private final AccessExits accesses;
  private final CopyExits copies;
  final SystemExits system;
  /** Whether a block is cut where what was asked for ends. */
  private boolean cuts;
  /** Whether the run is to end with what is executed by now. */
  private boolean enough;
  /** Whether the CPU's fields are older than the state of code. */
  private boolean inCode;
  /** Whether the instruction at {@code Cpu.pc} was looked up, and can't be fetched. */
  private boolean unfetched;

  /** @param folder where code is kept for other engines; null for nowhere */
  MachineCodeEngine(Cpu cpu, TranslationFolder folder) {
    this(cpu, folder, HostFeatures::of);
  }

  /** @param features asks what the host can do; that is changed */
  MachineCodeEngine(Cpu cpu, TranslationFolder folder, Function<HostCode, HostFeatures> features) {
    this.cpu = cpu;
    interpreter = new Interpreter(cpu);
    state = new NativeState(cpu);
    lookup = new CodeLookup(cpu.code.length, state.base() + StateLayout.CODE, StateLayout.CODE_ENTRY);
    nodes = new LoneNodes(cpu, target -> place(cpu, target));
    exits = new CodeExits();
    front = new MachineCodeFrontEnd(cpu, nodes.decoder(), exits);
    translations = new Translations(new CpuCode(cpu, nodes.decoder()), front, exits, lookup::drop, folder, features);
    counters = new Counters(cpu, state);
    accesses = new AccessExits(this);
    copies = new CopyExits(state);
    system = new SystemExits(this);
    state.belongsTo(translations.executed());
    cpu.mmu.copyTo(state, state.base() + StateLayout.READ, state.base() + StateLayout.DATA, state.base() + StateLayout.CODE,
        StateLayout.CODE_ENTRY);
    cpu.mmu.copyWatches(state.base() + StateLayout.WATCHED, state.base() + StateLayout.DISTANCES);
  }

  @Override
  public long run(long budget) {
    return run(budget, false);
  }

  @Override
  public long runAbout(long budget) {
    return run(budget, true);
  }

  private long run(long budget, boolean about) {
    Cpu c = cpu;
    c.begin(budget);
    cuts = !about;
    enough = false;
    while (!enough && c.more()) {
      c.refetch = false;
      if (c.debug.armed() || c.illegal != 0 || c.counting.branches()) {
        interpreter.slice();
      } else {
        execute(c);
      }
    }
    return c.end();
  }

  /** Executes until {@code Cpu.left} is used up, or {@link #enough} is done. */
  private void execute(Cpu c) {
    unfetched = false;
    while (c.left > 0 && !enough) {
      int place = unfetched ? NO_CODE : place(c, c.pc);
      if (place != NO_CODE) {
        state.fill();
        state.word(StateLayout.PAGE, c.pc & -4096);
        code(c, place);
      } else if (unfetched) {
        fetch(c);
      }
    }
  }

  /** The instruction at {@code Cpu.pc}, which was looked up in vain, takes the exception of that, unless it can be fetched by now. */
  private void fetch(Cpu c) {
    unfetched = false;
    try {
      if ((c.pc & 3) != 0) {
        c.exceptions.pcAlignment();
        place(c, c.pc);
        c.left--;
      } else if (c.env.bus().readable(c.mmu.code(c.pc).frame) == null) {
        c.exceptions.noteFetchExternalAbort(c.pc);
        fault(c);
      }
    } catch (GuestFault fault) {
      fault(c);
    }
  }

  /** Executes code from a place on, until something is the interpreter's, or nothing is left. */
  private void code(Cpu c, int place) {
    inCode = true;
    try {
      go(c, place);
    } finally {
      if (inCode) {
        // The host has no memory for what was asked for: the last note says how far code came.
        leave();
      }
    }
  }

  private void go(Cpu c, int place) {
    int at = place;
    while (at != NO_CODE) {
      int exit = enter(at);
      at = exits.noted(exit) instanceof DeviceAccess known ? accesses.device(c, known) : left(c, exit);
    }
  }

  /** Does what code was left for. Returns the place where it goes on, or {@link #NO_CODE} once it was left. */
  private int left(Cpu c, int exit) {
    return switch (exits.kind(exit)) {
      case CodeExits.CHAIN -> chain(c, exit);
      case CodeExits.ACCESS -> accesses.access(c, exit);
      case CodeExits.COPY -> copy(exit);
      case CodeExits.SYSTEM, CodeExits.COUNTER -> system.system(c, exit);
      case CodeExits.CONTEXT -> system.context(c, exit);
      case CodeExits.TRANSFER -> system.transfer(c, exit);
      case CodeExits.VECTORS -> vectors(c, exit);
      case CodeExits.NUMBERS -> numbers(c, exit);
      case CodeExits.LOOKUP -> look(c);
      case CodeExits.BUDGET -> part(c, exit);
      case CodeExits.NEXT -> {
        note(c, exit);
        leave();
        yield NO_CODE;
      }
      default -> {
        note(c, exit);
        yield interpret(c, exit);
      }
    };
  }

  /** Executes code at a place until it is left. Returns the exit. */
  int enter(int at) {
    return translations.enter(state.base(), at);
  }

  // ---- What code is left for. Each gives the place where it goes on, or NO_CODE once it was left

  /** A branch in a page has its target translated. */
  int chain(Cpu c, int exit) {
    int jump = exits.place(exit);
    note(c, exit);
    int at = translations.at(exits.page(exit), exits.index(exit));
    if (at == NO_CODE) {
      leave();
    } else {
      translations.patch(jump, at);
    }
    return at;
  }

  /** Of a block that is longer than what is left, so much is executed: code that is used once. */
  int part(Cpu c, int exit) {
    note(c, exit);
    enough = !cuts && c.executed() > 0;
    if (c.left == 0 || enough) {
      leave();
      return NO_CODE;
    }
    state.word(StateLayout.LEFT, c.left);
    int place = translations.beginOnce();
    front.translator().part(exits.page(exit), exits.index(exit), (int) c.left);
    translations.endOnce();
    return place;
  }

  /** Rounds of a loop that copies are done at once. */
  int copy(int exit) {
    copies.copy(exits.access(exit));
    return exits.place(exit);
  }

  /** An instruction needs the vector registers. */
  private int vectors(Cpu c, int exit) {
    if (c.fpTrapped) {
      note(c, exit);
      return interpret(c, exit);
    }
    state.vectors();
    return exits.place(exit);
  }

  /** An instruction computes with floating point. */
  private int numbers(Cpu c, int exit) {
    if (c.fpTrapped || !state.numbers()) {
      note(c, exit);
      return interpret(c, exit);
    }
    return exits.place(exit);
  }

  /** A branch out of its page has its target looked up, even if nothing is left, and before it is counted. */
  private int look(Cpu c) {
    long left = state.word(StateLayout.LEFT);
    c.pc = state.word(StateLayout.TARGET);
    c.left = left + 1;
    state.spillSystem();
    int at = place(c, c.pc);
    boolean noticed = c.left != left + 1;
    c.left--;
    if (at == NO_CODE || noticed || left <= 0) {
      leave();
      return NO_CODE;
    }
    state.word(StateLayout.PAGE, c.pc & -4096);
    return at;
  }

  /**
   * An instruction, which the CPU's fields are behind, has been done by somebody outside of the CPU, to whom code has kept its registers. He may have had the CPU
   * come to a stop, or asserted an interrupt.
   *
   * @param noted what was left before
   * @param place of the code behind it, or {@link #NO_CODE}
   */
  int behind(Cpu c, long noted, int place) {
    boolean noticed = c.left != noted;
    c.left--;
    if (noticed) {
      state.spillControls();
      return on(c, NO_CODE);
    }
    if (place == NO_CODE) {
      leave();
      return NO_CODE;
    }
    if (state.word(StateLayout.INTERRUPTS) != 0 && !c.interruptsPossible()) {
      state.word(StateLayout.INTERRUPTS, 0);
    }
    return place;
  }

  /** Code goes on where the CPU's fields say, with its general registers; that was looked up, and is again where what was granted is used up. */
  int on(Cpu c, int found) {
    int at = found;
    if (c.left == 0) {
      c.refetch = false;
      at = c.moreAtOnce() ? place(c, c.pc) : NO_CODE;
    }
    state.fillControls();
    if (at == NO_CODE || c.left <= 0) {
      leave();
      return NO_CODE;
    }
    state.word(StateLayout.PAGE, c.pc & -4096);
    return at;
  }

  /** A node of the interpreter's executes the instruction that was noted. */
  int interpret(Cpu c, int exit) {
    leave();
    if (c.left > 0) {
      if (c.points.breaks() && exits.page(exit).hasBreakpoint(exits.index(exit))) {
        // It may be any instruction, and it may be none that is executed now: alone, as the interpreter has it.
        c.attention();
        interpreter.slice();
        return NO_CODE;
      }
      Node node = exits.node(exit);
      if (node == null) {
        int index = exits.index(exit);
        node = nodes.create(exits.page(exit).word(index), index * 4);
        exits.node(exit, node);
      }
      try {
        nodes.execute(node);
      } catch (GuestFault fault) {
        return fault(c);
      }
    }
    return NO_CODE;
  }

  /** Code is left at an instruction that takes the exception that is noted. */
  int faulted(Cpu c) {
    leave();
    return fault(c);
  }

  /** The instruction at {@code Cpu.pc} takes the exception that is noted. */
  private int fault(Cpu c) {
    c.exceptions.takeNoted();
    place(c, c.pc);
    c.left--;
    return NO_CODE;
  }

  /** The CPU's fields become where code came to: before an instruction that is yet to be done. */
  void note(Cpu c, int exit) {
    c.pc = state.word(StateLayout.PAGE) + exits.index(exit) * 4L;
    c.left = state.word(StateLayout.LEFT) + exits.rest(exit);
  }

  /** The CPU's other fields become what code has left, too. */
  void leave() {
    inCode = false;
    state.spill();
  }

  /**
   * Where the code for an address, which {@code Cpu.pc} is, begins, made if need be; {@link #NO_CODE} if it can't be fetched, which
   * {@link #unfetched} says then, or if code was full.
   */
  int place(Cpu c, long target) {
    NativePage page = (target & 3) != 0 ? null : known(c, target);
    unfetched = false;
    if (page == null) {
      long va = c.mmu.branchTarget(target);
      c.pc = va;
      page = (va & 3) != 0 ? null : fetched(c, va);
      if (page == null) {
        unfetched = true;
        return NO_CODE;
      }
    }
    return translations.at(page, (int) (c.pc >>> 2) & NativePage.WORDS - 1);
  }

  /** The page of an address, if it is known without a look at the TLB's architectural half; else null. */
  private NativePage known(Cpu c, long va) {
    int i = Cpu.tlbIndex(va);
    long tag = va & -4096 | c.fetchContext;
    CodeEntry entry = c.code[i];
    return entry.tag == tag ? lookup.known(i, tag, entry.frame) : null;
  }

  private NativePage fetched(Cpu c, long va) {
    try {
      CodeEntry entry = c.mmu.code(va);
      NativePage page = translations.page(entry.frame);
      if (page != null) {
        lookup.put(Cpu.tlbIndex(va), entry.tag, page);
      }
      return page;
    } catch (GuestFault fault) {
      // The instruction that can't be fetched takes it, if nothing comes before it.
      return null;
    }
  }

  @Override
  public void close() {
    cpu.mmu.stopCopying(state);
    translations.close();
    interpreter.close();
  }
}
