// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.Optional;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;
import org.xenolith.x64.isa.Trait;

/** Where the operands of an instruction are that a processor is about to execute. Source: Intel SDM volume 1, 3.7; volume 2, 2.1 and appendix A.2. */
final class X64Operands {
  static final int WORD = 8;
  static final int VECTOR = 16;
  private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS"};

  final Core cpu;
  final Instruction insn;
  private final InspectedMemory memory;

  X64Operands(Core cpu, InspectedMemory memory, Instruction insn) {
    this.cpu = cpu;
    this.memory = memory;
    this.insn = insn;
  }

  static InRegister general(int number, int first, int bytes) {
    return new InRegister(X64Registers.GENERAL[number], first, bytes);
  }

  static InRegister vector(int number, int first, int bytes) {
    return new InRegister("XMM" + number, first, bytes);
  }

  static InRegister flags() {
    return new InRegister("RFLAGS", 0, WORD);
  }

  /** As an operand of some bytes names it: of one, 4 to 7 may be AH to BH. */
  private InRegister named(int number, int bytes) {
    return bytes == 1 && insn.highByte(number) ? general(number & 3, 1, 1) : general(number, 0, bytes);
  }

  /** An MMX register: the significand of the x87 one of that number, which is called by its distance from the top. */
  private InRegister media(int number) {
    return new InRegister("ST" + ((number & 7) - cpu.top & 7), 0, WORD);
  }

  /** Bytes of the operand size. */
  int size() {
    return insn.operandSize() / 8;
  }

  /** The operand; empty for an immediate, and for what isn't in memory or a register that has a name. */
  Optional<Place> place(int number) {
    return number < insn.insn().operands().size() ? Optional.ofNullable(of(insn.insn().operands().get(number))) : Optional.empty();
  }

  private int bytes(Operand operand, boolean inMemory) {
    return switch (operand.size()) {
      case "n" -> insn.mode() == DecodeMode.LONG_64 ? WORD : 4;
      case "vw" -> inMemory ? 2 : size();
      case "dw", "db" -> inMemory ? operand.bytes(insn.operandSize()) : 4;
      case "s" -> insn.mode() == DecodeMode.LONG_64 ? 10 : 6;
      case "f" -> 512;
      case "e" -> 108;
      default -> operand.bytes(insn.operandSize());
    };
  }

  private Place of(Operand operand) {
    boolean inMemory = operand.mayBeMemory() && insn.memory();
    int bytes = bytes(operand, inMemory);
    if (inMemory) {
      return new InMemory(address(), bytes);
    }
    return switch (operand.kind()) {
      case E, R -> named(insn.rm(), bytes);
      case G -> named(insn.reg(), bytes);
      case Z -> named(insn.opcodeRegister(), bytes);
      case V -> vector(insn.reg(), 0, Math.min(bytes, VECTOR));
      case W, U -> vector(insn.rm(), 0, Math.min(bytes, VECTOR));
      case P -> media(insn.reg());
      case Q, N -> media(insn.rm());
      case C -> new InRegister("CR" + insn.reg(), 0, WORD);
      case D -> new InRegister("DR" + insn.reg(), 0, WORD);
      case S -> new InRegister(SEGMENTS[(insn.reg() & 7) % SEGMENTS.length], 0, 2);
      case X -> new InMemory(linear(insn.segment() >= 0 ? insn.segment() : CpuState.DS, counter(CpuState.RSI)), bytes);
      case Y -> new InMemory(linear(CpuState.ES, counter(CpuState.RDI)), bytes);
      case O -> new InMemory(linear(insn.segment() >= 0 ? insn.segment() : CpuState.DS, insn.displacement()), bytes);
      case STI -> new InRegister("ST" + (insn.rm() & 7), 0, 10);
      case FIXED -> fixed(operand.name());
      default -> null;
    };
  }

  private Place fixed(String name) {
    return switch (name) {
      case "AL" -> general(CpuState.RAX, 0, 1);
      case "AX" -> general(CpuState.RAX, 0, 2);
      case "CL" -> general(CpuState.RCX, 0, 1);
      case "DX" -> general(CpuState.RDX, 0, 2);
      case "rAX" -> general(CpuState.RAX, 0, size());
      case "zAX" -> general(CpuState.RAX, 0, Math.min(size(), 4));
      case "ST0" -> new InRegister("ST0", 0, 10);
      case "XMM0" -> vector(0, 0, VECTOR);
      case "1" -> null;
      default -> new InRegister(name, 0, 2);
    };
  }

  /** As many of a register's bits as the address size has. */
  long counter(int register) {
    return cpu.r[register] & addresses();
  }

  private long addresses() {
    return insn.addressSize() == 64 ? -1L : insn.addressSize() == 32 ? 0xFFFF_FFFFL : 0xFFFF;
  }

  private long linear(int segment, long offset) {
    boolean counts = cpu.mode != DecodeMode.LONG_64 || segment == CpuState.FS || segment == CpuState.GS;
    return cpu.wide((counts ? cpu.base[segment] : 0) + (cpu.mode == DecodeMode.LONG_64 ? offset : offset & 0xFFFF_FFFFL));
  }

  /** Linear address of the memory operand; {@link Instruction#memory} says whether there is one. */
  long address() {
    return address(0);
  }

  /** The same with RSP moved: POP has the address of what it writes behind it. */
  long address(int popped) {
    boolean stack = insn.base() == CpuState.RSP || insn.base() == CpuState.RBP;
    long offset = insn.displacement();
    if (insn.ripRelative()) {
      offset += cpu.pc + insn.length();
    }
    if (insn.base() >= 0) {
      offset += cpu.r[insn.base()] + (insn.base() == CpuState.RSP ? popped : 0);
    }
    if (insn.index() >= 0) {
      offset += cpu.r[insn.index()] << insn.scale();
    }
    if (insn.insn().is(Trait.BIT_STRING)) {
      offset += bits() / insn.operandSize() * size();
    }
    return linear(insn.segment() >= 0 ? insn.segment() : stack ? CpuState.SS : CpuState.DS, offset & addresses());
  }

  /** The bit that BT and the like address, as a multiple of the operand size below it. */
  private long bits() {
    long bit = cpu.r[insn.reg()];
    long signed = insn.operandSize() == 64 ? bit : insn.operandSize() == 32 ? (int) bit : (short) bit;
    return signed & -insn.operandSize();
  }

  /** What a place holds, of 8 bytes at most; empty if it isn't mapped. */
  Optional<Long> value(Place place) {
    return switch (place) {
      case InRegister in -> Optional.of(X64Registers.generalNumber(in.name()) < 0 ? 0
          : cpu.r[X64Registers.generalNumber(in.name())] >>> 8 * in.first() & mask(in.bytes()));
      case InMemory in -> memory.read(in.address(), in.bytes()).map(bytes -> {
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
          value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
      });
      default -> Optional.empty();
    };
  }

  static long mask(int bytes) {
    return bytes >= WORD ? -1L : (1L << 8 * bytes) - 1;
  }
}
