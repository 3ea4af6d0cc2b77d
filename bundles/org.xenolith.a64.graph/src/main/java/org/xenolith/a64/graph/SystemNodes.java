// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.arch.Operations;
import org.xenolith.a64.arch.SemihostingCalls;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.arm.api.CpuMonitor;

/** System registers and operations, hints, barriers, exception generation and return. */
final class SystemNodes {
  /** Encodings of MSR immediate for the syndrome of a trap. */
  private static final int DAIF_SET = SystemRegister.id(0, 3, 4, 0, 6);

  private SystemNodes() {}

  private static GuestFault undefined(Cpu c) {
    c.exceptions.noteUndefined();
    return GuestFault.INSTANCE;
  }

  /** Does nothing. */
  static final class Nothing extends Node {
    @Override
    public Node exec(Cpu c, long[] x) {
      return next;
    }
  }

  /** Takes the exception of an unallocated or unbuilt instruction. */
  static final class Undefined extends Node {
    @Override
    public Node exec(Cpu c, long[] x) {
      throw undefined(c);
    }
  }

  /** MRS of a register whose word may be read directly at {@code level} and above. */
  private static final class ReadPlain extends Node {
    private final int rt;
    private final int index;
    private final int level;

    ReadPlain(int rt, SysReg reg) {
      this.rt = rt;
      this.index = reg.ordinal();
      this.level = reg.level;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.el < level) {
        throw undefined(c);
      }
      x[rt] = c.sys[index];
      return next;
    }
  }

  /** MSR of a register whose word may be written directly at {@code level} and above. */
  private static final class WritePlain extends Node {
    private final int rt;
    private final int index;
    private final int level;

    WritePlain(int rt, SysReg reg) {
      this.rt = rt;
      this.index = reg.ordinal();
      this.level = reg.level;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.el < level) {
        throw undefined(c);
      }
      c.sys[index] = x[rt];
      return next;
    }
  }

  /** MRS SP_EL0. */
  private static final class ReadUserStack extends Node {
    private final int rt;

    ReadUserStack(int rt) {
      this.rt = rt;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.spsel == 0 || c.el == 0) {
        throw undefined(c);
      }
      x[rt] = c.sp[0];
      return next;
    }
  }

  /** MRS of anything else. */
  private static final class Read extends Node {
    private final int rt;
    private final int number;
    private final int id;

    Read(int number, int id) {
      this.rt = Registers.target(number);
      this.number = number;
      this.id = id;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = c.registers.read(id, number);
      return next;
    }
  }

  /** MSR of anything else. */
  private static final class Write extends Node {
    private final int rt;
    private final int number;
    private final int id;

    Write(int number, int id) {
      this.rt = Registers.source(number);
      this.number = number;
      this.id = id;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      c.registers.write(id, number, x[rt]);
      return next;
    }
  }

  /** MSR DAIFSet and DAIFClr. */
  private static final class ChangeDaif extends Node {
    private final int bits;
    private final boolean set;

    ChangeDaif(int bits, boolean set) {
      this.bits = bits;
      this.set = set;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      c.registers.changeDaif(bits, set, set ? DAIF_SET : DAIF_SET + 1);
      return next;
    }
  }

  /** MSR SPSel and PAN, immediate. */
  private static final class ChangeState extends Node {
    private final Insn insn;
    private final int value;

    ChangeState(Insn insn, int value) {
      this.insn = insn;
      this.value = value;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.el == 0 || insn == Insn.MSR_PAN && !c.config.pan()) {
        throw undefined(c);
      }
      if (insn == Insn.MSR_PAN) {
        c.registers.setPan(value & 1);
      } else {
        c.registers.setStackSelection(value & 1);
      }
      return next;
    }
  }

  /** SYS. */
  private static final class Operation extends Node {
    private final int rt;
    private final int number;
    private final int op;

    Operation(int number, int op) {
      this.rt = Registers.source(number);
      this.number = number;
      this.op = op;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      c.operations.execute(op, number, x[rt]);
      return next;
    }
  }

  /** DC ZVA. */
  private static final class Zero extends Node {
    private final int rt;
    private final int number;

    Zero(int number) {
      this.rt = Registers.source(number);
      this.number = number;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      c.operations.checkZva(number);
      c.memory.zero(x[rt]);
      return next;
    }
  }

  /** CLREX. */
  private static final class ClearExclusive extends Node {
    @Override
    public Node exec(Cpu c, long[] x) {
      c.memory.clearMonitor();
      return next;
    }
  }

  /** SEV and SEVL. */
  private static final class SendEvent extends Node {
    private final boolean local;

    SendEvent(boolean local) {
      this.local = local;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (local) {
        c.event();
      } else {
        c.sendEvent();
      }
      return next;
    }
  }

  /** What a {@link Transfer} does; it leaves where to go on in {@code Cpu.pc}. */
  private interface Taken {
    void take(Cpu c);
  }

  /** What goes on at {@code Cpu.pc}: exceptions, their return, WFI and WFE. */
  private static class Transfer extends Node {
    private final LongFunction<Node> jumps;
    private final Taken taken;

    Transfer(LongFunction<Node> jumps, Taken taken) {
      this.jumps = jumps;
      this.taken = taken;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      c.pc = c.page + off;
      taken.take(c);
      return jumps.apply(c.pc);
    }
  }

  /** ERET. */
  private static final class ExceptionReturn extends Transfer {
    ExceptionReturn(LongFunction<Node> jumps) {
      super(jumps, SystemNodes::exceptionReturn);
    }

    @Override
    int branch(Node to, int level) {
      return level == 0 ? 0 : CpuMonitor.EXCEPTION_RETURN | CpuMonitor.TAKEN;
    }
  }

  private static void exceptionReturn(Cpu c) {
    if (c.el == 0) {
      c.exceptions.undefined();
    } else {
      c.exceptions.exceptionReturn();
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Cpu cpu, LongFunction<Node> jumps, Insn insn, int word) {
    int number = Fields.rt(word);
    int immediate = Fields.imm16(word);
    return switch (insn) {
      case SVC -> new Transfer(jumps, c -> c.exceptions.supervisorCall(immediate));
      case HVC -> new Transfer(jumps, c -> c.exceptions.hypervisorCall(immediate));
      case SMC -> new Transfer(jumps, c -> c.exceptions.secureMonitorCall(immediate));
      case BRK -> new Transfer(jumps, c -> c.exceptions.breakpoint(immediate));
      case ERET -> new ExceptionReturn(jumps);
      case HLT -> immediate == SemihostingCalls.IMMEDIATE ? new Transfer(jumps, c -> c.exceptions.semihostingCall()) : new Undefined();
      case DRPS, DCPS1, DCPS2, DCPS3, SYSL, MSR_UAO -> new Undefined();
      case HINT -> hint(jumps, word >>> 5 & 127);
      case DSB, DMB, ISB, PRFM_LITERAL, PRFUM, PRFM_REG, PRFM_IMM_UNSIGNED -> new Nothing();
      case CLREX -> new ClearExclusive();
      case MSR_SPSEL, MSR_PAN -> new ChangeState(insn, word >>> 8 & 15);
      case MSR_DAIFSET -> new ChangeDaif(word >>> 8 & 15, true);
      case MSR_DAIFCLR -> new ChangeDaif(word >>> 8 & 15, false);
      case SYS -> Fields.systemRegister(word) == Operations.DC_ZVA ? new Zero(number)
          : new Operation(number, Fields.systemRegister(word));
      case MRS -> read(cpu, number, Fields.systemRegister(word));
      case MSR_REG -> write(cpu, number, Fields.systemRegister(word));
      default -> null;
    };
  }

  private static Node hint(LongFunction<Node> jumps, int number) {
    return switch (number) {
      case 2, 3 -> new Transfer(jumps, c -> c.exceptions.waitFor(number == 2));
      case 4 -> new SendEvent(false);
      case 5 -> new SendEvent(true);
      default -> new Nothing();
    };
  }

  private static Node read(Cpu cpu, int number, int id) {
    SysReg reg = SysReg.of(id);
    if (reg == SysReg.SP_EL0) {
      return new ReadUserStack(Registers.target(number));
    }
    boolean plain = reg != null && cpu.registers.plain(reg, false);
    return plain ? new ReadPlain(Registers.target(number), reg) : new Read(number, id);
  }

  private static Node write(Cpu cpu, int number, int id) {
    SysReg reg = SysReg.of(id);
    boolean plain = reg != null && cpu.registers.plain(reg, true);
    return plain ? new WritePlain(Registers.source(number), reg) : new Write(number, id);
  }
}
