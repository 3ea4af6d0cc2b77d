// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.eclipse.core.resources.IMarkerDelta;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IMemoryBlock;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IMemoryBlockRetrievalExtension;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.IThread;
import org.xenolith.command.api.BadInput;
import org.xenolith.debug.kit.ReadableBytes;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.launch.api.Debugger;

/** A machine as the Debug views show it. */
final class MachineTarget extends DebugElement implements IDebugTarget, IMemoryBlockRetrievalExtension, Debugger.Session,
    ViewedMachine.Watcher {
  /** Of the debug model: breakpoints and labels. */
  static final String MODEL = "org.xenolith.ui.debug";
  private static final int FRAMES = 64;
  private final ILaunch launch;
  private final String name;
  private final ViewedMachine machine;
  private final Consumer<MachineTarget> gone;
  private final DomainTargets domains = new DomainTargets(this);
  private volatile List<CpuThread> threads = List.of();
  private volatile String standing = "";
  private volatile String seconds = "";

  /** @param gone told when nothing of it is shown any more */
  MachineTarget(ILaunch launch, String name, ViewedMachine machine, Consumer<MachineTarget> gone) {
    super(null);
    this.launch = launch;
    this.name = name;
    this.machine = machine;
    this.gone = gone;
    machine.watcher(this);
  }

  /** It is launched, and doesn't run yet. */
  void begin() {
    List<CpuThread> all = new ArrayList<>();
    for (InspectedProcessor each : machine.shown().inspected().processors()) {
      all.add(new CpuThread(this, each.index()));
    }
    threads = all;
    fireCreationEvent();
    DebugPlugin.getDefault().getBreakpointManager().addBreakpointListener(this);
    tellBreakpoints();
  }

  /** The machine itself. */
  ViewedMachine machine() {
    return machine;
  }

  /** For people: whether it runs, or why it stands. */
  String standing() {
    return standing;
  }

  /** The virtual time at which it stands, for people; as of when it stood last. */
  String seconds() {
    return seconds;
  }

  // ---- What the machine tells

  @Override
  public void halted() {
    machine.halted();
  }

  @Override
  public void close() {
    DebugPlugin debug = DebugPlugin.getDefault();
    if (debug != null) {
      debug.getBreakpointManager().removeBreakpointListener(this);
    }
    machine.close();
    gone.accept(this);
  }

  @Override
  public void stands(ViewedMachine.Why why, OptionalInt cpu, String text) {
    String time;
    try {
      time = machine.look(() -> {
        for (CpuThread each : threads) {
          each.look(FRAMES);
        }
        domains.look(FRAMES);
        return "%,d instructions, %,.9f s".formatted(machine.shown().machine().instructions(), machine.shown().machine().now() / 1e9);
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (IllegalStateException e) {
      return;
    }
    seconds = time.substring(time.indexOf(", ") + 2);
    standing = (machine.shown().inPast() ? "in the past, " : "halted, ") + time + (text.isEmpty() ? "" : ": " + text);
    int detail = switch (why) {
      case REACHED -> DebugEvent.BREAKPOINT;
      case STEPPED -> DebugEvent.STEP_END;
      default -> DebugEvent.CLIENT_REQUEST;
    };
    int first = cpu.orElse(0);
    // Of the others first: the view turns to the one that is told of last.
    domains.stand();
    for (CpuThread each : threads) {
      if (each.index() != first) {
        each.fireSuspendEvent(DebugEvent.UNSPECIFIED);
      }
    }
    fireChangeEvent(DebugEvent.STATE);
    threads.stream().filter(each -> each.index() == first).forEach(each -> each.fireSuspendEvent(detail));
  }

  @Override
  public void goes(boolean stepping, OptionalInt cpu) {
    standing = "";
    int detail = stepping ? DebugEvent.STEP_OVER : DebugEvent.CLIENT_REQUEST;
    for (CpuThread each : threads) {
      each.goes();
      each.fireResumeEvent(detail);
    }
    domains.go(detail);
    fireChangeEvent(DebugEvent.STATE);
  }

  @Override
  public void over() {
    threads.forEach(CpuThread::goes);
    if (DebugPlugin.getDefault() != null) { // the window may be gone, and with it who shows machines
      domains.over();
      fireTerminateEvent();
    }
  }

  // ---- What the platform asks

  @Override
  public String getModelIdentifier() { return MODEL; }

  @Override
  public IDebugTarget getDebugTarget() { return this; }

  @Override
  public ILaunch getLaunch() { return launch; }

  @Override
  public IProcess getProcess() {
    return null; // a machine is in this process
  }

  @Override
  public IThread[] getThreads() { return isTerminated() ? new IThread[0] : threads.toArray(IThread[]::new); }

  @Override
  public boolean hasThreads() {
    return !isTerminated();
  }

  @Override
  public String getName() { return name; }

  @Override
  public boolean canTerminate() {
    return !isTerminated();
  }

  @Override
  public boolean isTerminated() { return machine.state() == ViewedMachine.State.OVER; }

  @Override
  public void terminate() {
    machine.quit();
  }

  @Override
  public boolean canResume() {
    return isSuspended();
  }

  @Override
  public boolean canSuspend() {
    return !isSuspended() && !isTerminated();
  }

  @Override
  public boolean isSuspended() { return machine.state() == ViewedMachine.State.HALTED; }

  @Override
  public void resume() {
    machine.go();
  }

  @Override
  public void suspend() {
    machine.halt();
  }

  @Override
  public boolean canDisconnect() {
    return false;
  }

  @Override
  public void disconnect() {
    // A machine without its debugger would have nobody who lets it go on.
  }

  @Override
  public boolean isDisconnected() { return false; }

  // ---- Breakpoints

  @Override
  public boolean supportsBreakpoint(IBreakpoint breakpoint) {
    return breakpoint instanceof MachineBreakpoint;
  }

  @Override
  public void breakpointAdded(IBreakpoint breakpoint) {
    tellBreakpoints();
  }

  @Override
  public void breakpointRemoved(IBreakpoint breakpoint, IMarkerDelta delta) {
    tellBreakpoints();
  }

  @Override
  public void breakpointChanged(IBreakpoint breakpoint, IMarkerDelta delta) {
    tellBreakpoints();
  }

  private void tellBreakpoints() {
    machine.breakpoints(Arrays.stream(DebugPlugin.getDefault().getBreakpointManager().getBreakpoints(MODEL))
        .filter(MachineBreakpoint.class::isInstance).map(each -> ((MachineBreakpoint) each).asked()).flatMap(Optional::stream)
        .toList());
  }

  // ---- Memory

  @Override
  public boolean supportsStorageRetrieval() {
    return !isTerminated();
  }

  @Override
  public IMemoryBlock getMemoryBlock(long start, long length) throws DebugException {
    return new MonitoredMemory(this, 0, "0x%x".formatted(start), BigInteger.valueOf(start));
  }

  @Override
  public IMemoryBlockExtension getExtendedMemoryBlock(String expression, Object context) throws DebugException {
    int cpu = context instanceof CpuThread thread ? thread.index() : context instanceof CodeFrame frame ? frame.thread().index() : 0;
    long address = look(() -> NamedAddress.of(machine.shown().withNames(), machine.shown().processor(cpu), expression.strip()).address());
    return new MonitoredMemory(this, cpu, expression.strip(), unsigned(address));
  }

  /** Memory as a CPU's code has it. @return fewer bytes if no RAM is mapped behind them */
  byte[] read(int cpu, long address, int length) throws DebugException {
    return look(() -> ReadableBytes.of(machine.shown().processor(cpu).memory(), address, length));
  }

  /** Looks into the machine, or writes to it, while it stands. @throws DebugException saying why that can't be */
  <T> T look(Callable<T> what) throws DebugException {
    try {
      return machine.look(what);
    } catch (BadInput | IllegalArgumentException | IllegalStateException e) {
      throw refused(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused("given up");
    }
  }

  /** Why something can't be, as the platform shows it. */
  static DebugException refused(String why) {
    return new DebugException(new Status(IStatus.ERROR, MODEL, DebugException.TARGET_REQUEST_FAILED, why, null));
  }

  /** For logs. */
  @Override
  public String toString() {
    return name + ", " + machine.state() + (standing.isEmpty() ? "" : ", " + standing) + ", " + machine.breaks();
  }

  static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
