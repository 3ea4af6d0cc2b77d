// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.RandomInstructions;
import org.xenolith.x64.isa.Trait;

/**
 * Makes random sequences of instructions whose outcome the manual defines: what an instruction needs to have one is put before it (a count, the places of strings), and what
 * it leaves undefined in the flags is overwritten behind it, or masked at the sequence's end.
 */
public final class X64SequenceMaker {
  private static final int LONGEST = 16;
  /** What a request has room for. */
  private static final int MOST_BYTES = 256;
  /** Beyond what single cases leave out: results that differ in rare cases, or conditions that go on to where nobody masks them. */
  private static final Set<String> LEFT_OUT = Set.of("fprem", "fprem1", "fnstsw", "fstsw", "bswap");
  private static final int CONDITIONS = 0x4700;

  /** Which state the instructions of a sequence have, besides general registers. */
  private enum Kind {
    INTEGER, SSE, X87, MMX
  }

  private final SplittableRandom random;
  private final Decoder decoder = new Decoder(CpuModel.BASELINE.features());
  private final RandomInstructions encodings;
  private final List<List<Insn>> forms;
  private final Instruction decoded = new Instruction();
  /** Flags that are undefined behind what was made last. */
  private int undefined;

  /** @param seed from which all follows */
  public X64SequenceMaker(long seed) {
    random = new SplittableRandom(seed);
    encodings = new RandomInstructions(seed, decoder, DecodeMode.LONG_64, new RandomInstructions.Limits(0xFFCF, 0xFFFF, 5, -64, 64, 0));
    forms = Stream.of(Kind.values()).map(kind -> Stream.of(Insn.values()).filter(insn -> X64ComparableForms.comparable(insn) && !LEFT_OUT
        .contains(insn.mnemonic()) && kind(insn) == kind).toList()).toList();
  }

  private static Kind kind(Insn insn) {
    return insn.is(Trait.SSE_STATE) ? Kind.SSE : insn.is(Trait.MMX_STATE) ? Kind.MMX : insn.is(Trait.X87) ? Kind.X87
        : Kind.INTEGER;
  }

  /** The next sequence. */
  public X64Case next() {
    for (;;) {
      X64Case one = attempt();
      if (one.code.length <= MOST_BYTES) {
        return one;
      }
    }
  }

  private X64Case attempt() {
    Kind kind = random.nextBoolean() ? Kind.INTEGER : Kind.values()[1 + random.nextInt(3)];
    int count = 1 + random.nextInt(LONGEST);
    List<byte[]> units = new ArrayList<>();
    int flags = 0;
    int conditions = 0;
    Insn last = Insn.NOP;
    while (units.size() < count) {
      List<Insn> some = forms.get(random.nextInt(3) == 0 ? 0 : kind.ordinal());
      Insn insn = some.get(random.nextInt(some.size()));
      byte[] unit = unit(insn);
      if (unit == null) {
        continue;
      }
      conditions = (conditions | insn.conditionsUndefined()) & CONDITIONS;
      if (undefined != 0 && units.size() + 1 < count) {
        unit = joined(unit, compare());
      } else {
        flags |= undefined;
      }
      units.add(unit);
      last = insn;
    }
    return new X64Case(code(units), random.nextInt(), last, kind == Kind.INTEGER, flags, conditions);
  }

  /** The units one behind the other, with branches forward from one to another now and then. */
  private byte[] code(List<byte[]> units) {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    for (int i = 0; i < units.size(); i++) {
      if (random.nextInt(6) == 0) {
        int to = i + 1 + random.nextInt(units.size() - i);
        int distance = units.subList(i, to).stream().mapToInt(unit -> unit.length).sum();
        if (distance <= Byte.MAX_VALUE) {
          // A branch within what is jumped over would change the distance: there is none, as it is part of no unit.
          code.write(0x70 | random.nextInt(16));
          code.write(distance);
          for (; i < to; i++) {
            code.writeBytes(units.get(i));
          }
          i--;
          continue;
        }
      }
      code.writeBytes(units.get(i));
    }
    return code.toByteArray();
  }

  /** An instruction with what it needs before it; null if it is none to compare. */
  private byte @Nullable [] unit(Insn insn) {
    byte[] one = encodings.next(insn, random.nextInt(4) != 0);
    if (one == null || X64ComparableForms.moved(decoder, insn, one)) {
      return null;
    }
    decoder.decode(one, 0, one.length, DecodeMode.LONG_64, decoded);
    int count = random.nextInt(256);
    byte[] before = new byte[0];
    boolean scans = insn.mnemonic().equals("bsf") || insn.mnemonic().equals("bsr");
    if (insn.is(Trait.SHIFT)) {
      count = switch (insn.operands().getLast().name()) {
        case "Ib" -> (int) decoded.imm();
        case "1" -> 1;
        default -> count;
      };
      before = new byte[] {(byte) 0xB1, (byte) count};
      if (insn.operands().size() == 3 && insn.undefinedResult(decoded, count)) {
        return null;
      }
    } else if (scans) {
      if (decoded.memory()) {
        return null;
      }
      before = move(decoded.rm(), 1 << random.nextInt(8, 15));
    } else if (insn.is(Trait.BIT_STRING) && decoded.memory()) {
      before = move(decoded.reg(), random.nextInt(2048) - 1024);
    } else if (insn.is(Trait.STRING)) {
      before = joined(move(6, (int) X64TestMachine.DATA + 1024), joined(move(7, (int) X64TestMachine.DATA + 1536 + random.nextInt(8)),
          move(1, random.nextInt(40))));
    } else if (insn.mnemonic().equals("ldmxcsr")) {
      before = reserved((int) decoded.displacement());
    } else if (insn.mnemonic().startsWith("maskmov")) {
      before = move(7, (int) X64TestMachine.DATA + 512);
    }
    undefined = insn.undefinedFlags(decoded, count);
    return joined(before, one);
  }

  /** MOV of a constant, sign-extended, to a general register. */
  private static byte[] move(int register, int value) {
    return new byte[] {(byte) (0x48 | register >> 3), (byte) 0xC7, (byte) (0xC0 | register & 7), (byte) value, (byte) (value >> 8),
        (byte) (value
            >> 16), (byte) (value >> 24)};
  }

  /** AND of a word in memory with what MXCSR has at least: processors of AMD's have bit 17, too. */
  private static byte[] reserved(int displacement) {
    return new byte[] {(byte) 0x81, (byte) 0xA5, (byte) displacement, (byte) (displacement >> 8), (byte) (displacement >> 16),
        (byte) (displacement
            >> 24), -1, -1, 0, 0};
  }

  /** CMP of two general registers, which defines all flags. */
  private byte[] compare() {
    return new byte[] {0x48, 0x39, (byte) (0xC0 | random.nextInt(64))};
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
