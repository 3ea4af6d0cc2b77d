// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.fp.Fpcr;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Feature;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.a64.isa.RandomInstructions;

/**
 * Makes random sequences for EL0. X26 is a small index, X27 an aligned base that nothing moves, X28 and SP bases that write-back
 * may move; nothing else touches them. What a sequence contains depends on its seed only.
 */
final class SequenceGenerator {
  private static final int LENGTH = 10;
  private static final int INDEX = 26;
  private static final int FIXED_BASE = 27;
  private static final int BASE = 28;
  private static final int GENERAL = ~(1 << INDEX | 1 << FIXED_BASE | 1 << BASE);
  private static final int NEAR = 48;
  private static final int FAR = 430;
  private static final Set<Feature> FEATURES = EnumSet.of(Feature.BASE, Feature.FP, Feature.ASIMD, Feature.CRC32, Feature.AES,
      Feature.PMULL, Feature.SHA1, Feature.SHA2, Feature.LSE);
  private static final Set<Insn> NOT_HERE = EnumSet.of(Insn.BR, Insn.BLR, Insn.RET, Insn.ERET, Insn.DRPS, Insn.STXR, Insn.STLXR,
      Insn.STXP, Insn.STLXP);
  /** A second one would move the monitor to another size. */
  private static final Set<Insn> EXCLUSIVE_LOADS = EnumSet.of(Insn.LDXR, Insn.LDAXR, Insn.LDXP, Insn.LDAXP);
  private static final int FPCR_BITS = Fpcr.RMODE | Fpcr.FZ | Fpcr.DN | Fpcr.AHP;
  private static final String[] SYSTEM = {"mrs x%d, nzcv", "msr nzcv, x%d", "mrs x%d, fpcr", "mrs x%d, fpsr", "dsb sy", "dmb ish",
      "isb", "clrex", "hint #0x0"};

  /** A source that can be set anew without making the generators again. */
  private static final class Source implements RandomGenerator {
    private SplittableRandom random = new SplittableRandom(0);

    @Override
    public long nextLong() {
      return random.nextLong();
    }
  }

  private final Source random = new Source();
  private final Values values = new Values(random);
  private final RandomInstructions near = new RandomInstructions(random).generalRegisters(GENERAL).stackPointer(false)
      .memory(BASE, NEAR, NEAR, INDEX).targets(1, 4);
  private final RandomInstructions far = new RandomInstructions(random).generalRegisters(GENERAL).stackPointer(false)
      .memory(BASE, FAR, FAR, INDEX).targets(1, 4);
  private final RandomInstructions fixed = new RandomInstructions(random).generalRegisters(GENERAL).stackPointer(false)
      .memory(FIXED_BASE, 0, 1, INDEX);
  private final RandomInstructions stack = new RandomInstructions(random).generalRegisters(GENERAL).stackPointer(false)
      .memory(31, NEAR, NEAR, INDEX);
  private final InsnGroup group;
  private final List<Insn> straight;
  private final List<Insn> branching;

  /** @param group a group to choose forms from, or null for all */
  SequenceGenerator(InsnGroup group) {
    this.group = group;
    branching = RandomInstructions.forms(insn -> (group == null || insn.group() == group) && allowed(insn));
    straight = branching.stream().filter(insn -> insn.group() != InsnGroup.BRANCH).toList();
  }

  private static boolean allowed(Insn insn) {
    return FEATURES.contains(insn.feature()) && insn.group() != InsnGroup.SYSTEM && insn.group() != InsnGroup.EXCEPTION
        && !NOT_HERE.contains(insn);
  }

  boolean choosesFrom(InsnGroup some) {
    return group == null || group == some;
  }

  /** The initial scratch memory. */
  byte[] pattern(long seed) {
    random.random = new SplittableRandom(seed);
    ByteBuffer buffer = ByteBuffer.allocate(GuestImage.SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      buffer.putLong(random.nextBoolean() ? values.half() : random.nextLong());
    }
    return buffer.array();
  }

  Sequence next(long seed) {
    random.random = new SplittableRandom(seed);
    long[] state = state();
    boolean branches = random.nextInt(4) == 0 && !straight.isEmpty() || straight.isEmpty();
    List<Integer> words = new ArrayList<>();
    List<Integer> units = new ArrayList<>();
    int farLeft = 2;
    while (words.size() < LENGTH) {
      int kind = random.nextInt(40);
      if (!branches && kind < 3) {
        several(kind, words);
      } else if (kind == 3) {
        words.add(assemble(SYSTEM[random.nextInt(SYSTEM.length)]));
      } else {
        List<Insn> forms = branches ? branching : straight;
        Insn insn = forms.get(random.nextInt(forms.size()));
        RandomInstructions limits = near;
        if (insn.group() == InsnGroup.ATOMIC || insn.group() == InsnGroup.EXCLUSIVE) {
          limits = fixed;
        } else if (kind < 8 && farLeft > 0) {
          limits = far;
          farLeft--;
        } else if (kind < 12 && !insn.hasField("imm26") && !insn.hasField("imm19") && !insn.hasField("imm14")) {
          limits = stack;
        }
        words.add(limits.next(insn));
      }
      units.add(words.size());
    }
    return new Sequence(seed, words.stream().mapToInt(Integer::intValue).toArray(), units, state);
  }

  /** Instructions that belong together, so that no branch may lead into them. */
  private void several(int kind, List<Integer> words) {
    int register = random.nextInt(INDEX);
    switch (kind) {
      case 0 -> {
        words.add(assemble("and x%d, x%d, #0x7c00000".formatted(register, random.nextInt(INDEX))));
        words.add(assemble("msr fpcr, x%d".formatted(register)));
      }
      case 1 -> {
        words.add(assemble("adr x%d, 8".formatted(register)));
        words.add(assemble(new String[] {"br x%d", "blr x%d", "ret x%d"}[random.nextInt(3)].formatted(register)));
      }
      default -> exclusive(words);
    }
  }

  /** A load-exclusive, something in between, and a store-exclusive of the same size; or one that must fail. */
  private void exclusive(List<Integer> words) {
    boolean pair = random.nextBoolean();
    Insn load = random.nextBoolean() ? pair ? Insn.LDXP : Insn.LDXR : pair ? Insn.LDAXP : Insn.LDAXR;
    Insn store = random.nextBoolean() ? pair ? Insn.STXP : Insn.STXR : pair ? Insn.STLXP : Insn.STLXR;
    int first = fixed.next(load);
    words.add(first);
    for (int i = random.nextInt(3); i > 0; i--) {
      Insn between;
      do {
        between = straight.get(random.nextInt(straight.size()));
      } while (EXCLUSIVE_LOADS.contains(between));
      words.add((between.group() == InsnGroup.EXCLUSIVE || between.group() == InsnGroup.ATOMIC ? fixed : near).next(between));
    }
    if (random.nextInt(8) == 0) {
      words.add(assemble("clrex"));
    }
    int second;
    do {
      second = fixed.next(store);
    } while (Fields.size(first) != Fields.size(second));
    words.add(second);
  }

  private int assemble(String text) {
    return Assembler.assemble(text.contains("%d") ? text.formatted(random.nextInt(INDEX)) : text);
  }

  private long[] state() {
    long[] state = new long[State.WORDS];
    for (int i = 0; i < 31; i++) {
      state[i] = values.general();
    }
    long middle = GuestImage.SCRATCH + GuestImage.SCRATCH_MIDDLE;
    state[INDEX] = random.nextInt(16);
    state[FIXED_BASE] = middle + 16 * (random.nextInt(17) - 8);
    state[BASE] = middle + (random.nextBoolean() ? 0 : random.nextInt(16));
    state[State.SP] = middle + 16 * (random.nextInt(17) - 8);
    for (int i = 0; i < 64; i++) {
      state[State.V + i] = values.half();
    }
    state[State.NZCV] = (random.nextInt() & 0xF000_0000L);
    state[State.FPCR] = random.nextBoolean() ? 0 : random.nextInt() & FPCR_BITS;
    state[State.FPSR] = random.nextBoolean() ? 0 : random.nextInt() & FpStatus.MASK;
    return state;
  }
}
