// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.List;

/**
 * The assembly syntax of one form, in both directions. The template is the text with the variable pieces in angle brackets;
 * {@code <field=a,b,c>} chooses a text by a field's value, the other pieces are described where they are made.
 */
final class Syntax {
  private final Insn insn;
  private final List<Operand> mnemonic = new ArrayList<>();
  private final List<Operand> operands = new ArrayList<>();

  Syntax(Insn insn) {
    this.insn = insn;
    String template = insn.syntax();
    List<Operand> to = mnemonic;
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c == '<') {
        int end = template.indexOf('>', at);
        to.add(operand(template.substring(at + 1, end)));
        at = end + 1;
      } else if (c == ' ' && to == mnemonic) {
        to = operands;
        at++;
      } else {
        int end = at;
        while (end < template.length() && template.charAt(end) != '<'
            && !(template.charAt(end) == ' ' && to == mnemonic))
          end++;
        to.add(new Literal(template.substring(at, end)));
        at = end;
      }
    }
  }

  private Operand operand(String name) {
    BitPattern pattern = insn.pattern();
    int equals = name.indexOf('=');
    int colon = name.indexOf(':');
    if (equals > 0 && colon < 0) {
      String field = name.substring(0, equals);
      return new Choice(new Bits(pattern, field), name.substring(equals + 1).split(",", -1));
    }
    if (name.equals("cond"))
      return new ConditionOperand(pattern.fields().get("cond"));
    Operand operand = RegisterOperands.of(name, pattern);
    if (operand == null)
      operand = ImmediateOperands.of(name, pattern);
    if (operand == null)
      operand = MemoryOperands.of(name, pattern);
    if (operand == null)
      operand = LaneOperands.of(name, pattern);
    if (operand == null)
      operand = StructureOperands.of(name, pattern);
    if (operand == null)
      operand = VectorOperands.of(name, pattern);
    if (operand == null)
      operand = SystemOperands.of(name, pattern);
    if (operand == null)
      throw new IllegalArgumentException(insn + ": no operand <" + name + ">");
    return operand;
  }

  Insn insn() {
    return insn;
  }

  void print(int word, long pc, StringBuilder out) {
    for (Operand part : mnemonic)
      part.print(word, pc, out);
    out.append(' ');
    int start = out.length();
    for (Operand part : operands)
      part.print(word, pc, out);
    if (out.length() == start)
      out.setLength(start - 1);
  }

  /** Reads the operands; the mnemonic has been read into {@code word}. */
  boolean parse(Cursor in, WordBuilder word) {
    for (Operand part : operands)
      if (!part.parse(in, word))
        return false;
    return in.atEnd();
  }

  /** All mnemonics of the form. */
  List<String> mnemonics() {
    List<String> all = List.of("");
    for (Operand part : mnemonic) {
      List<String> longer = new ArrayList<>();
      for (String start : all)
        for (String text : part instanceof Choice choice ? List.of(choice.texts) : List.of(((Literal) part).text))
          if (!text.equals("-") && !longer.contains(start + text))
            longer.add(start + text);
      all = longer;
    }
    return all;
  }

  /** Reads a mnemonic that {@link #mnemonics} gave. */
  boolean parseMnemonic(String text, WordBuilder word) {
    return parseMnemonic(text, 0, 0, word);
  }

  private boolean parseMnemonic(String text, int at, int part, WordBuilder word) {
    if (part == mnemonic.size())
      return at == text.length();
    if (mnemonic.get(part) instanceof Choice choice) {
      int chosen = -1;
      int alike = 0;
      for (int i = 0; i < choice.texts.length; i++)
        if (text.startsWith(choice.texts[i], at)
            && parseMnemonic(text, at + choice.texts[i].length(), part + 1, new WordBuilder(insn))) {
              chosen = i;
              alike++;
            }
      if (chosen < 0)
        return false;
      // Two values with one text, as W and X registers have in "ldr": the operands decide, but not on other values.
      if (alike == 1)
        choice.bits.set(word, chosen);
      else
        choice.narrow(word, text.substring(at));
      return parseMnemonic(text, at + choice.texts[chosen].length(), part + 1, word);
    }
    String literal = ((Literal) mnemonic.get(part)).text;
    return text.startsWith(literal, at) && parseMnemonic(text, at + literal.length(), part + 1, word);
  }

  private record Literal(String text) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append(text);
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      return in.accept(text);
    }
  }

  private record Choice(Bits bits, String... texts) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append(texts[bits.of(word)]);
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      for (int i = 0; i < texts.length; i++)
        if (!texts[i].equals("-") && in.accept(texts[i]))
          return bits.set(word, i);
      return false;
    }

    /** Sets the leading bit where all values with the text have it in common: of size, "ldr" fixes the upper. */
    void narrow(WordBuilder word, String text) {
      if (texts.length == 4 && texts[2].equals(texts[3]))
        bits.setTop(word, 1);
    }
  }
}
