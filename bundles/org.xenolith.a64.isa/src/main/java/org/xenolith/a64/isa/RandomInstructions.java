// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Makes random allocated words of chosen forms, for differential tests. Without limits every encoding of a form can come;
 * edge values of fields come more often than their share. Combinations that the architecture leaves CONSTRAINED
 * UNPREDICTABLE (write-back into a transferred register, a pair loaded into one register, a status register that is also
 * address or data) and wrong should-be bits never come. Not thread safe; the same seed gives the same words.
 */
public final class RandomInstructions {
  private static final int ATTEMPTS = 100_000;
  private static final List<String> REGISTERS = List.of("Rd", "Rn", "Rm", "Ra", "Rt", "Rt2", "Rs");

  private final RandomGenerator random;
  private final int[] generalFields = new int[Insn.values().length];
  private final int[] stackFields = new int[Insn.values().length];
  private int generalRegisters = -1;
  private boolean stackPointer = true;
  private int simdRegisters = -1;
  private boolean memoryLimited;
  private int base;
  private int index;
  private int below;
  private int above;
  private boolean targetsLimited;
  private int nearest;
  private int farthest;

  /** A generator with a random source of its own. */
  public RandomInstructions(long seed) {
    this(new SplittableRandom(seed));
  }

  /** A generator that draws from {@code random}. */
  public RandomInstructions(RandomGenerator random) {
    this.random = random;
    for (Insn insn : Insn.values())
      for (int i = 0; i < REGISTERS.size(); i++) {
        if (isGeneral(insn, REGISTERS.get(i)))
          generalFields[insn.ordinal()] |= 1 << i;
        if (insn.syntax().contains(REGISTERS.get(i).substring(1) + "|SP"))
          stackFields[insn.ordinal()] |= 1 << i;
      }
  }

  /** The forms that fit, in the order of the table. */
  public static List<Insn> forms(Predicate<Insn> predicate) {
    List<Insn> forms = new ArrayList<>();
    for (Insn insn : Insn.values())
      if (predicate.test(insn))
        forms.add(insn);
    return forms;
  }

  /** Whether a register field of the form names a general register rather than a SIMD register. */
  public static boolean isGeneral(Insn insn, String field) {
    String syntax = insn.syntax();
    String letter = field.substring(1);
    for (String width : List.of("<W", "<X", "<R", "<optX")) {
      int at = syntax.indexOf(width + letter);
      if (at >= 0 && "|:>+".indexOf(syntax.charAt(at + width.length() + letter.length())) >= 0)
        return true;
    }
    return field.equals("Rm") && (syntax.contains("<extend>") || syntax.contains("<index") || syntax.contains("<after"));
  }

  /**
   * Limits general registers, as sources and destinations.
   *
   * @param mask bit n allows Xn; bit 31 allows the zero register, and the stack pointer unless {@link #stackPointer} forbids it
   */
  public RandomInstructions generalRegisters(int mask) {
    if (mask == 0)
      throw new IllegalArgumentException("mask of general registers: expected at least one bit");
    generalRegisters = mask;
    return this;
  }

  /** Whether the stack pointer may be read and written; at first it may. A base fixed by {@link #memory} isn't affected. */
  public RandomInstructions stackPointer(boolean allowed) {
    stackPointer = allowed;
    return this;
  }

  /** Limits SIMD and floating-point registers; bit n allows Vn. Lists may run on beyond the first register. */
  public RandomInstructions simdRegisters(int mask) {
    if (mask == 0)
      throw new IllegalArgumentException("mask of SIMD registers: expected at least one bit");
    simdRegisters = mask;
    return this;
  }

  /**
   * Confines loads and stores: the base is always {@code base}, immediate offsets start accesses in
   * {@code [-below, above)} bytes around it, index registers are always {@code index}. The caller keeps both registers
   * at fitting values (written-back bases move) and out of the allowed general registers; the widest access is 64 bytes.
   */
  public RandomInstructions memory(int base, int below, int above, int index) {
    if (base < 0 || base > 31 || index < 0 || index > 31 || below < 0 || above < 1)
      throw new IllegalArgumentException("memory: expected registers from 0 to 31, below >= 0 and above >= 1, got base "
          + base + ", index " + index + ", below " + below + ", above " + above);
    memoryLimited = true;
    this.base = base;
    this.index = index;
    this.below = below;
    this.above = above;
    return this;
  }

  /** Limits direct branches and literal loads to targets {@code nearest} to {@code farthest} instructions ahead. */
  public RandomInstructions targets(int nearest, int farthest) {
    if (nearest > farthest || nearest < -8192 || farthest > 8191)
      throw new IllegalArgumentException("targets: expected -8192 <= nearest <= farthest <= 8191, got " + nearest
          + " and " + farthest);
    targetsLimited = true;
    this.nearest = nearest;
    this.farthest = farthest;
    return this;
  }

  /**
   * A random word of a form.
   *
   * @throws IllegalStateException if the limits leave none
   */
  public int next(Insn insn) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int word = insn.match() | insn.shouldBeOnes();
      for (Field field : insn.fields())
        word = field.with(word, value(insn, field));
      if (insn.matches(word) && !isUnpredictable(insn, word) && offsetFits(insn, word))
        return word;
    }
    throw new IllegalStateException(insn + ": no word within the limits found; allow more registers or offsets");
  }

  private int value(Insn insn, Field field) {
    String name = field.name();
    int register = REGISTERS.indexOf(name);
    if (register >= 0) {
      boolean general = (generalFields[insn.ordinal()] >>> register & 1) != 0;
      if (memoryLimited && addressesMemory(insn)) {
        if (name.equals("Rn"))
          return base;
        if (name.equals("Rm") && general)
          return insn.group() == InsnGroup.LOAD_STORE_SIMD && random.nextBoolean() ? 31 : index;
      }
      // By-element forms have four bits of register here and the fifth in M.
      boolean stack = (stackFields[insn.ordinal()] >>> register & 1) != 0 && !stackPointer;
      return pick(general ? stack ? generalRegisters & Integer.MAX_VALUE : generalRegisters : simdRegisters, field.width());
    }
    if (targetsLimited && (name.equals("imm26") || name.equals("imm19") || name.equals("imm14")))
      return nearest + random.nextInt(farthest - nearest + 1);
    int all = (1 << field.width()) - 1;
    if (field.width() < 3)
      return random.nextInt() & all;
    return switch (random.nextInt(16)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> all;
      case 3 -> all >>> 1;
      case 4 -> all ^ all >>> 1;
      case 5, 6, 7 -> random.nextInt() & all & 15;
      default -> random.nextInt() & all;
    };
  }

  private int pick(int allowed, int width) {
    int limit = 1 << width;
    if (allowed == 0 || width < 5 && (allowed & (1 << limit) - 1) == 0)
      return 0;
    for (;;) {
      int number = random.nextInt(limit);
      if ((allowed >>> number & 1) != 0)
        return number;
    }
  }

  private static boolean addressesMemory(Insn insn) {
    return switch (insn.group()) {
      case LOAD_STORE, LOAD_STORE_FP, LOAD_STORE_SIMD, EXCLUSIVE, ATOMIC -> insn.hasField("Rn");
      default -> false;
    };
  }

  private boolean offsetFits(Insn insn, int word) {
    if (!memoryLimited || !addressesMemory(insn))
      return true;
    long offset = offset(insn, word);
    return offset >= -below && offset < above;
  }

  /** The immediate offset in bytes at which the access starts; 0 where the form has none. */
  private static long offset(Insn insn, int word) {
    boolean fp = insn.group() == InsnGroup.LOAD_STORE_FP;
    if (insn.hasField("imm9"))
      return Fields.simm9(word);
    if (insn.hasField("imm12"))
      return (long) Fields.imm12(word) << Fields.size(word) + (fp && (word & 1 << 23) != 0 ? 4 : 0);
    if (insn.hasField("imm7"))
      return (long) Fields.simm7(word) << 2 + (fp ? Fields.size(word) : word >>> 31);
    return 0;
  }

  /** Register combinations whose outcome the architecture doesn't fix. */
  private static boolean isUnpredictable(Insn insn, int word) {
    if (!addressesMemory(insn))
      return false;
    boolean general = insn.group() != InsnGroup.LOAD_STORE_FP && insn.group() != InsnGroup.LOAD_STORE_SIMD;
    int rn = Fields.rn(word);
    int rt = Fields.rt(word);
    boolean pair = insn.hasField("Rt2");
    int rt2 = pair ? Fields.rt2(word) : -1;
    String name = insn.name();
    if (insn.is(Trait.READS_MEMORY) && pair && rt == rt2)
      return true;
    if (general && (name.endsWith("_PRE") || name.endsWith("_POST")) && rn != 31 && (rn == rt || rn == rt2))
      return true;
    if (insn.group() == InsnGroup.EXCLUSIVE && insn.hasField("Rs")) {
      int rs = Fields.rs(word);
      return rs == rt || rs == rt2 || rs == rn && rn != 31;
    }
    return false;
  }
}
