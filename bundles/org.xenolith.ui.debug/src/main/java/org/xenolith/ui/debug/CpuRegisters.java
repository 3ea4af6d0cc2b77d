// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IRegister;
import org.eclipse.debug.core.model.IRegisterGroup;
import org.xenolith.inspect.api.RegisterDescription;

/** A group of a CPU's registers, as the architecture divides them. */
final class CpuRegisters extends DebugElement implements IRegisterGroup {
  private final CpuThread thread;
  private final String group;
  private final List<IRegister> all = new ArrayList<>();

  CpuRegisters(CpuThread thread, String group) {
    super(thread.getDebugTarget());
    this.thread = thread;
    this.group = group;
  }

  void add(RegisterDescription register) {
    all.add(new CpuRegister(thread, this, register));
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public String getName() { return group; }

  @Override
  public IRegister[] getRegisters() { return all.toArray(IRegister[]::new); }

  @Override
  public boolean hasRegisters() {
    return !all.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CpuRegisters registers && registers.thread == thread && registers.group.equals(group);
  }

  @Override
  public int hashCode() {
    return 31 * thread.hashCode() + group.hashCode();
  }
}
