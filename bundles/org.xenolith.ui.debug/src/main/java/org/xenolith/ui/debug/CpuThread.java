// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IStackFrame;
import org.eclipse.debug.core.model.IThread;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;

/** A CPU as the Debug views show it: a thread with the calls that led to where it is. Not final: one may be virtual. */
class CpuThread extends DebugElement implements IThread {
  /** The index of a virtual CPU that no CPU executes. */
  static final int NONE = -1;
  private final MachineTarget target;
  /** Among the machine's CPUs, from 0 on; {@link #NONE} for a virtual one that none executes. */
  private volatile int index;
  private volatile List<CodeFrame> frames = List.of();
  private volatile String place = "";
  private volatile boolean stepping;
  /** What registers had, now and when it stood before, by name. */
  private volatile Map<String, long[]> values = Map.of();
  private volatile Map<String, long[]> before = Map.of();
  private volatile List<RegisterDescription> registers = List.of();

  CpuThread(MachineTarget target, int index) {
    this(target, target, index);
  }

  /** @param shownBelow the machine, or the domain that it is of */
  CpuThread(MachineTarget target, IDebugTarget shownBelow, int index) {
    super(shownBelow);
    this.target = target;
    this.index = index;
  }

  /** Among the machine's CPUs, from 0 on; {@link #NONE} if none executes it. */
  int index() {
    return index;
  }

  MachineTarget target() {
    return target;
  }

  /** Takes in where it stands, in a look. @param most frames at most */
  void look(int most) {
    look(most, index);
  }

  /** The same of a CPU. @param cpu its index */
  final void look(int most, int cpu) {
    stepping = false;
    index = cpu;
    Optional<InspectedProcessor> found = target.machine().shown().inspected().processor(index);
    if (found.isEmpty()) {
      frames = List.of();
      place = "nobody looks into it";
      return;
    }
    InspectedProcessor processor = found.get();
    ProcessorPlace now = processor.place();
    String guest = target.machine().shown().inspected().guest(now);
    place = (guest.isEmpty() ? "" : guest + ", ") + now.level() + (now.addressSpace().isEmpty() ? "" : ", " + now.addressSpace());
    long[] calls = target.machine().shown().calls(processor, most);
    List<CodeFrame> all = new ArrayList<>();
    for (int i = 0; i < calls.length; i++) {
      all.add(new CodeFrame(this, i, calls[i], target.machine().shown().text(processor, calls[i])));
    }
    Map<String, long[]> all64 = new TreeMap<>();
    processor.registers().forEach(each -> all64.put(each.name(), processor.value(each.name())));
    shows(all, processor.registers(), all64);
  }

  /** Takes in that no CPU executes it. @param where for people @param all its frames @param has its registers, and what they have */
  final void waits(String where, List<CodeFrame> all, List<RegisterDescription> described, Map<String, long[]> has) {
    stepping = false;
    index = NONE;
    place = where;
    shows(all, described, has);
  }

  private void shows(List<CodeFrame> all, List<RegisterDescription> described, Map<String, long[]> has) {
    registers = described;
    before = values;
    values = has;
    frames = all;
  }

  /** It goes on: what it had is what it had before. */
  void goes() {
    stepping = target.machine().state() == ViewedMachine.State.STEPPING;
    frames = List.of();
  }

  /** Where it is, for people; as of when it stood last. */
  String place() {
    return place;
  }

  List<RegisterDescription> registers() {
    return registers;
  }

  /** What a register has, words of 64 bits, the lowest first. */
  long[] value(String name) {
    return values.getOrDefault(name, new long[] {0});
  }

  /** Whether it is another than when the machine stood before. */
  boolean changed(String name) {
    long[] old = before.get(name);
    return old != null && !Arrays.equals(old, value(name));
  }

  /** A register was written to. */
  void written(String name, long[] value) {
    Map<String, long[]> all = new TreeMap<>(values);
    all.put(name, value);
    values = all;
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public String getName() { return "CPU " + index; }

  @Override
  public int getPriority() { return 0; }

  @Override
  public IStackFrame[] getStackFrames() { return isSuspended() ? frames.toArray(IStackFrame[]::new) : new IStackFrame[0]; }

  @Override
  public IStackFrame getTopStackFrame() {
    List<CodeFrame> now = frames;
    return isSuspended() && !now.isEmpty() ? now.getFirst() : null;
  }

  @Override
  public boolean hasStackFrames() {
    return isSuspended() && !frames.isEmpty();
  }

  @Override
  public IBreakpoint[] getBreakpoints() { return new IBreakpoint[0]; }

  @Override
  public boolean canResume() {
    return target.canResume();
  }

  @Override
  public boolean canSuspend() {
    return target.canSuspend();
  }

  @Override
  public boolean isSuspended() { return target.isSuspended(); }

  @Override
  public void resume() {
    target.resume();
  }

  @Override
  public void suspend() {
    target.suspend();
  }

  @Override
  public boolean canStepInto() {
    return isSuspended() && index != NONE;
  }

  @Override
  public boolean canStepOver() {
    return canStepInto();
  }

  @Override
  public boolean canStepReturn() {
    return canStepInto() && frames.size() > 1;
  }

  @Override
  public boolean isStepping() { return stepping; }

  @Override
  public void stepInto() {
    target.machine().step(index, false);
  }

  @Override
  public void stepOver() {
    target.machine().step(index, true);
  }

  @Override
  public void stepReturn() {
    target.machine().stepOut(index);
  }

  @Override
  public boolean canTerminate() {
    return target.canTerminate();
  }

  @Override
  public boolean isTerminated() { return target.isTerminated(); }

  @Override
  public void terminate() {
    target.terminate();
  }
}
