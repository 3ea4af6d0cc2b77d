// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Trait;

/** Makes the node of a decoded instruction. */
final class NodeFactory {
  private static final List<String> CONDITIONS = List.of("o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le",
      "g");

  private final Interpreter engine;
  private final X87NodeFactory x87 = new X87NodeFactory();
  private final SseNodeFactory sse = new SseNodeFactory();

  NodeFactory(Interpreter engine) {
    this.engine = engine;
  }

  /** The node of an instruction that begins at an offset of a page. */
  Node create(CodePage page, Instruction insn, int offset) {
    int end = offset + insn.length();
    IntegerOperands operands = new IntegerOperands(insn, page.flat, end);
    Node node = insn.insn().is(Trait.SSE_STATE) || insn.insn().is(Trait.MMX_STATE) || insn.insn().is(Trait.X87) ? floating(
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
      node = new SystemNodes.Plain(false, (c, r) -> {
        throw c.fault(ExceptionVector.UD);
      });
    }
    return node;
  }

  private Node floating(IntegerOperands operands) {
    return switch (operands.insn().insn().mnemonic()) {
      case "fxsave", "fxrstor", "xsave", "xsaveopt", "xsavec", "xrstor" -> new StateNodes(operands);
      default -> operands.insn().insn().is(Trait.X87) || operands.insn().insn().mnemonic().equals("emms") ? x87.create(operands) : sse
          .create(operands);
    };
  }

  private static Node integer(IntegerOperands operands) {
    Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    return switch (mnemonic) {
      case "add" -> AluNodes.create(Arithmetic.ADD, operands);
      case "or" -> AluNodes.create(Arithmetic.OR, operands);
      case "adc" -> AluNodes.create(Arithmetic.ADC, operands);
      case "sbb" -> AluNodes.create(Arithmetic.SBB, operands);
      case "and" -> AluNodes.create(Arithmetic.AND, operands);
      case "sub" -> AluNodes.create(Arithmetic.SUB, operands);
      case "xor" -> AluNodes.create(Arithmetic.XOR, operands);
      case "cmp" -> AluNodes.create(Arithmetic.CMP, operands);
      case "test" -> AluNodes.create(Arithmetic.TEST, operands);
      case "inc" -> new AluNodes.Single(AluNodes.INC, operands);
      case "dec" -> new AluNodes.Single(AluNodes.DEC, operands);
      case "neg" -> new AluNodes.Single(AluNodes.NEG, operands);
      case "not" -> new AluNodes.Single(AluNodes.NOT, operands);
      case "rol" -> new ShiftNodes.Shift(Shifts.ROL, operands);
      case "ror" -> new ShiftNodes.Shift(Shifts.ROR, operands);
      case "rcl" -> new ShiftNodes.Shift(Shifts.RCL, operands);
      case "rcr" -> new ShiftNodes.Shift(Shifts.RCR, operands);
      case "shl" -> new ShiftNodes.Shift(Shifts.SHL, operands);
      case "shr" -> new ShiftNodes.Shift(Shifts.SHR, operands);
      case "sar" -> new ShiftNodes.Shift(Shifts.SAR, operands);
      case "shld" -> new ShiftNodes.Double(true, operands);
      case "shrd" -> new ShiftNodes.Double(false, operands);
      case "mul" -> new MultiplyNodes.Wide(false, operands);
      case "imul" -> insn.insn().operands().size() == 1 ? new MultiplyNodes.Wide(true, operands) : new MultiplyNodes.Narrow(operands);
      case "div" -> new MultiplyNodes.Divide(false, operands);
      case "idiv" -> new MultiplyNodes.Divide(true, operands);
      case "bt" -> new BitNodes.Bit(BitNodes.BT, operands);
      case "bts" -> new BitNodes.Bit(BitNodes.BTS, operands);
      case "btr" -> new BitNodes.Bit(BitNodes.BTR, operands);
      case "btc" -> new BitNodes.Bit(BitNodes.BTC, operands);
      case "bsf" -> new BitNodes.Count(BitNodes.BSF, operands);
      case "bsr" -> new BitNodes.Count(BitNodes.BSR, operands);
      case "tzcnt" -> new BitNodes.Count(BitNodes.TZCNT, operands);
      case "lzcnt" -> new BitNodes.Count(BitNodes.LZCNT, operands);
      case "popcnt" -> new BitNodes.Count(BitNodes.POPCNT, operands);
      case "bswap" -> new BitNodes.Swap(operands);
      case "movbe" -> new BitNodes.MoveSwapped(operands);
      case "crc32" -> new BitNodes.Checksum(operands);
      case "adcx" -> new BitNodes.AddCarry(false, operands);
      case "adox" -> new BitNodes.AddCarry(true, operands);
      case "daa", "das", "aaa", "aas", "aam", "aad" -> new DecimalNodes(mnemonic, insn.imm());
      default -> moves(operands, mnemonic);
    };
  }

  private static Node moves(IntegerOperands operands, String mnemonic) {
    Instruction insn = operands.insn();
    return switch (mnemonic) {
      case "mov" -> move(operands);
      case "movzx", "movnti" -> new MoveNodes.Move(operands.place(0), operands.place(1));
      case "movsx", "movsxd" -> new MoveNodes.Extend(operands);
      case "lea" -> new MoveNodes.Lea(operands);
      case "xchg" -> new MoveNodes.Exchange(operands);
      case "xadd" -> new MoveNodes.ExchangeAdd(operands);
      case "cmpxchg" -> new MoveNodes.CompareExchange(operands);
      case "cmpxchg8b" -> new MoveNodes.CompareExchangePair(operands);
      case "cbw" -> new MoveNodes.Convert(false, operands);
      case "cwd" -> new MoveNodes.Convert(true, operands);
      case "xlat" -> new MoveNodes.Translate(operands.at(CpuState.RBX, OperandAddress.segment(insn, CpuState.DS)));
      case "nop", "pause", "endbr32", "endbr64", "prefetch", "prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2", "prefetchw",
          "prefetchwt1", "lfence",
          "mfence", "sfence" -> new Nothing();
      case "clflush", "clflushopt", "clwb" -> new Touch(operands.address());
      case "movs" -> new StringNodes.Move(operands, operands.operand(0).bytes(insn.operandSize()));
      case "stos" -> new StringNodes.Store(operands, operands.operand(0).bytes(insn.operandSize()));
      case "lods" -> new StringNodes.Load(operands, operands.operand(1).bytes(insn.operandSize()));
      case "cmps" -> new StringNodes.Compare(operands, operands.operand(0).bytes(insn.operandSize()));
      case "scas" -> new StringNodes.Scan(operands, operands.operand(1).bytes(insn.operandSize()));
      case "ins" -> new StringNodes.Input(operands, operands.operand(0).bytes(insn.operandSize()));
      case "outs" -> new StringNodes.Output(operands, operands.operand(1).bytes(insn.operandSize()));
      default -> conditional(operands, mnemonic);
    };
  }

  private static @Nullable Node move(IntegerOperands operands) {
    boolean special = switch (operands.operand(0).kind()) {
      case S, C, D -> true;
      default -> switch (operands.operand(1).kind()) {
        case S, C, D -> true;
        default -> false;
      };
    };
    return special ? null : MoveNodes.move(operands);
  }

  private static @Nullable Node conditional(IntegerOperands operands, String mnemonic) {
    if (mnemonic.startsWith("set")) {
      return new MoveNodes.Set(CONDITIONS.indexOf(mnemonic.substring(3)), operands);
    }
    if (mnemonic.startsWith("cmov")) {
      return new MoveNodes.ConditionalMove(CONDITIONS.indexOf(mnemonic.substring(4)), operands);
    }
    return null;
  }

  private @Nullable Node transfer(CodePage page, IntegerOperands operands, int end) {
    Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    int size = insn.operandSize() >> 3;
    BranchNodes branches = new BranchNodes(engine, page, operands, end);
    int release = (int) insn.imm() & 0xFFFF;
    boolean far = !insn.insn().operands().isEmpty() && operands.operand(0).size().equals("p");
    return switch (mnemonic) {
      case "jmp", "call" -> far ? far(operands, mnemonic.equals("call"), size) : near(branches, operands, mnemonic.equals("call"));
      case "ret" -> branches.ret(release);
      case "retf" -> transfer((c, r) -> c.transfers.ret(size, release));
      case "loop" -> branches.count(BranchNodes.LOOP);
      case "loope" -> branches.count(BranchNodes.LOOPE);
      case "loopne" -> branches.count(BranchNodes.LOOPNE);
      case "jcxz" -> branches.count(BranchNodes.JCXZ);
      case "iretw" -> transfer((c, r) -> c.transfers.interruptReturn(size));
      case "syscall" -> transfer((c, r) -> c.transfers.systemCall());
      case "sysret" -> transfer((c, r) -> c.transfers.systemReturn(size == 8));
      case "sysenter" -> transfer((c, r) -> c.transfers.fastEnter());
      case "sysexit" -> transfer((c, r) -> c.transfers.fastExit(size == 8));
      case "int" -> called((int) insn.imm() & 0xFF);
      case "int3" -> interrupt(ExceptionVector.BP);
      case "into" -> transfer((c, r) -> {
        if (c.overflow()) {
          c.events.software(ExceptionVector.OF);
        }
      });
      case "int1" -> transfer((c, r) -> c.events.debugTrap());
      default -> mnemonic.startsWith("j") ? branches.conditional(CONDITIONS.indexOf(mnemonic.substring(1))) : null;
    };
  }

  private Node called(int vector) {
    return transfer((c, r) -> c.events.called(vector));
  }

  private Node interrupt(int vector) {
    return transfer((c, r) -> c.events.software(vector));
  }

  private Node transfer(SystemNodes.Action action) {
    return new SystemNodes.Transfer(engine, action);
  }

  private static Node near(BranchNodes branches, IntegerOperands operands, boolean call) {
    if (operands.operand(0).kind() == org.xenolith.x64.isa.Operand.Kind.J) {
      return call ? branches.call() : branches.jump();
    }
    return branches.indirect(call);
  }

  private Node far(IntegerOperands operands, boolean call, int size) {
    Instruction insn = operands.insn();
    if (!insn.memory()) {
      int selector = insn.imm2() & 0xFFFF;
      long offset = insn.imm();
      return transfer((c, r) -> transfer(c, call, selector, offset, size));
    }
    OperandAddress address = operands.address();
    return transfer((c, r) -> {
      long offset = StringNodes.load(c, address.of(c, r, size, false), size);
      int selector = (int) c.load16(address.behind(c, r, size, 2, false));
      transfer(c, call, selector, offset, size);
    });
  }

  private static void transfer(Core c, boolean call, int selector, long offset, int size) {
    if (call) {
      c.transfers.call(selector, offset, size);
    } else {
      c.transfers.jump(selector, offset);
    }
  }

  private static @Nullable Node system(IntegerOperands operands) {
    Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    int size = insn.operandSize() >> 3;
    Node stack = stack(operands, mnemonic, size);
    if (stack != null) {
      return stack;
    }
    SystemNodes.Action action = switch (mnemonic) {
      case "mov" -> special(operands);
      case "in" -> SystemNodes.in(operands.place(0), port(operands, 1), operands.bits(0));
      case "out" -> SystemNodes.out(operands.place(1), port(operands, 0), operands.bits(1));
      case "les" -> SystemNodes.loadFar(operands, CpuState.ES);
      case "lds" -> SystemNodes.loadFar(operands, CpuState.DS);
      case "lss" -> SystemNodes.loadFar(operands, CpuState.SS);
      case "lfs" -> SystemNodes.loadFar(operands, CpuState.FS);
      case "lgs" -> SystemNodes.loadFar(operands, CpuState.GS);
      case "bound" -> SystemNodes.bound(operands);
      default -> {
        SystemNodes.Action flags = FlagNodes.flags(mnemonic, size);
        yield flags != null ? flags : SystemNodes.action(operands);
      }
    };
    return action == null ? null : new SystemNodes.Plain(insn.insn().is(Trait.PRIVILEGED), action);
  }

  private static OperandPlace port(IntegerOperands operands, int number) {
    return operands.operand(number).kind() == org.xenolith.x64.isa.Operand.Kind.I ? new OperandPlace.Immediate(operands.insn().imm(), 8)
        : operands.place(number);
  }

  private static @Nullable Node stack(IntegerOperands operands, String mnemonic, int size) {
    int segment = operands.insn().insn().operands().isEmpty() ? -1 : segment(operands.operand(0).name());
    return switch (mnemonic) {
      case "push" -> segment >= 0 ? new StackNodes.PushSegment(segment, size) : StackNodes.push(operands);
      case "pop" -> segment >= 0 ? new StackNodes.PopSegment(segment, size) : StackNodes.pop(operands);
      case "pusha" -> new StackNodes.All(true, size);
      case "popa" -> new StackNodes.All(false, size);
      case "leave" -> new StackNodes.Leave(size);
      case "enter" -> new StackNodes.Enter(operands);
      default -> null;
    };
  }

  private static int segment(String name) {
    return List.of("ES", "CS", "SS", "DS", "FS", "GS").indexOf(name);
  }

  private static SystemNodes.Action special(IntegerOperands operands) {
    return switch (operands.operand(0).kind()) {
      case S -> SystemNodes.loadSegment(operands);
      case C -> SystemNodes.moveControl(operands, false, true);
      case D -> SystemNodes.moveControl(operands, true, true);
      default -> switch (operands.operand(1).kind()) {
        case S -> SystemNodes.storeSegment(operands);
        case C -> SystemNodes.moveControl(operands, false, false);
        default -> SystemNodes.moveControl(operands, true, false);
      };
    };
  }

  /** NOP, and what is only a hint or orders accesses that are in order. */
  private static final class Nothing extends Node {
    @Override
    public Node exec(Core c, long[] r) {
      return next;
    }
  }

  /** CLFLUSH and its kin: there are no caches, but the address is translated as for a load. */
  private static final class Touch extends Node {
    private final OperandAddress address;

    Touch(OperandAddress address) {
      this.address = address;
    }

    @Override
    public Node exec(Core c, long[] r) {
      c.mmu.physical(address.of(c, r, 1, false), false);
      return next;
    }

    @Override
    public boolean usesStack() {
      return address.stack();
    }
  }
}
