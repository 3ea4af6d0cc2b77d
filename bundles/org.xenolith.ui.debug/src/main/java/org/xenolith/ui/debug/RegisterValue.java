// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IValue;
import org.eclipse.debug.core.model.IVariable;
import org.xenolith.regs.RegisterField;

/** What a register, or a field of one, has. */
final class RegisterValue extends DebugElement implements IValue {
  private final CpuRegister register;
  private final String text;
  private final long[] words;
  private final boolean whole;

  /** Of a register. @param words of 64 bits, the lowest first */
  RegisterValue(CpuRegister register, String text, long[] words) {
    this(register, text, words, true);
  }

  private RegisterValue(CpuRegister register, String text, long[] words, boolean whole) {
    super(register.getDebugTarget());
    this.register = register;
    this.text = text;
    this.words = words;
    this.whole = whole;
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public String getReferenceTypeName() { return ""; }

  @Override
  public String getValueString() { return text; }

  @Override
  public boolean isAllocated() { return true; }

  @Override
  public IVariable[] getVariables() {
    return whole ? register.description().fields().stream().sorted((a, b) -> Integer.compare(b.low(), a.low())).map(Field::new).toArray(
        IVariable[]::new) : new IVariable[0];
  }

  @Override
  public boolean hasVariables() {
    return whole && !register.description().fields().isEmpty();
  }

  private long bits(RegisterField field) {
    int word = field.low() / Long.SIZE;
    long value = word < words.length ? words[word] >>> field.low() % Long.SIZE : 0;
    return field.width() >= Long.SIZE ? value : value & (1L << field.width()) - 1;
  }

  /** Bits of a register that have a name. */
  private final class Field extends DebugElement implements IVariable {
    private final RegisterField field;

    Field(RegisterField field) {
      super(register.getDebugTarget());
      this.field = field;
    }

    @Override
    public String getModelIdentifier() { return MachineTarget.MODEL; }

    @Override
    public String getName() {
      return field.name() + (field.width() == 1 ? " [" + field.low() + "]" : " [" + field.high() + ":" + field.low() + "]");
    }

    @Override
    public String getReferenceTypeName() { return field.words(); }

    @Override
    public IValue getValue() {
      long value = bits(field);
      return new RegisterValue(register, (field.width() < 4 ? Long.toString(value) : "0x" + Long.toHexString(value)) + (field.words()
          .isEmpty() ? "" : "  (" + field.words() + ")"), new long[] {value}, false);
    }

    @Override
    public boolean hasValueChanged() {
      return false;
    }

    @Override
    public boolean supportsValueModification() {
      return false;
    }

    @Override
    public void setValue(String expression) throws DebugException {
      throw MachineTarget.refused("give the whole register a value");
    }

    @Override
    public void setValue(IValue value) throws DebugException {
      setValue("");
    }

    @Override
    public boolean verifyValue(String expression) {
      return false;
    }

    @Override
    public boolean verifyValue(IValue value) {
      return false;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Field one && one.field.equals(field) && one.owner().equals(register);
    }

    @Override
    public int hashCode() {
      return 31 * register.hashCode() + field.hashCode();
    }

    private CpuRegister owner() {
      return register;
    }
  }
}
