// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DebuggerTarget;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.machine.control.Machine;

/** A processor whose registers are written by inputs of its machine. */
record JournalledProcessor(Machine machine, InspectedProcessor processor) implements InspectedProcessor {
  @Override
  public void set(String name, long... value) {
    machine.inputNow(RegisterInput.KIND, RegisterInput.place(index(), name), RegisterInput.bytes(value));
  }

  @Override
  public int index() {
    return processor.index();
  }

  @Override
  public String instructions() {
    return processor.instructions();
  }

  @Override
  public ProcessorPlace place() {
    return processor.place();
  }

  @Override
  public List<RegisterDescription> registers() {
    return processor.registers();
  }

  @Override
  public long[] value(String name) {
    return processor.value(name);
  }

  @Override
  public boolean settable(String name) {
    return processor.settable(name);
  }

  @Override
  public boolean debuggersStepOverAccesses() {
    return processor.debuggersStepOverAccesses();
  }

  @Override
  public Optional<DebuggerTarget> debuggerTarget() {
    return processor.debuggerTarget();
  }

  @Override
  public List<InspectedMemory> memories() {
    return processor.memories();
  }

  @Override
  public InspectedMemory memory() {
    return processor.memory();
  }

  @Override
  public OptionalLong kernelEntry() {
    return processor.kernelEntry();
  }

  @Override
  public long[] calls(int most, LongUnaryOperator functionAt) {
    return processor.calls(most, functionAt);
  }

  @Override
  public List<InstructionText> disassemble(long address, int count) {
    return processor.disassemble(address, count);
  }

  @Override
  public Optional<List<DataMove>> moves() {
    return processor.moves();
  }
}
