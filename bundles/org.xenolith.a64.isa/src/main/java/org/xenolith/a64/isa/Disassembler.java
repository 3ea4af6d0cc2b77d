// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Writes instruction words as text, one spelling per form: that of {@code objdump -M no-aliases}, with a blank for the tab. */
public final class Disassembler {
  private final Decoder decoder;
  private final Syntax[] syntaxes = new Syntax[Insn.values().length];

  /** A disassembler of every form of the table. */
  public Disassembler() {
    this(new Decoder());
  }

  /** A disassembler of the forms that {@code decoder} knows. */
  public Disassembler(Decoder decoder) {
    this.decoder = decoder;
    for (Insn insn : Insn.values())
      syntaxes[insn.ordinal()] = new Syntax(insn);
  }

  /**
   * The text of an instruction.
   *
   * @param pc   its address, for targets relative to it
   * @param word the instruction; an unallocated one becomes {@code .inst 0x…}
   */
  public String disassemble(long pc, int word) {
    StringBuilder out = new StringBuilder(40);
    disassemble(pc, word, out);
    return out.toString();
  }

  /** Appends the text of an instruction. */
  public void disassemble(long pc, int word, StringBuilder out) {
    Insn insn = decoder.decode(word);
    if (insn == null)
      out.append(String.format(".inst 0x%08x", word));
    else
      syntaxes[insn.ordinal()].print(word, pc, out);
  }
}
