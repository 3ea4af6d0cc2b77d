// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IRegister;
import org.eclipse.debug.core.model.IRegisterGroup;
import org.eclipse.debug.core.model.IValue;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.kit.Texts;

/** A CPU's register in the Registers view, with its fields below it. */
final class CpuRegister extends DebugElement implements IRegister {
  private final CpuThread thread;
  private final CpuRegisters group;
  private final RegisterDescription register;

  CpuRegister(CpuThread thread, CpuRegisters group, RegisterDescription register) {
    super(thread.getDebugTarget());
    this.thread = thread;
    this.group = group;
    this.register = register;
  }

  RegisterDescription description() {
    return register;
  }

  long[] words() {
    return thread.value(register.name());
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public IRegisterGroup getRegisterGroup() { return group; }

  @Override
  public String getName() { return register.name(); }

  @Override
  public String getReferenceTypeName() { return register.title().isEmpty() ? register.bits() + " bits" : register.title(); }

  @Override
  public IValue getValue() { return new RegisterValue(this, Texts.value(words(), register.bits()), words()); }

  @Override
  public boolean hasValueChanged() {
    return thread.changed(register.name());
  }

  @Override
  public boolean supportsValueModification() {
    return thread.isSuspended() && thread.index() != CpuThread.NONE && !thread.target().machine().shown().inPast() && register.bits()
        <= Long.SIZE;
  }

  @Override
  public boolean verifyValue(String text) {
    return Texts.number(text.strip()).isPresent();
  }

  @Override
  public boolean verifyValue(IValue value) throws DebugException {
    return verifyValue(value.getValueString());
  }

  /** Gives it a value: an input of the machine, which a journal has. */
  @Override
  public void setValue(String text) throws DebugException {
    long value = Texts.number(text.strip()).orElseThrow(() -> MachineTarget.refused("'" + text
        + "' is no number: expected 0x and digits, or a decimal one"));
    ViewedMachine machine = thread.target().machine();
    long[] now = thread.target().look(() -> {
      machine.shown().processor(thread.index()).set(register.name(), value);
      return machine.shown().processor(thread.index()).value(register.name());
    });
    thread.written(register.name(), now);
    fireChangeEvent(DebugEvent.CONTENT);
  }

  @Override
  public void setValue(IValue value) throws DebugException {
    setValue(value.getValueString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CpuRegister one && one.thread == thread && one.register.name().equals(register.name());
  }

  @Override
  public int hashCode() {
    return 31 * thread.hashCode() + register.name().hashCode();
  }
}
