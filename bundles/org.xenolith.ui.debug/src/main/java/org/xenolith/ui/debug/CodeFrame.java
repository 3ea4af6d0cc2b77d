// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IRegisterGroup;
import org.eclipse.debug.core.model.IStackFrame;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.debug.core.model.IVariable;
import org.eclipse.debug.ui.sourcelookup.ISourceDisplay;
import org.xenolith.inspect.api.RegisterDescription;

/** Where a CPU is, or from where a function was called. Equal to that of the stop before where it is the same function, so that views keep what is selected. */
final class CodeFrame extends DebugElement implements IStackFrame {
  private final CpuThread thread;
  private final int depth;
  private final long address;
  private final String text;

  /**
   * One of a chain.
   *
   * @param depth   0 where the CPU is
   * @param address of its next instruction, or within the one that called
   * @param text    the same for people
   */
  CodeFrame(CpuThread thread, int depth, long address, String text) {
    super(thread.getDebugTarget());
    this.thread = thread;
    this.depth = depth;
    this.address = address;
    this.text = text;
  }

  CpuThread thread() {
    return thread;
  }

  int depth() {
    return depth;
  }

  long address() {
    return address;
  }

  @Override
  @SuppressWarnings("unchecked") // as of the class that is asked for
  public <T> T getAdapter(Class<T> adapter) {
    return adapter == ISourceDisplay.class ? (T) (ISourceDisplay) (element, page, force) -> DisassemblyView.show(page, this)
        : super.getAdapter(adapter);
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public String getName() { return text; }

  @Override
  public IThread getThread() { return thread; }

  @Override
  public IVariable[] getVariables() { return new IVariable[0]; }

  @Override
  public boolean hasVariables() {
    return false;
  }

  @Override
  public int getLineNumber() { return -1; }

  @Override
  public int getCharStart() { return -1; }

  @Override
  public int getCharEnd() { return -1; }

  /** Those of the CPU: what callers had in theirs isn't known. */
  @Override
  public IRegisterGroup[] getRegisterGroups() {
    if (!isSuspended()) {
      return new IRegisterGroup[0];
    }
    Map<String, CpuRegisters> groups = new LinkedHashMap<>();
    for (RegisterDescription each : thread.registers()) {
      groups.computeIfAbsent(each.group(), group -> new CpuRegisters(thread, group)).add(each);
    }
    return groups.values().toArray(IRegisterGroup[]::new);
  }

  @Override
  public boolean hasRegisterGroups() {
    return isSuspended() && !thread.registers().isEmpty();
  }

  @Override
  public boolean canResume() {
    return thread.canResume();
  }

  @Override
  public boolean canSuspend() {
    return thread.canSuspend();
  }

  @Override
  public boolean isSuspended() { return thread.isSuspended(); }

  @Override
  public void resume() {
    thread.resume();
  }

  @Override
  public void suspend() {
    thread.suspend();
  }

  @Override
  public boolean canStepInto() {
    return thread.canStepInto();
  }

  @Override
  public boolean canStepOver() {
    return thread.canStepOver();
  }

  @Override
  public boolean canStepReturn() {
    return thread.canStepReturn();
  }

  @Override
  public boolean isStepping() { return thread.isStepping(); }

  @Override
  public void stepInto() {
    thread.stepInto();
  }

  @Override
  public void stepOver() {
    thread.stepOver();
  }

  @Override
  public void stepReturn() {
    thread.stepReturn();
  }

  @Override
  public boolean canTerminate() {
    return thread.canTerminate();
  }

  @Override
  public boolean isTerminated() { return thread.isTerminated(); }

  @Override
  public void terminate() {
    thread.terminate();
  }

  private String function() {
    int plus = text.lastIndexOf("+0x");
    return plus < 0 ? text : text.substring(0, plus);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodeFrame frame && frame.thread == thread && frame.depth == depth && frame.function().equals(function());
  }

  @Override
  public int hashCode() {
    return Objects.hash(thread, depth, function());
  }
}
