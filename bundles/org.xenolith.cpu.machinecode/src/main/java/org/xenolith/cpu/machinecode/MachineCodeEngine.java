// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.arch.CodeEntry;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.GuestFault;
import org.xenolith.cpu.arch.TlbEntry;
import org.xenolith.cpu.graph.Interpreter;
import org.xenolith.cpu.graph.LoneNodes;
import org.xenolith.cpu.graph.Node;

/**
 * Translates what is executed to the host's machine code at once, and calls that. What there is no code for, and what may have effects outside of
 * registers and RAM, the interpreter executes, one instruction at a time.
 */
class MachineCodeEngine implements CpuEngine {
  static final int NO_CODE = Translations.NO_CODE;
  private static final int NO_EXIT = -1;
  /** The first byte of SVC, HVC and SMC, which ERET hasn't; the last two bits say which it is. */
  private static final int CALLS = 0xD4;
  private static final int SVC = 1;
  private static final int HVC = 2;
  /** L of an instruction on system registers. */
  private static final int READS = 1 << 21;
  /** Bytes of the largest access that is done again: that of two vector registers. DC ZVA reports the address as given, which code has no longer. */
  private static final int LARGEST = 32;

  final Cpu cpu;
  final Interpreter interpreter;
  final NativeState state;
  private final CodeLookup lookup;
  private final LoneNodes nodes;
  final Translations translations;
  final CodeExits exits;
  /** Whether the CPU's fields are older than the state of code. */
  private boolean inCode;
  /** Whether the instruction at {@code Cpu.pc} was looked up, and can't be fetched. */
  private boolean unfetched;
  /** The access that code was left for last, and what was left then. */
  private int last = NO_EXIT;
  private long lastLeft;

  /** @param folder where code is kept for other engines; null for nowhere */
  MachineCodeEngine(Cpu cpu, TranslationFolder folder) {
    this.cpu = cpu;
    interpreter = new Interpreter(cpu);
    state = new NativeState(cpu);
    lookup = new CodeLookup(cpu, state);
    nodes = new LoneNodes(cpu, target -> place(cpu, target));
    translations = new Translations(cpu, nodes.decoder(), lookup::drop, folder);
    exits = translations.exits;
    state.belongsTo(translations.executed());
    cpu.mmu.copyTo(state, state.base() + StateLayout.DATA, state.base() + StateLayout.CODE, StateLayout.CODE_ENTRY);
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
    unfetched = false;
    while (c.left > 0) {
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
    for (;;) {
      int exit = enter(at);
      at = switch (exits.kind[exit]) {
        case CodeExits.CHAIN -> chain(c, exit);
        case CodeExits.ACCESS -> access(c, exit);
        case CodeExits.SYSTEM -> system(c, exit);
        case CodeExits.CONTEXT -> context(c, exit);
        case CodeExits.TRANSFER -> transfer(c, exit);
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
      if (at == NO_CODE) {
        return;
      }
    }
  }

  /** Executes code at a place until it is left. Returns the exit. */
  int enter(int at) {
    return translations.enter(state.base(), at);
  }

  // ---- What code is left for. Each gives the place where it goes on, or NO_CODE once it was left

  /** A branch in a page has its target translated. */
  int chain(Cpu c, int exit) {
    int jump = exits.place[exit];
    note(c, exit);
    int at = translations.at(exits.page(exit), exits.index[exit]);
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
    if (c.left == 0) {
      leave();
      return NO_CODE;
    }
    state.word(StateLayout.LEFT, c.left);
    return translations.part(exits.page(exit), exits.index[exit], (int) c.left);
  }

  /** An access has its page looked up. */
  private int access(Cpu c, int exit) {
    note(c, exit);
    // The tables of the walk may lie in a device, too.
    state.spillSystem();
    long noted = c.left;
    TlbEntry entry;
    try {
      // Who comes twice without having done anything would come for ever.
      entry = exit != last || noted != lastLeft ? entry(c, exit) : null;
    } catch (GuestFault fault) {
      leave();
      return fault(c);
    }
    if (entry == null || !tagged(c, exit, entry) || c.left != noted) {
      last = NO_EXIT;
      if (entry != null && entry.ram == null && c.left > 0) {
        int word = exits.page(exit).word(exits.index[exit]);
        if (DeviceAccess.is(word)) {
          return device(c, word, entry);
        }
      }
      return interpret(c, exit);
    }
    last = exit;
    lastLeft = noted;
    state.contexts();
    return exits.place[exit];
  }

  /**
   * A load or store of one general register is a device's: code keeps the others. A device has the CPU come to a stop, or asserts an interrupt;
   * it changes nothing else of it.
   */
  private int device(Cpu c, int word, TlbEntry entry) {
    long va = state.word(StateLayout.ACCESS);
    int size = DeviceAccess.size(word);
    int rt = GuestRegisters.orZero(Fields.rt(word));
    try {
      if (!DeviceAccess.loads(word)) {
        c.memory.write(entry, va, size, rt == Cpu.ZERO ? 0 : state.word(StateLayout.general(rt)));
      } else {
        long value = DeviceAccess.loaded(word, c.memory.read(entry, va, size));
        if (rt != Cpu.ZERO) {
          state.word(StateLayout.general(rt), value);
        }
      }
    } catch (GuestFault fault) {
      leave();
      return fault(c);
    }
    c.pc += 4;
    c.left--;
    int at = c.left > 0 ? place(c, c.pc) : NO_CODE;
    if (at == NO_CODE || c.left == 0) {
      leave();
      return NO_CODE;
    }
    state.word(StateLayout.PAGE, c.pc & -4096);
    state.word(StateLayout.LEFT, c.left);
    state.word(StateLayout.INTERRUPTS, c.interruptsPossible() ? 1 : 0);
    state.contexts();
    return at;
  }

  /** An instruction reads a system register, or maintains a cache. */
  private int system(Cpu c, int exit) {
    note(c, exit);
    long noted = c.left;
    int word = exits.access[exit];
    int rt = GuestRegisters.orZero(Fields.rt(word));
    state.spillSystem();
    try {
      if ((word & READS) != 0) {
        long value = c.registers.read(Fields.systemRegister(word), Fields.rt(word));
        if (rt != Cpu.ZERO) {
          state.word(StateLayout.general(rt), value);
        }
      } else {
        c.operations.execute(Fields.systemRegister(word), Fields.rt(word), rt == Cpu.ZERO ? 0 : state.word(StateLayout.general(rt)));
      }
    } catch (GuestFault fault) {
      leave();
      return fault(c);
    }
    boolean noticed = c.left != noted;
    c.pc += 4;
    c.left--;
    if (noticed) {
      leave();
      return NO_CODE;
    }
    state.contexts();
    return exits.place[exit];
  }

  /** An instruction writes a register that translation depends on. */
  private int context(Cpu c, int exit) {
    note(c, exit);
    int word = exits.access[exit];
    int rt = GuestRegisters.orZero(Fields.rt(word));
    long value = rt == Cpu.ZERO ? 0 : state.word(StateLayout.general(rt));
    state.spillControls();
    try {
      c.registers.write(Fields.systemRegister(word), Fields.rt(word), value);
    } catch (GuestFault fault) {
      leave();
      return fault(c);
    }
    c.pc += 4;
    c.left--;
    return on(c, c.left > 0 ? place(c, c.pc) : NO_CODE);
  }

  /** An instruction calls EL1 from EL0, or returns from EL1; the interpreter has other levels, whose exceptions may want all registers. */
  private int transfer(Cpu c, int exit) {
    note(c, exit);
    int word = exits.access[exit];
    boolean calls = word >>> 24 == CALLS;
    if (calls && (word & 3) != SVC) {
      return firmware(c, exit, word);
    }
    if (calls ? c.el != 0 || c.exceptions.defaultTarget() != 1 : c.el != 1) {
      return interpret(c, exit);
    }
    state.spillControls();
    if (calls) {
      c.exceptions.supervisorCall(Fields.imm16(word));
    } else {
      c.exceptions.exceptionReturn();
    }
    int at = place(c, c.pc);
    c.left--;
    return on(c, at);
  }

  /** HVC or SMC at EL1 calls the machine's firmware, if there is no higher level: that has arguments and results in x0 to x17. */
  private int firmware(Cpu c, int exit, int word) {
    if (c.el != 1 || c.config.el2() || c.config.el3()) {
      return interpret(c, exit);
    }
    state.spillArguments();
    state.spillControls();
    try {
      if ((word & 3) == HVC) {
        c.exceptions.hypervisorCall(Fields.imm16(word));
      } else {
        c.exceptions.secureMonitorCall(Fields.imm16(word));
      }
    } catch (GuestFault fault) {
      leave();
      return fault(c);
    }
    state.fillArguments();
    int at = place(c, c.pc);
    c.left--;
    return on(c, at);
  }

  /** Code goes on where the CPU's fields say, with its general registers; that was looked up, and is again where what was granted is used up. */
  private int on(Cpu c, int found) {
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

  /** An instruction needs the vector registers. */
  private int vectors(Cpu c, int exit) {
    if (c.fpTrapped) {
      note(c, exit);
      return interpret(c, exit);
    }
    state.vectors();
    return exits.place[exit];
  }

  /** An instruction computes with floating point. */
  private int numbers(Cpu c, int exit) {
    if (c.fpTrapped || !state.numbers()) {
      note(c, exit);
      return interpret(c, exit);
    }
    return exits.place[exit];
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
    state.contexts();
    return at;
  }

  /** A node of the interpreter's executes the instruction that was noted. */
  private int interpret(Cpu c, int exit) {
    leave();
    if (c.left > 0) {
      Node node = exits.node[exit];
      if (node == null) {
        int index = exits.index[exit];
        node = nodes.create(exits.page(exit).word(index), index * 4);
        exits.node[exit] = node;
      }
      try {
        nodes.execute(node);
      } catch (GuestFault fault) {
        return fault(c);
      }
    }
    return NO_CODE;
  }

  /** The instruction at {@code Cpu.pc} takes the exception that is noted. */
  private int fault(Cpu c) {
    c.exceptions.takeNoted();
    place(c, c.pc);
    c.left--;
    return NO_CODE;
  }

  /** The CPU's fields become where code came to: before an instruction that is yet to be done. */
  private void note(Cpu c, int exit) {
    c.pc = state.word(StateLayout.PAGE) + exits.index[exit] * 4L;
    c.left = state.word(StateLayout.LEFT) + exits.rest[exit];
  }

  /** The CPU's other fields become what code has left, too. */
  private void leave() {
    inCode = false;
    state.spill();
  }

  /**
   * The data TLB's entry for an access; null if it isn't one that code could do.
   *
   * @throws GuestFault if it faults; that is noted
   */
  private TlbEntry entry(Cpu c, int exit) {
    int how = exits.access[exit];
    int bytes = how & 0xFF;
    long va = state.word(StateLayout.ACCESS);
    int element = 1 << (how >> CodeExits.ELEMENT);
    if (bytes > LARGEST || (va & element - 1) != 0 || (va & 0xFFF) + bytes > 4096) {
      return null;
    }
    return c.mmu.data(va, (how & CodeExits.STORE) != 0, (how & CodeExits.USER) != 0);
  }

  /** Whether code can do an access now. */
  private boolean tagged(Cpu c, int exit, TlbEntry entry) {
    int how = exits.access[exit];
    boolean user = (how & CodeExits.USER) != 0;
    long page = state.word(StateLayout.ACCESS) & -4096;
    return (how & CodeExits.STORE) != 0
        ? entry.write == (page | (user ? c.userWriteContext : c.writeContext))
        : entry.read == (page | (user ? c.userReadContext : c.readContext));
  }

  /**
   * Where the code for an address, which {@code Cpu.pc} is, begins, made if need be; {@link #NO_CODE} if it can't be fetched, which
   * {@link #unfetched} says then, or if code was full.
   */
  int place(Cpu c, long target) {
    TranslatedPage page = (target & 3) != 0 ? null : lookup.known(target);
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
    return translations.at(page, (int) (c.pc >>> 2) & TranslatedPage.WORDS - 1);
  }

  private TranslatedPage fetched(Cpu c, long va) {
    try {
      CodeEntry entry = c.mmu.code(va);
      TranslatedPage page = translations.page(entry.frame);
      if (page != null) {
        lookup.put(va, entry, page);
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
