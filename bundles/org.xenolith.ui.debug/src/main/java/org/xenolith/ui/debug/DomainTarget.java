// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.core.resources.IMarkerDelta;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IMemoryBlock;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.IThread;
import org.xenolith.inspect.api.GuestProcessor;

/** A domain of the hypervisor's, beside the machine that it is in: its virtual CPUs are its threads. It stands and goes on with the machine. */
final class DomainTarget extends DebugElement implements IDebugTarget {
  private final MachineTarget machine;
  private final String guest;
  private volatile Map<Integer, VirtualThread> threads = Map.of();
  private volatile boolean gone;

  /** @param guest as the hypervisor names it: {@code d1} */
  DomainTarget(MachineTarget machine, String guest) {
    super(null);
    this.machine = machine;
    this.guest = guest;
  }

  MachineTarget machine() {
    return machine;
  }

  /** Takes in how its virtual CPUs stand, in a look. @param all those of it @param most frames at most */
  void look(List<GuestProcessor> all, int most) {
    Map<Integer, VirtualThread> now = new TreeMap<>();
    for (GuestProcessor each : all) {
      VirtualThread thread = threads.getOrDefault(each.number(), new VirtualThread(this, each.number()));
      thread.look(each, most);
      now.put(each.number(), thread);
    }
    threads = now;
  }

  /** It stands: the views ask for its threads and what these have. */
  void stands() {
    fireChangeEvent(DebugEvent.CONTENT);
    threads.values().forEach(each -> each.fireSuspendEvent(DebugEvent.UNSPECIFIED));
  }

  /** It goes on. @param detail of the platform's event */
  void goes(int detail) {
    threads.values().forEach(each -> {
      each.goes();
      each.fireResumeEvent(detail);
    });
  }

  /** Its domain is no more, or the machine is over. */
  void ends() {
    gone = true;
    fireTerminateEvent();
  }

  @Override
  public String getName() { return guest; }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public IDebugTarget getDebugTarget() { return this; }

  @Override
  public ILaunch getLaunch() { return machine.getLaunch(); }

  @Override
  public IProcess getProcess() {
    return null; // a domain is in its machine
  }

  @Override
  public IThread[] getThreads() { return isTerminated() ? new IThread[0] : new ArrayList<>(threads.values()).toArray(IThread[]::new); }

  @Override
  public boolean hasThreads() {
    return !isTerminated() && !threads.isEmpty();
  }

  @Override
  public boolean isTerminated() { return gone || machine.isTerminated(); }

  /** The Domains view ends domains, by the commands of {@code xl}. */
  @Override
  public boolean canTerminate() {
    return false;
  }

  @Override
  public void terminate() {
    // It can't.
  }

  @Override
  public boolean canResume() {
    return !isTerminated() && machine.canResume();
  }

  @Override
  public boolean canSuspend() {
    return !isTerminated() && machine.canSuspend();
  }

  @Override
  public boolean isSuspended() { return machine.isSuspended(); }

  @Override
  public void resume() {
    machine.resume();
  }

  @Override
  public void suspend() {
    machine.suspend();
  }

  @Override
  public boolean canDisconnect() {
    return false;
  }

  @Override
  public void disconnect() {
    // It can't.
  }

  @Override
  public boolean isDisconnected() { return false; }

  /** Those of the machine are for all that it executes. */
  @Override
  public boolean supportsBreakpoint(IBreakpoint breakpoint) {
    return false;
  }

  @Override
  public void breakpointAdded(IBreakpoint breakpoint) {
    // They are the machine's.
  }

  @Override
  public void breakpointRemoved(IBreakpoint breakpoint, IMarkerDelta delta) {
    // They are the machine's.
  }

  @Override
  public void breakpointChanged(IBreakpoint breakpoint, IMarkerDelta delta) {
    // They are the machine's.
  }

  @Override
  public boolean supportsStorageRetrieval() {
    return false;
  }

  @Override
  public IMemoryBlock getMemoryBlock(long start, long length) throws DebugException {
    throw MachineTarget.refused("memory is looked at by the machine's CPUs");
  }
}
