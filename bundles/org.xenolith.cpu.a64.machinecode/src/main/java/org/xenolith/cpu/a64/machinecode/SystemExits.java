// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.isa.Fields;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.Translations;

/**
 * What is done where code was left for system registers, maintenance, calls and returns: by the CPU itself, while code keeps the general registers. Each
 * method gives the place where code goes on, or {@link Translations#NO_CODE} once it was left.
 */
final class SystemExits {
  /** The first byte of SVC, HVC and SMC, which ERET hasn't; the last two bits say which it is. */
  private static final int CALLS = 0xD4;
  private static final int SVC = 1;
  private static final int HVC = 2;
  /** L of an instruction on system registers. */
  private static final int READS = 1 << 21;

  private final MachineCodeEngine engine;
  private final NativeState state;
  private final CodeExits exits;
  private final Counters counters;

  SystemExits(MachineCodeEngine engine) {
    this.engine = engine;
    state = engine.state;
    exits = engine.exits;
    counters = engine.counters;
  }

  /** An instruction reads a system register, or maintains a cache. */
  int system(Cpu c, int exit) {
    engine.note(c, exit);
    long noted = c.left;
    int word = exits.access(exit);
    int rt = GuestRegisters.orZero(Fields.rt(word));
    state.spillSystem();
    try {
      if ((word & READS) != 0) {
        long value = c.registers.read(Fields.systemRegister(word), Fields.rt(word));
        if (rt != Cpu.ZERO) {
          state.word(StateLayout.general(rt), value);
        }
        if (exits.kind(exit) == CodeExits.COUNTER) {
          counters.open(Counters.number(word), value);
        }
      } else {
        c.operations.execute(Fields.systemRegister(word), Fields.rt(word), rt == Cpu.ZERO ? 0 : state.word(StateLayout.general(rt)));
      }
    } catch (GuestFault fault) {
      return engine.faulted(c);
    }
    boolean noticed = c.left != noted;
    c.pc += 4;
    c.left--;
    if (noticed) {
      engine.leave();
      return Translations.NO_CODE;
    }
    return exits.place(exit);
  }

  /** An instruction writes a register that translation depends on. */
  int context(Cpu c, int exit) {
    engine.note(c, exit);
    int word = exits.access(exit);
    int rt = GuestRegisters.orZero(Fields.rt(word));
    long value = rt == Cpu.ZERO ? 0 : state.word(StateLayout.general(rt));
    state.spillControls();
    try {
      c.registers.write(Fields.systemRegister(word), Fields.rt(word), value);
    } catch (GuestFault fault) {
      return engine.faulted(c);
    }
    c.pc += 4;
    c.left--;
    return engine.on(c, c.left > 0 ? engine.place(c, c.pc) : Translations.NO_CODE);
  }

  /** An instruction calls EL1 from EL0, or returns from EL1; the interpreter has other levels, whose exceptions may want all registers. */
  int transfer(Cpu c, int exit) {
    engine.note(c, exit);
    int word = exits.access(exit);
    boolean calls = word >>> 24 == CALLS;
    if (calls && (word & 3) != SVC) {
      return firmware(c, exit, word);
    }
    if (calls ? c.el != 0 || c.exceptions.defaultTarget() != 1 : c.el != 1) {
      return engine.interpret(c, exit);
    }
    state.spillControls();
    if (calls) {
      c.exceptions.supervisorCall(Fields.imm16(word));
    } else {
      c.exceptions.exceptionReturn();
    }
    int at = engine.place(c, c.pc);
    c.left--;
    return engine.on(c, at);
  }

  /**
   * HVC or SMC at EL1 calls the machine's firmware, if there is no higher level: that has arguments and results in x0 to x17, and may have the CPU come
   * to a stop.
   */
  private int firmware(Cpu c, int exit, int word) {
    if (c.el != 1 || c.config.el2() || c.config.el3()) {
      return engine.interpret(c, exit);
    }
    long noted = c.left;
    state.spillArguments();
    state.spillSystem();
    c.results = NativeState.ARGUMENTS;
    c.pc += 4;
    if (!c.env.firmwareCall(c, (word & 3) == HVC)) {
      c.pc -= 4;
      return engine.interpret(c, exit);
    }
    state.fillResults(c.results);
    NativePage page = exits.page(exit);
    int next = exits.index(exit) + 1;
    if (next == NativePage.WORDS || !page.live()) {
      int at = engine.place(c, c.pc);
      state.word(StateLayout.PAGE, c.pc & -4096);
      return engine.behind(c, noted, at);
    }
    return engine.behind(c, noted, c.left == noted ? engine.translations.at(page, next) : Translations.NO_CODE);
  }
}
