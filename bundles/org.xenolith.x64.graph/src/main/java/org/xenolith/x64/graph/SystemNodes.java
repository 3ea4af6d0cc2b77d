// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;

/** Control and debug registers, tables, model-specific registers, and what else is for level 0 or tells of the processor. */
final class SystemNodes {
  private SystemNodes() {}

  /** What an instruction does; it may throw {@code CpuFault}. */
  interface Action {
    void run(Core c, long[] r);
  }

  /** An instruction that goes on behind itself. */
  static final class Plain extends Node {
    private final boolean privileged;
    private final Action action;

    Plain(boolean privileged, Action action) {
      this.privileged = privileged;
      this.action = action;
    }

    @Override
    public Node exec(Core c, long[] r) {
      if (privileged && c.cpl != 0) {
        throw c.fault(ExceptionVector.GP, 0);
      }
      action.run(c, r);
      return next;
    }
  }

  /** An instruction that goes on where {@code Core.pc} says, which is behind itself when the action begins. */
  static final class Transfer extends Node {
    private final Interpreter engine;
    private final Action action;

    Transfer(Interpreter engine, Action action) {
      this.engine = engine;
      this.action = action;
    }

    @Override
    public Node exec(Core c, long[] r) {
      c.pc = nextPc(c, r);
      action.run(c, r);
      return engine.resume();
    }

    @Override
    public boolean usesStack() {
      return true;
    }
  }

  /** The action of an instruction, or null if it is none of these. */
  static @Nullable Action action(IntegerOperands operands) {
    Instruction insn = operands.insn();
    return switch (insn.insn().mnemonic()) {
      case "cli" -> SystemNodes::cli;
      case "sti" -> SystemNodes::sti;
      case "clts" -> (c, r) -> c.controls.cr0(c.cr0 & ~ControlBits.TS);
      case "clac" -> (c, r) -> accessCheck(c, 0);
      case "stac" -> (c, r) -> accessCheck(c, FlagBits.AC);
      case "hlt" -> (c, r) -> c.inputs.halt();
      case "cpuid" -> SystemNodes::cpuid;
      case "rdtsc" -> (c, r) -> timeStamp(c, r, false);
      case "rdtscp" -> (c, r) -> timeStamp(c, r, true);
      case "rdpmc" -> (c, r) -> pair(r, c.counting.read((int) r[CpuState.RCX]));
      case "vmcall", "vmmcall" -> (c, r) -> {
        throw c.host.hypercall();
      };
      case "rdmsr" -> (c, r) -> pair(r, c.msrs.read((int) r[CpuState.RCX]));
      case "wrmsr" -> (c, r) -> c.msrs.write((int) r[CpuState.RCX], pair(r));
      case "rdpkru" -> SystemNodes::readKeys;
      case "wrpkru" -> SystemNodes::writeKeys;
      case "xgetbv" -> SystemNodes::xgetbv;
      case "xsetbv" -> SystemNodes::xsetbv;
      case "invlpg" -> invalidate(operands);
      case "invpcid" -> invalidatePcid(operands);
      case "swapgs" -> SystemNodes::swapgs;
      case "invd", "wbinvd" -> (c, r) -> {
        // There are no caches.
      };
      case "lgdt", "lidt" -> loadTable(operands);
      case "sgdt", "sidt" -> storeTable(operands);
      case "lldt", "ltr" -> loadSystem(operands);
      case "sldt", "str", "smsw" -> storeSystem(operands);
      case "lmsw" -> lmsw(operands.place(0));
      case "verr", "verw" -> verify(operands);
      case "lar", "lsl" -> query(operands);
      case "arpl" -> arpl(operands);
      case "rdfsbase", "rdgsbase" -> readBase(operands);
      case "wrfsbase", "wrgsbase" -> writeBase(operands);
      case "rdrand", "rdseed" -> random(operands);
      default -> null;
    };
  }

  private static void cli(Core c, long[] r) {
    ioLevel(c);
    c.flags &= ~FlagBits.IF;
  }

  private static void sti(Core c, long[] r) {
    ioLevel(c);
    if ((c.flags & FlagBits.IF) == 0) {
      c.setFlags(FlagBits.IF, FlagBits.IF);
      c.inputs.shadow();
    }
  }

  private static void ioLevel(Core c) {
    if (!c.real() && c.cpl > c.ioLevel()) {
      throw c.fault(ExceptionVector.GP, 0);
    }
  }

  private static void cpuid(Core c, long[] r) {
    c.cpuid.query((int) r[CpuState.RAX], (int) r[CpuState.RCX]);
    r[CpuState.RAX] = c.cpuid.eax & 0xFFFF_FFFFL;
    r[CpuState.RBX] = c.cpuid.ebx & 0xFFFF_FFFFL;
    r[CpuState.RCX] = c.cpuid.ecx & 0xFFFF_FFFFL;
    r[CpuState.RDX] = c.cpuid.edx & 0xFFFF_FFFFL;
  }

  private static long pair(long[] r) {
    return r[CpuState.RDX] << 32 | r[CpuState.RAX] & 0xFFFF_FFFFL;
  }

  private static void pair(long[] r, long value) {
    r[CpuState.RAX] = value & 0xFFFF_FFFFL;
    r[CpuState.RDX] = value >>> 32;
  }

  private static void timeStamp(Core c, long[] r, boolean aux) {
    if (c.cpl != 0 && (c.cr4 & ControlBits.TSD) != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
    pair(r, c.clock.read());
    if (aux) {
      r[CpuState.RCX] = c.tscAux & 0xFFFF_FFFFL;
    }
  }

  private static void xgetbv(Core c, long[] r) {
    if ((c.cr4 & ControlBits.OSXSAVE) == 0) {
      throw c.fault(ExceptionVector.UD);
    }
    if ((int) r[CpuState.RCX] != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
    pair(r, c.xcr0);
  }

  private static void xsetbv(Core c, long[] r) {
    if ((c.cr4 & ControlBits.OSXSAVE) == 0) {
      throw c.fault(ExceptionVector.UD);
    }
    if (c.cpl != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
    c.controls.xcr0((int) r[CpuState.RCX], pair(r));
  }

  private static void readKeys(Core c, long[] r) {
    keys(c, r[CpuState.RCX]);
    pair(r, c.pkru & 0xFFFF_FFFFL);
  }

  private static void writeKeys(Core c, long[] r) {
    keys(c, r[CpuState.RCX] | r[CpuState.RDX]);
    c.mmu.userKeys((int) r[CpuState.RAX]);
  }

  private static void keys(Core c, long zero) {
    if ((c.cr4 & ControlBits.PKE) == 0) {
      throw c.fault(ExceptionVector.UD);
    }
    if ((int) zero != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
  }

  private static Action invalidate(IntegerOperands operands) {
    OperandAddress address = operands.address();
    return (c, r) -> c.mmu.invalidate(address.unchecked(c, r));
  }

  private static Action invalidatePcid(IntegerOperands operands) {
    OperandPlace type = operands.place(0);
    OperandAddress address = operands.address();
    return (c, r) -> {
      long at = address.of(c, r, 16, false);
      long pcid = c.load64(at);
      long linear = c.load64(at + 8);
      c.mmu.invalidate(type.load(c, r), pcid, linear);
    };
  }

  private static void swapgs(Core c, long[] r) {
    long old = c.base[CpuState.GS];
    c.base[CpuState.GS] = c.kernelGsBase;
    c.kernelGsBase = old;
  }

  private static Action loadTable(IntegerOperands operands) {
    OperandAddress address = operands.address();
    Instruction insn = operands.insn();
    boolean gdt = insn.insn().mnemonic().equals("lgdt");
    boolean isLong = insn.mode() == DecodeMode.LONG_64;
    long mask = isLong ? -1L : insn.operandSize() == 16 ? 0xFF_FFFFL : 0xFFFF_FFFFL;
    return (c, r) -> {
      int limit = (int) c.load16(address.of(c, r, 2, false));
      long at = address.behind(c, r, 2, isLong ? 8 : 4, false);
      long base = (isLong ? c.load64(at) : c.load32(at)) & mask;
      if (isLong && !org.xenolith.x64.arch.Mmu.canonical(base)) {
        throw c.fault(ExceptionVector.GP, 0);
      }
      if (gdt) {
        c.gdtBase = base;
        c.gdtLimit = limit;
      } else {
        c.idtBase = base;
        c.idtLimit = limit;
      }
    };
  }

  private static void userMode(Core c) {
    if (c.cpl != 0 && (c.cr4 & ControlBits.UMIP) != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
  }

  private static Action storeTable(IntegerOperands operands) {
    OperandAddress address = operands.address();
    boolean gdt = operands.insn().insn().mnemonic().equals("sgdt");
    boolean isLong = operands.insn().mode() == DecodeMode.LONG_64;
    return (c, r) -> {
      userMode(c);
      long first = address.of(c, r, 2, true);
      long second = address.behind(c, r, 2, isLong ? 8 : 4, true);
      c.memory.probe(first, 2);
      c.memory.probe(second, isLong ? 8 : 4);
      c.store16(first, gdt ? c.gdtLimit : c.idtLimit);
      long base = gdt ? c.gdtBase : c.idtBase;
      if (isLong) {
        c.store64(second, base);
      } else {
        c.store32(second, base);
      }
    };
  }

  private static Action loadSystem(IntegerOperands operands) {
    OperandPlace place = operands.place(0);
    boolean task = operands.insn().insn().mnemonic().equals("ltr");
    return (c, r) -> {
      int selector = (int) place.load(c, r) & 0xFFFF;
      if (task) {
        c.segments.loadTask(selector);
      } else {
        c.segments.loadLocalTable(selector);
      }
    };
  }

  private static Action storeSystem(IntegerOperands operands) {
    OperandPlace place = operands.place(0);
    String name = operands.insn().insn().mnemonic();
    return (c, r) -> {
      userMode(c);
      place.store(c, r, switch (name) {
        case "sldt" -> c.selector[CpuState.LDTR];
        case "str" -> c.selector[CpuState.TR];
        default -> c.cr0;
      });
    };
  }

  private static Action lmsw(OperandPlace place) {
    return (c, r) -> {
      long value = place.load(c, r) & 15;
      // It sets PE, and never clears it.
      c.controls.cr0(c.cr0 & ~14L | value);
    };
  }

  private static Action verify(IntegerOperands operands) {
    OperandPlace place = operands.place(0);
    boolean write = operands.insn().insn().mnemonic().equals("verw");
    return (c, r) -> c.zero = c.segments.verify((int) place.load(c, r) & 0xFFFF, write) ? 0 : 1;
  }

  private static Action query(IntegerOperands operands) {
    OperandPlace destination = operands.place(0);
    OperandPlace source = operands.place(1);
    boolean rights = operands.insn().insn().mnemonic().equals("lar");
    return (c, r) -> {
      int selector = (int) source.load(c, r) & 0xFFFF;
      long value = rights ? c.segments.rights(selector) : c.segments.limit(selector);
      c.zero = value < 0 ? 1 : 0;
      if (value >= 0) {
        destination.store(c, r, value);
      }
    };
  }

  private static Action arpl(IntegerOperands operands) {
    OperandPlace destination = operands.place(0);
    OperandPlace source = operands.place(1);
    return (c, r) -> {
      long value = destination.load(c, r);
      long level = source.load(c, r) & 3;
      boolean raises = (value & 3) < level;
      if (raises) {
        destination.store(c, r, value & ~3L | level);
      }
      c.zero = raises ? 0 : 1;
    };
  }

  private static void bases(Core c) {
    if ((c.cr4 & ControlBits.FSGSBASE) == 0) {
      throw c.fault(ExceptionVector.UD);
    }
  }

  private static int baseSegment(IntegerOperands operands) {
    return operands.insn().insn().mnemonic().charAt(2) == 'f' ? CpuState.FS : CpuState.GS;
  }

  private static Action readBase(IntegerOperands operands) {
    OperandPlace place = operands.place(0);
    int segment = baseSegment(operands);
    return (c, r) -> {
      bases(c);
      place.store(c, r, c.base[segment]);
    };
  }

  private static Action writeBase(IntegerOperands operands) {
    OperandPlace place = operands.place(0);
    int segment = baseSegment(operands);
    return (c, r) -> {
      bases(c);
      long value = place.load(c, r);
      if (!org.xenolith.x64.arch.Mmu.canonical(value)) {
        throw c.fault(ExceptionVector.GP, 0);
      }
      c.base[segment] = value;
    };
  }

  private static Action random(IntegerOperands operands) {
    OperandPlace place = operands.place(0);
    return (c, r) -> {
      place.store(c, r, c.random.next());
      Arithmetic.logic(c, Long.MAX_VALUE, 0);
      c.parity = 1;
      c.carries(1, 0);
    };
  }

  // ---- Control and debug registers, segment registers

  static Action moveControl(IntegerOperands operands, boolean debug, boolean write) {
    Instruction insn = operands.insn();
    int number = insn.reg();
    int general = insn.rm();
    long mask = insn.mode() == DecodeMode.LONG_64 ? -1L : 0xFFFF_FFFFL;
    if (debug) {
      return write ? (c, r) -> c.controls.debug(number, r[general] & mask) : (c, r) -> r[general] = c.controls.debug(number) & mask;
    }
    return write ? (c, r) -> c.controls.write(number, r[general] & mask) : (c, r) -> r[general] = c.controls.read(number) & mask;
  }

  static Action loadSegment(IntegerOperands operands) {
    int segment = operands.insn().reg() & 7;
    OperandPlace source = operands.place(1);
    return (c, r) -> {
      c.segments.load(segment, (int) source.load(c, r) & 0xFFFF);
      if (segment == CpuState.SS) {
        c.inputs.stackShadow();
      }
    };
  }

  static Action storeSegment(IntegerOperands operands) {
    int segment = operands.insn().reg() & 7;
    OperandPlace destination = operands.place(0);
    return (c, r) -> destination.store(c, r, c.selector[segment]);
  }

  /** STAC and CLAC, which there are for level 0 alone. */
  private static void accessCheck(Core c, int flag) {
    if (c.cpl != 0) {
      throw c.fault(ExceptionVector.UD);
    }
    c.setFlags(flag, FlagBits.AC);
  }

  /** LES, LDS, LSS, LFS, LGS. */
  static Action loadFar(IntegerOperands operands, int segment) {
    OperandPlace destination = operands.place(0);
    int bytes = operands.bits(0) >> 3;
    OperandAddress address = operands.address();
    return (c, r) -> {
      long offset = StringNodes.load(c, address.of(c, r, bytes, false), bytes);
      long selector = c.load16(address.behind(c, r, bytes, 2, false));
      c.segments.load(segment, (int) selector);
      destination.store(c, r, offset);
      if (segment == CpuState.SS) {
        c.inputs.shadow();
      }
    };
  }

  /** BOUND. */
  static Action bound(IntegerOperands operands) {
    OperandPlace index = operands.place(0);
    int bits = operands.bits(0);
    int bytes = bits >> 3;
    OperandAddress address = operands.address();
    return (c, r) -> {
      int up = 64 - bits;
      long value = index.load(c, r) << up >> up;
      long low = StringNodes.load(c, address.of(c, r, bytes, false), bytes) << up >> up;
      long high = StringNodes.load(c, address.behind(c, r, bytes, bytes, false), bytes) << up >> up;
      if (value < low || value > high) {
        throw c.fault(ExceptionVector.BR);
      }
    };
  }

  // ---- Ports

  static Action in(OperandPlace to, OperandPlace port, int bits) {
    int bytes = bits >> 3;
    return (c, r) -> {
      int number = (int) port.load(c, r) & 0xFFFF;
      c.ports.check(number, bytes);
      to.store(c, r, c.ports.in(number, bytes));
    };
  }

  static Action out(OperandPlace from, OperandPlace port, int bits) {
    int bytes = bits >> 3;
    return (c, r) -> {
      int number = (int) port.load(c, r) & 0xFFFF;
      c.ports.check(number, bytes);
      c.ports.out(number, bytes, from.load(c, r));
    };
  }
}
