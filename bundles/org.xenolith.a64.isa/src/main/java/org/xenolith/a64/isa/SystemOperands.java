// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Operands of system instructions: {@code <C:CRn>} and {@code <sysreg>}. */
final class SystemOperands {
  private SystemOperands() {
  }

  /** The operand, or null if the name isn't one of a system instruction. */
  static Operand of(String name, BitPattern pattern) {
    if (name.startsWith("C:"))
      return new ControlRegister(pattern.fields().get(name.substring(2)));
    if (name.equals("sysreg"))
      return new Register(new Bits(pattern, "o0.op1.CRn.CRm.op2"));
    return null;
  }

  private record ControlRegister(Field field) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append('C').append(field.of(word));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      return in.accept("c") && word.set(field, in.digits());
    }
  }

  private record Register(Bits bits) implements Operand {
    @Override
    public void print(int word, long pc, StringBuilder out) {
      out.append(SystemRegisterName.of(Fields.systemRegister(word)));
    }

    @Override
    public boolean parse(Cursor in, WordBuilder word) {
      int encoding = SystemRegisterName.encoding(in.word());
      return encoding >= 0x8000 && bits.set(word, encoding & 0x7FFF);
    }
  }
}
