// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns the text of one instruction into its word by trying the forms that have its mnemonic, then its aliases. */
final class Encoder {
  private static final Map<String, List<Syntax>> FORMS = new HashMap<>();

  static {
    for (Insn insn : Insn.values()) {
      Syntax syntax = new Syntax(insn);
      for (String mnemonic : syntax.mnemonics())
        FORMS.computeIfAbsent(mnemonic, m -> new ArrayList<>()).add(syntax);
    }
  }

  private Encoder() {
  }

  /**
   * The word of an instruction.
   *
   * @param lenient whether undefined symbols are let through, for a first pass
   * @throws AssemblyException if no form fits
   */
  static int encode(String text, long pc, Map<String, Long> symbols, boolean lenient) {
    String line = text.strip();
    int end = 0;
    while (end < line.length() && !Character.isWhitespace(line.charAt(end)))
      end++;
    String mnemonic = line.substring(0, end).toLowerCase(Locale.ROOT);
    String operands = line.substring(end).strip();
    Attempt attempt = new Attempt(pc, symbols, lenient);
    if (attempt.tryForms(mnemonic, operands))
      return attempt.word;
    boolean known = FORMS.containsKey(mnemonic);
    for (String expanded : Aliases.expand(mnemonic, operands, o -> attempt.number(o))) {
      known = true;
      int blank = expanded.indexOf(' ');
      if (attempt.tryForms(blank < 0 ? expanded : expanded.substring(0, blank),
          blank < 0 ? "" : expanded.substring(blank + 1)))
        return attempt.word;
    }
    // In a first pass values are guesses; what is really wrong is wrong in the second, too.
    if (lenient)
      return 0;
    if (!known)
      throw new AssemblyException("'" + line + "': no instruction or alias is called '" + mnemonic + "'");
    String rest = operands.substring(Math.min(attempt.farthest, operands.length()));
    throw new AssemblyException("'" + line + "': no form of '" + mnemonic + "' takes these operands; "
        + (rest.isEmpty() ? "something is missing at the end" : "not understood, out of range or undefined: '" + rest + "'"));
  }

  private static final class Attempt {
    private final long pc;
    private final Map<String, Long> symbols;
    private final boolean lenient;
    private int word;
    private int farthest;

    Attempt(long pc, Map<String, Long> symbols, boolean lenient) {
      this.pc = pc;
      this.symbols = symbols;
      this.lenient = lenient;
    }

    boolean tryForms(String mnemonic, String operands) {
      for (Syntax syntax : FORMS.getOrDefault(mnemonic, List.of())) {
        WordBuilder builder = new WordBuilder(syntax.insn());
        Cursor in = new Cursor(operands, pc, symbols, lenient);
        if (syntax.parseMnemonic(mnemonic, builder) && syntax.parse(in, builder)
            && syntax.insn().matches(builder.word())) {
          word = builder.word();
          return true;
        }
        farthest = Math.max(farthest, in.farthest());
      }
      return false;
    }

    /** The value of an operand that is a number, or null. */
    Long number(String operand) {
      Cursor in = new Cursor(operand, pc, symbols, lenient);
      return in.expression() && in.atEnd() ? in.number() : null;
    }
  }
}
