// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Control;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Mode;

/** Control and debug registers, tables, model-specific registers, and what else is for level 0 or tells of the processor. */
final class X64SystemNodes {
  private X64SystemNodes() {}

  /** What an instruction does; it may throw {@code X64Fault}. */
  interface Action {
    void run(X64Core c, long[] r);
  }

  /** An instruction that goes on behind itself. */
  static final class Plain extends X64Node {
    private final boolean privileged;
    private final Action action;

    Plain(boolean privileged, Action action) {
      this.privileged = privileged;
      this.action = action;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      if (privileged && c.cpl != 0) {
        throw c.fault(X64Vector.GP, 0);
      }
      action.run(c, r);
      return next;
    }
  }

  /** An instruction that goes on where {@code X64Core.pc} says, which is behind itself when the action begins. */
  static final class Transfer extends X64Node {
    private final X64Interpreter engine;
    private final Action action;

    Transfer(X64Interpreter engine, Action action) {
      this.engine = engine;
      this.action = action;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
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
  static Action action(X64Operands operands) {
    X64Instruction insn = operands.insn();
    return switch (insn.insn().mnemonic()) {
      case "cli" -> X64SystemNodes::cli;
      case "sti" -> X64SystemNodes::sti;
      case "clts" -> (c, r) -> c.controls.cr0(c.cr0 & ~X64Control.TS);
      case "clac" -> (c, r) -> accessCheck(c, 0);
      case "stac" -> (c, r) -> accessCheck(c, X64Flags.AC);
      case "hlt" -> (c, r) -> c.inputs.halt();
      case "cpuid" -> X64SystemNodes::cpuid;
      case "rdtsc" -> (c, r) -> timeStamp(c, r, false);
      case "rdtscp" -> (c, r) -> timeStamp(c, r, true);
      case "rdpmc" -> (c, r) -> pair(r, c.counting.read((int) r[X64State.RCX]));
      case "vmcall", "vmmcall" -> (c, r) -> {
        throw c.host.hypercall();
      };
      case "rdmsr" -> (c, r) -> pair(r, c.msrs.read((int) r[X64State.RCX]));
      case "wrmsr" -> (c, r) -> c.msrs.write((int) r[X64State.RCX], pair(r));
      case "rdpkru" -> X64SystemNodes::readKeys;
      case "wrpkru" -> X64SystemNodes::writeKeys;
      case "xgetbv" -> X64SystemNodes::xgetbv;
      case "xsetbv" -> X64SystemNodes::xsetbv;
      case "invlpg" -> invalidate(operands);
      case "invpcid" -> invalidatePcid(operands);
      case "swapgs" -> X64SystemNodes::swapgs;
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

  private static void cli(X64Core c, long[] r) {
    ioLevel(c);
    c.flags &= ~X64Flags.IF;
  }

  private static void sti(X64Core c, long[] r) {
    ioLevel(c);
    if ((c.flags & X64Flags.IF) == 0) {
      c.setFlags(X64Flags.IF, X64Flags.IF);
      c.inputs.shadow();
    }
  }

  private static void ioLevel(X64Core c) {
    if (!c.real() && c.cpl > c.ioLevel()) {
      throw c.fault(X64Vector.GP, 0);
    }
  }

  private static void cpuid(X64Core c, long[] r) {
    c.cpuid.query((int) r[X64State.RAX], (int) r[X64State.RCX]);
    r[X64State.RAX] = c.cpuid.eax & 0xFFFF_FFFFL;
    r[X64State.RBX] = c.cpuid.ebx & 0xFFFF_FFFFL;
    r[X64State.RCX] = c.cpuid.ecx & 0xFFFF_FFFFL;
    r[X64State.RDX] = c.cpuid.edx & 0xFFFF_FFFFL;
  }

  private static long pair(long[] r) {
    return r[X64State.RDX] << 32 | r[X64State.RAX] & 0xFFFF_FFFFL;
  }

  private static void pair(long[] r, long value) {
    r[X64State.RAX] = value & 0xFFFF_FFFFL;
    r[X64State.RDX] = value >>> 32;
  }

  private static void timeStamp(X64Core c, long[] r, boolean aux) {
    if (c.cpl != 0 && (c.cr4 & X64Control.TSD) != 0) {
      throw c.fault(X64Vector.GP, 0);
    }
    pair(r, c.clock.read());
    if (aux) {
      r[X64State.RCX] = c.tscAux & 0xFFFF_FFFFL;
    }
  }

  private static void xgetbv(X64Core c, long[] r) {
    if ((c.cr4 & X64Control.OSXSAVE) == 0) {
      throw c.fault(X64Vector.UD);
    }
    if ((int) r[X64State.RCX] != 0) {
      throw c.fault(X64Vector.GP, 0);
    }
    pair(r, c.xcr0);
  }

  private static void xsetbv(X64Core c, long[] r) {
    if ((c.cr4 & X64Control.OSXSAVE) == 0) {
      throw c.fault(X64Vector.UD);
    }
    if (c.cpl != 0) {
      throw c.fault(X64Vector.GP, 0);
    }
    c.controls.xcr0((int) r[X64State.RCX], pair(r));
  }

  private static void readKeys(X64Core c, long[] r) {
    keys(c, r[X64State.RCX]);
    pair(r, c.pkru & 0xFFFF_FFFFL);
  }

  private static void writeKeys(X64Core c, long[] r) {
    keys(c, r[X64State.RCX] | r[X64State.RDX]);
    c.mmu.userKeys((int) r[X64State.RAX]);
  }

  private static void keys(X64Core c, long zero) {
    if ((c.cr4 & X64Control.PKE) == 0) {
      throw c.fault(X64Vector.UD);
    }
    if ((int) zero != 0) {
      throw c.fault(X64Vector.GP, 0);
    }
  }

  private static Action invalidate(X64Operands operands) {
    X64Address address = operands.address();
    return (c, r) -> c.mmu.invalidate(address.unchecked(c, r));
  }

  private static Action invalidatePcid(X64Operands operands) {
    X64Place type = operands.place(0);
    X64Address address = operands.address();
    return (c, r) -> {
      long at = address.of(c, r, 16, false);
      long pcid = c.load64(at);
      long linear = c.load64(at + 8);
      c.mmu.invalidate(type.load(c, r), pcid, linear);
    };
  }

  private static void swapgs(X64Core c, long[] r) {
    long old = c.base[X64State.GS];
    c.base[X64State.GS] = c.kernelGsBase;
    c.kernelGsBase = old;
  }

  private static Action loadTable(X64Operands operands) {
    X64Address address = operands.address();
    X64Instruction insn = operands.insn();
    boolean gdt = insn.insn().mnemonic().equals("lgdt");
    boolean isLong = insn.mode() == X64Mode.LONG_64;
    long mask = isLong ? -1L : insn.operandSize() == 16 ? 0xFF_FFFFL : 0xFFFF_FFFFL;
    return (c, r) -> {
      int limit = (int) c.load16(address.of(c, r, 2, false));
      long at = address.behind(c, r, 2, isLong ? 8 : 4, false);
      long base = (isLong ? c.load64(at) : c.load32(at)) & mask;
      if (isLong && !org.xenolith.x64.arch.X64Mmu.canonical(base)) {
        throw c.fault(X64Vector.GP, 0);
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

  private static void userMode(X64Core c) {
    if (c.cpl != 0 && (c.cr4 & X64Control.UMIP) != 0) {
      throw c.fault(X64Vector.GP, 0);
    }
  }

  private static Action storeTable(X64Operands operands) {
    X64Address address = operands.address();
    boolean gdt = operands.insn().insn().mnemonic().equals("sgdt");
    boolean isLong = operands.insn().mode() == X64Mode.LONG_64;
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

  private static Action loadSystem(X64Operands operands) {
    X64Place place = operands.place(0);
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

  private static Action storeSystem(X64Operands operands) {
    X64Place place = operands.place(0);
    String name = operands.insn().insn().mnemonic();
    return (c, r) -> {
      userMode(c);
      place.store(c, r, switch (name) {
        case "sldt" -> c.selector[X64State.LDTR];
        case "str" -> c.selector[X64State.TR];
        default -> c.cr0;
      });
    };
  }

  private static Action lmsw(X64Place place) {
    return (c, r) -> {
      long value = place.load(c, r) & 15;
      // It sets PE, and never clears it.
      c.controls.cr0(c.cr0 & ~14L | value);
    };
  }

  private static Action verify(X64Operands operands) {
    X64Place place = operands.place(0);
    boolean write = operands.insn().insn().mnemonic().equals("verw");
    return (c, r) -> c.zero = c.segments.verify((int) place.load(c, r) & 0xFFFF, write) ? 0 : 1;
  }

  private static Action query(X64Operands operands) {
    X64Place destination = operands.place(0);
    X64Place source = operands.place(1);
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

  private static Action arpl(X64Operands operands) {
    X64Place destination = operands.place(0);
    X64Place source = operands.place(1);
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

  private static void bases(X64Core c) {
    if ((c.cr4 & X64Control.FSGSBASE) == 0) {
      throw c.fault(X64Vector.UD);
    }
  }

  private static int baseSegment(X64Operands operands) {
    return operands.insn().insn().mnemonic().charAt(2) == 'f' ? X64State.FS : X64State.GS;
  }

  private static Action readBase(X64Operands operands) {
    X64Place place = operands.place(0);
    int segment = baseSegment(operands);
    return (c, r) -> {
      bases(c);
      place.store(c, r, c.base[segment]);
    };
  }

  private static Action writeBase(X64Operands operands) {
    X64Place place = operands.place(0);
    int segment = baseSegment(operands);
    return (c, r) -> {
      bases(c);
      long value = place.load(c, r);
      if (!org.xenolith.x64.arch.X64Mmu.canonical(value)) {
        throw c.fault(X64Vector.GP, 0);
      }
      c.base[segment] = value;
    };
  }

  private static Action random(X64Operands operands) {
    X64Place place = operands.place(0);
    return (c, r) -> {
      place.store(c, r, c.random.next());
      X64Arithmetic.logic(c, Long.MAX_VALUE, 0);
      c.parity = 1;
      c.carries(1, 0);
    };
  }

  // ---- Control and debug registers, segment registers

  static Action moveControl(X64Operands operands, boolean debug, boolean write) {
    X64Instruction insn = operands.insn();
    int number = insn.reg();
    int general = insn.rm();
    long mask = insn.mode() == X64Mode.LONG_64 ? -1L : 0xFFFF_FFFFL;
    if (debug) {
      return write ? (c, r) -> c.controls.debug(number, r[general] & mask) : (c, r) -> r[general] = c.controls.debug(number) & mask;
    }
    return write ? (c, r) -> c.controls.write(number, r[general] & mask) : (c, r) -> r[general] = c.controls.read(number) & mask;
  }

  static Action loadSegment(X64Operands operands) {
    int segment = operands.insn().reg() & 7;
    X64Place source = operands.place(1);
    return (c, r) -> {
      c.segments.load(segment, (int) source.load(c, r) & 0xFFFF);
      if (segment == X64State.SS) {
        c.inputs.stackShadow();
      }
    };
  }

  static Action storeSegment(X64Operands operands) {
    int segment = operands.insn().reg() & 7;
    X64Place destination = operands.place(0);
    return (c, r) -> destination.store(c, r, c.selector[segment]);
  }

  /** STAC and CLAC, which there are for level 0 alone. */
  private static void accessCheck(X64Core c, int flag) {
    if (c.cpl != 0) {
      throw c.fault(X64Vector.UD);
    }
    c.setFlags(flag, X64Flags.AC);
  }

  /** LES, LDS, LSS, LFS, LGS. */
  static Action loadFar(X64Operands operands, int segment) {
    X64Place destination = operands.place(0);
    int bytes = operands.bits(0) >> 3;
    X64Address address = operands.address();
    return (c, r) -> {
      long offset = X64StringNodes.load(c, address.of(c, r, bytes, false), bytes);
      long selector = c.load16(address.behind(c, r, bytes, 2, false));
      c.segments.load(segment, (int) selector);
      destination.store(c, r, offset);
      if (segment == X64State.SS) {
        c.inputs.shadow();
      }
    };
  }

  /** BOUND. */
  static Action bound(X64Operands operands) {
    X64Place index = operands.place(0);
    int bits = operands.bits(0);
    int bytes = bits >> 3;
    X64Address address = operands.address();
    return (c, r) -> {
      int up = 64 - bits;
      long value = index.load(c, r) << up >> up;
      long low = X64StringNodes.load(c, address.of(c, r, bytes, false), bytes) << up >> up;
      long high = X64StringNodes.load(c, address.behind(c, r, bytes, bytes, false), bytes) << up >> up;
      if (value < low || value > high) {
        throw c.fault(X64Vector.BR);
      }
    };
  }

  // ---- Flags

  static Action flags(String mnemonic, int size) {
    return switch (mnemonic) {
      case "clc" -> (c, r) -> X64Arithmetic.carry(c, 0);
      case "stc" -> (c, r) -> X64Arithmetic.carry(c, 1);
      case "cmc" -> (c, r) -> X64Arithmetic.carry(c, c.carry() ? 0 : 1);
      case "cld" -> (c, r) -> c.flags &= ~X64Flags.DF;
      case "std" -> (c, r) -> c.flags |= X64Flags.DF;
      case "lahf" -> (c, r) -> r[X64State.RAX] = r[X64State.RAX] & ~0xFF00L | (c.rflags() & 0xFF) << 8;
      case "sahf" -> (c, r) -> {
        int kept = (int) c.rflags() & X64Flags.OF;
        c.arithmeticFlags((int) (r[X64State.RAX] >>> 8) & 0xD5 | kept);
      };
      case "pushf" -> (c, r) -> {
        flagsOf8086(c);
        X64Stack.push(c, r, size, c.rflags() & ~(X64Flags.VM | X64Flags.RF));
      };
      case "popf" -> (c, r) -> popf(c, r, size);
      default -> null;
    };
  }

  /** PUSHF and POPF ask for IOPL 3 in virtual-8086 mode. */
  private static void flagsOf8086(X64Core c) {
    if (c.virtual8086() && c.ioLevel() < 3) {
      throw c.fault(X64Vector.GP, 0);
    }
  }

  private static void popf(X64Core c, long[] r, int size) {
    flagsOf8086(c);
    long value = X64Stack.pop(c, r, size);
    int mask = X64Flags.ARITHMETIC | X64Flags.TF | X64Flags.DF | X64Flags.NT;
    if (size != 2) {
      mask |= X64Flags.AC | X64Flags.ID | X64Flags.RF;
      value &= ~X64Flags.RF;
    }
    if (c.real() || c.cpl <= c.ioLevel()) {
      mask |= X64Flags.IF;
    }
    if (c.cpl == 0) {
      mask |= X64Flags.IOPL;
    }
    c.setFlags(value, mask);
  }

  // ---- Ports

  static Action in(X64Place to, X64Place port, int bits) {
    int bytes = bits >> 3;
    return (c, r) -> {
      int number = (int) port.load(c, r) & 0xFFFF;
      c.ports.check(number, bytes);
      to.store(c, r, c.ports.in(number, bytes));
    };
  }

  static Action out(X64Place from, X64Place port, int bits) {
    int bytes = bits >> 3;
    return (c, r) -> {
      int number = (int) port.load(c, r) & 0xFFFF;
      c.ports.check(number, bytes);
      c.ports.out(number, bytes, from.load(c, r));
    };
  }
}
