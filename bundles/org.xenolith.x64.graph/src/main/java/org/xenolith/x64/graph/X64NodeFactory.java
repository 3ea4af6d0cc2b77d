// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.util.List;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Trait;

/** Makes the node of a decoded instruction. */
final class X64NodeFactory {
  private static final List<String> CONDITIONS = List.of("o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le",
      "g");

  private final X64Interpreter engine;
  private final X87NodeFactory x87 = new X87NodeFactory();
  private final SseNodeFactory sse = new SseNodeFactory();

  X64NodeFactory(X64Interpreter engine) {
    this.engine = engine;
  }

  /** The node of an instruction that begins at an offset of a page. */
  X64Node create(X64CodePage page, X64Instruction insn, int offset) {
    int end = offset + insn.length();
    X64Operands operands = new X64Operands(insn, page.flat, end);
    X64Node node = insn.insn().is(X64Trait.SSE_STATE) || insn.insn().is(X64Trait.MMX_STATE) || insn.insn().is(X64Trait.X87) ? floating(
        operands)
        : integer(operands);
    if (node == null) {
      node = transfer(page, operands, end);
    }
    if (node == null) {
      node = system(operands);
    }
    if (node == null) {
      // In the table, but for no feature that this CPU announces.
      node = new X64SystemNodes.Plain(false, (c, r) -> {
        throw c.fault(X64Vector.UD);
      });
    }
    return node;
  }

  private X64Node floating(X64Operands operands) {
    return switch (operands.insn().insn().mnemonic()) {
      case "fxsave", "fxrstor", "xsave", "xsaveopt", "xsavec", "xrstor" -> new X64StateNodes(operands);
      default -> operands.insn().insn().is(X64Trait.X87) || operands.insn().insn().mnemonic().equals("emms") ? x87.create(operands) : sse
          .create(operands);
    };
  }

  private static X64Node integer(X64Operands operands) {
    X64Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    return switch (mnemonic) {
      case "add" -> X64AluNodes.create(X64Arithmetic.ADD, operands);
      case "or" -> X64AluNodes.create(X64Arithmetic.OR, operands);
      case "adc" -> X64AluNodes.create(X64Arithmetic.ADC, operands);
      case "sbb" -> X64AluNodes.create(X64Arithmetic.SBB, operands);
      case "and" -> X64AluNodes.create(X64Arithmetic.AND, operands);
      case "sub" -> X64AluNodes.create(X64Arithmetic.SUB, operands);
      case "xor" -> X64AluNodes.create(X64Arithmetic.XOR, operands);
      case "cmp" -> X64AluNodes.create(X64Arithmetic.CMP, operands);
      case "test" -> X64AluNodes.create(X64Arithmetic.TEST, operands);
      case "inc" -> new X64AluNodes.Single(X64AluNodes.INC, operands);
      case "dec" -> new X64AluNodes.Single(X64AluNodes.DEC, operands);
      case "neg" -> new X64AluNodes.Single(X64AluNodes.NEG, operands);
      case "not" -> new X64AluNodes.Single(X64AluNodes.NOT, operands);
      case "rol" -> new X64ShiftNodes.Shift(X64Shifts.ROL, operands);
      case "ror" -> new X64ShiftNodes.Shift(X64Shifts.ROR, operands);
      case "rcl" -> new X64ShiftNodes.Shift(X64Shifts.RCL, operands);
      case "rcr" -> new X64ShiftNodes.Shift(X64Shifts.RCR, operands);
      case "shl" -> new X64ShiftNodes.Shift(X64Shifts.SHL, operands);
      case "shr" -> new X64ShiftNodes.Shift(X64Shifts.SHR, operands);
      case "sar" -> new X64ShiftNodes.Shift(X64Shifts.SAR, operands);
      case "shld" -> new X64ShiftNodes.Double(true, operands);
      case "shrd" -> new X64ShiftNodes.Double(false, operands);
      case "mul" -> new X64MultiplyNodes.Wide(false, operands);
      case "imul" -> insn.insn().operands().size() == 1 ? new X64MultiplyNodes.Wide(true, operands) : new X64MultiplyNodes.Narrow(operands);
      case "div" -> new X64MultiplyNodes.Divide(false, operands);
      case "idiv" -> new X64MultiplyNodes.Divide(true, operands);
      case "bt" -> new X64BitNodes.Bit(X64BitNodes.BT, operands);
      case "bts" -> new X64BitNodes.Bit(X64BitNodes.BTS, operands);
      case "btr" -> new X64BitNodes.Bit(X64BitNodes.BTR, operands);
      case "btc" -> new X64BitNodes.Bit(X64BitNodes.BTC, operands);
      case "bsf" -> new X64BitNodes.Count(X64BitNodes.BSF, operands);
      case "bsr" -> new X64BitNodes.Count(X64BitNodes.BSR, operands);
      case "tzcnt" -> new X64BitNodes.Count(X64BitNodes.TZCNT, operands);
      case "lzcnt" -> new X64BitNodes.Count(X64BitNodes.LZCNT, operands);
      case "popcnt" -> new X64BitNodes.Count(X64BitNodes.POPCNT, operands);
      case "bswap" -> new X64BitNodes.Swap(operands);
      case "movbe" -> new X64BitNodes.MoveSwapped(operands);
      case "crc32" -> new X64BitNodes.Checksum(operands);
      case "adcx" -> new X64BitNodes.AddCarry(false, operands);
      case "adox" -> new X64BitNodes.AddCarry(true, operands);
      case "daa", "das", "aaa", "aas", "aam", "aad" -> new X64DecimalNodes(mnemonic, insn.imm());
      default -> moves(operands, mnemonic);
    };
  }

  private static X64Node moves(X64Operands operands, String mnemonic) {
    X64Instruction insn = operands.insn();
    return switch (mnemonic) {
      case "mov" -> move(operands);
      case "movzx", "movnti" -> new X64MoveNodes.Move(operands.place(0), operands.place(1));
      case "movsx", "movsxd" -> new X64MoveNodes.Extend(operands);
      case "lea" -> new X64MoveNodes.Lea(operands);
      case "xchg" -> new X64MoveNodes.Exchange(operands);
      case "xadd" -> new X64MoveNodes.ExchangeAdd(operands);
      case "cmpxchg" -> new X64MoveNodes.CompareExchange(operands);
      case "cmpxchg8b" -> new X64MoveNodes.CompareExchangePair(operands);
      case "cbw" -> new X64MoveNodes.Convert(false, operands);
      case "cwd" -> new X64MoveNodes.Convert(true, operands);
      case "xlat" -> new X64MoveNodes.Translate(operands.at(X64State.RBX, X64Address.segment(insn, X64State.DS)));
      case "nop", "pause", "endbr32", "endbr64", "prefetch", "prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2", "prefetchw",
          "prefetchwt1", "lfence",
          "mfence", "sfence" -> new Nothing();
      case "clflush", "clflushopt", "clwb" -> new Touch(operands.address());
      case "movs" -> new X64StringNodes.Move(operands, operands.operand(0).bytes(insn.operandSize()));
      case "stos" -> new X64StringNodes.Store(operands, operands.operand(0).bytes(insn.operandSize()));
      case "lods" -> new X64StringNodes.Load(operands, operands.operand(1).bytes(insn.operandSize()));
      case "cmps" -> new X64StringNodes.Compare(operands, operands.operand(0).bytes(insn.operandSize()));
      case "scas" -> new X64StringNodes.Scan(operands, operands.operand(1).bytes(insn.operandSize()));
      case "ins" -> new X64StringNodes.Input(operands, operands.operand(0).bytes(insn.operandSize()));
      case "outs" -> new X64StringNodes.Output(operands, operands.operand(1).bytes(insn.operandSize()));
      default -> conditional(operands, mnemonic);
    };
  }

  private static X64Node move(X64Operands operands) {
    boolean special = switch (operands.operand(0).kind()) {
      case S, C, D -> true;
      default -> switch (operands.operand(1).kind()) {
        case S, C, D -> true;
        default -> false;
      };
    };
    return special ? null : X64MoveNodes.move(operands);
  }

  private static X64Node conditional(X64Operands operands, String mnemonic) {
    if (mnemonic.startsWith("set")) {
      return new X64MoveNodes.Set(CONDITIONS.indexOf(mnemonic.substring(3)), operands);
    }
    if (mnemonic.startsWith("cmov")) {
      return new X64MoveNodes.ConditionalMove(CONDITIONS.indexOf(mnemonic.substring(4)), operands);
    }
    return null;
  }

  private X64Node transfer(X64CodePage page, X64Operands operands, int end) {
    X64Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    int size = insn.operandSize() >> 3;
    X64BranchNodes branches = new X64BranchNodes(engine, page, operands, end);
    int release = (int) insn.imm() & 0xFFFF;
    boolean far = !insn.insn().operands().isEmpty() && operands.operand(0).size().equals("p");
    return switch (mnemonic) {
      case "jmp", "call" -> far ? far(operands, mnemonic.equals("call"), size) : near(branches, operands, mnemonic.equals("call"));
      case "ret" -> branches.ret(release);
      case "retf" -> transfer((c, r) -> c.transfers.ret(size, release));
      case "loop" -> branches.count(X64BranchNodes.LOOP);
      case "loope" -> branches.count(X64BranchNodes.LOOPE);
      case "loopne" -> branches.count(X64BranchNodes.LOOPNE);
      case "jcxz" -> branches.count(X64BranchNodes.JCXZ);
      case "iretw" -> transfer((c, r) -> c.transfers.interruptReturn(size));
      case "syscall" -> transfer((c, r) -> c.transfers.systemCall());
      case "sysret" -> transfer((c, r) -> c.transfers.systemReturn(size == 8));
      case "sysenter" -> transfer((c, r) -> c.transfers.fastEnter());
      case "sysexit" -> transfer((c, r) -> c.transfers.fastExit(size == 8));
      case "int" -> called((int) insn.imm() & 0xFF);
      case "int3" -> interrupt(X64Vector.BP);
      case "into" -> transfer((c, r) -> {
        if (c.overflow()) {
          c.events.software(X64Vector.OF);
        }
      });
      case "int1" -> transfer((c, r) -> c.events.debugTrap());
      default -> mnemonic.startsWith("j") ? branches.conditional(CONDITIONS.indexOf(mnemonic.substring(1))) : null;
    };
  }

  private X64Node called(int vector) {
    return transfer((c, r) -> c.events.called(vector));
  }

  private X64Node interrupt(int vector) {
    return transfer((c, r) -> c.events.software(vector));
  }

  private X64Node transfer(X64SystemNodes.Action action) {
    return new X64SystemNodes.Transfer(engine, action);
  }

  private static X64Node near(X64BranchNodes branches, X64Operands operands, boolean call) {
    if (operands.operand(0).kind() == org.xenolith.x64.isa.X64Operand.Kind.J) {
      return call ? branches.call() : branches.jump();
    }
    return branches.indirect(call);
  }

  private X64Node far(X64Operands operands, boolean call, int size) {
    X64Instruction insn = operands.insn();
    if (!insn.memory()) {
      int selector = insn.imm2() & 0xFFFF;
      long offset = insn.imm();
      return transfer((c, r) -> transfer(c, call, selector, offset, size));
    }
    X64Address address = operands.address();
    return transfer((c, r) -> {
      long offset = X64StringNodes.load(c, address.of(c, r, size, false), size);
      int selector = (int) c.load16(address.behind(c, r, size, 2, false));
      transfer(c, call, selector, offset, size);
    });
  }

  private static void transfer(X64Core c, boolean call, int selector, long offset, int size) {
    if (call) {
      c.transfers.call(selector, offset, size);
    } else {
      c.transfers.jump(selector, offset);
    }
  }

  private static X64Node system(X64Operands operands) {
    X64Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    int size = insn.operandSize() >> 3;
    X64Node stack = stack(operands, mnemonic, size);
    if (stack != null) {
      return stack;
    }
    X64SystemNodes.Action action = switch (mnemonic) {
      case "mov" -> special(operands);
      case "in" -> X64SystemNodes.in(operands.place(0), port(operands, 1), operands.bits(0));
      case "out" -> X64SystemNodes.out(operands.place(1), port(operands, 0), operands.bits(1));
      case "les" -> X64SystemNodes.loadFar(operands, X64State.ES);
      case "lds" -> X64SystemNodes.loadFar(operands, X64State.DS);
      case "lss" -> X64SystemNodes.loadFar(operands, X64State.SS);
      case "lfs" -> X64SystemNodes.loadFar(operands, X64State.FS);
      case "lgs" -> X64SystemNodes.loadFar(operands, X64State.GS);
      case "bound" -> X64SystemNodes.bound(operands);
      default -> {
        X64SystemNodes.Action flags = X64SystemNodes.flags(mnemonic, size);
        yield flags != null ? flags : X64SystemNodes.action(operands);
      }
    };
    return action == null ? null : new X64SystemNodes.Plain(insn.insn().is(X64Trait.PRIVILEGED), action);
  }

  private static X64Place port(X64Operands operands, int number) {
    return operands.operand(number).kind() == org.xenolith.x64.isa.X64Operand.Kind.I ? new X64Place.Immediate(operands.insn().imm(), 8)
        : operands.place(number);
  }

  private static X64Node stack(X64Operands operands, String mnemonic, int size) {
    int segment = operands.insn().insn().operands().isEmpty() ? -1 : segment(operands.operand(0).name());
    return switch (mnemonic) {
      case "push" -> segment >= 0 ? new X64StackNodes.PushSegment(segment, size) : X64StackNodes.push(operands);
      case "pop" -> segment >= 0 ? new X64StackNodes.PopSegment(segment, size) : X64StackNodes.pop(operands);
      case "pusha" -> new X64StackNodes.All(true, size);
      case "popa" -> new X64StackNodes.All(false, size);
      case "leave" -> new X64StackNodes.Leave(size);
      case "enter" -> new X64StackNodes.Enter(operands);
      default -> null;
    };
  }

  private static int segment(String name) {
    return List.of("ES", "CS", "SS", "DS", "FS", "GS").indexOf(name);
  }

  private static X64SystemNodes.Action special(X64Operands operands) {
    return switch (operands.operand(0).kind()) {
      case S -> X64SystemNodes.loadSegment(operands);
      case C -> X64SystemNodes.moveControl(operands, false, true);
      case D -> X64SystemNodes.moveControl(operands, true, true);
      default -> switch (operands.operand(1).kind()) {
        case S -> X64SystemNodes.storeSegment(operands);
        case C -> X64SystemNodes.moveControl(operands, false, false);
        default -> X64SystemNodes.moveControl(operands, true, false);
      };
    };
  }

  /** NOP, and what is only a hint or orders accesses that are in order. */
  private static final class Nothing extends X64Node {
    @Override
    public X64Node exec(X64Core c, long[] r) {
      return next;
    }
  }

  /** CLFLUSH and its kin: there are no caches, but the address is translated as for a load. */
  private static final class Touch extends X64Node {
    private final X64Address address;

    Touch(X64Address address) {
      this.address = address;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      c.mmu.physical(address.of(c, r, 1, false), false);
      return next;
    }

    @Override
    public boolean usesStack() {
      return address.stack();
    }
  }
}
