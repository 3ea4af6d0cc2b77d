// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;

/**
 * The runs of a processor, whatever its architecture and engine: the count of its instructions, and what ends a run.
 *
 * <p>An engine executes with {@link #left} counting down, decremented after each instruction, and comes back to the processor to look for interrupts,
 * exits and changes of context when it reaches zero. {@link #attention} makes that happen after the current instruction. {@link #executed} is exact at
 * any call out of the processor.
 */
@ConsumerType
public abstract class CountedProcessor implements Processor {
  /** Instructions to go to the next look at what is pending; an engine decrements it after each. */
  public long left;
  /** Set when what was fetched may no longer be what the next instruction is; the engine looks it up again. */
  public boolean refetch;
  /** Breakpoints and watchpoints of who looks into the machine. */
  public final DebugPoints points = new DebugPoints(this);
  /** Looks for an exception that leads to itself. */
  public final FaultLoop faults;

  private final int index;
  private final DeviceState state = new DeviceState();
  private final List<Ram.CodeListener> codeListeners = new ArrayList<>();
  /** Value of {@link #executed} when {@link #left} reaches zero. */
  private long due;
  private long budget;
  private boolean exit;
  private boolean inRun;

  /** @param index position among the machine's CPUs */
  protected CountedProcessor(int index, FaultLoop faults) {
    this.index = index;
    this.faults = faults;
  }

  @Override
  public final int index() {
    return index;
  }

  /** The declared state: everything but what can be computed again. After restoring it call {@link #restored}. */
  @Override
  public final DeviceState state() {
    return state;
  }

  @Override
  public final FaultLoop faults() {
    return faults;
  }

  @Override
  public final DebugPoints debugPoints() {
    return points;
  }

  /** What to throw when it is to begin with another architecture's entry. */
  protected final ModelException notItsEntry() {
    return new ModelException("cpu " + index + " executes " + instructions()
        + " and can't begin with what was loaded: it is for CPUs of another"
        + " architecture; name a kernel or guest that was made for this board, or another board");
  }

  // ---- Runs

  /** An engine begins to execute at most {@code instructions}. */
  public void begin(long instructions) {
    budget = instructions;
    due = 0;
    left = 0;
    exit = false;
    inRun = true;
  }

  /**
   * Grants the instructions up to the next look: what is pending is taken, then {@link #left} is set.
   *
   * @return whether there is anything to execute; the program counter then says where
   */
  public abstract boolean more();

  /** Whether all that the run was to execute is granted. */
  protected final boolean granted() {
    return due > 0 && due >= budget;
  }

  /** Whether the run is only to take interrupts. */
  protected final boolean onlyLooks() {
    return budget <= 0;
  }

  /** Grants so many instructions at most. */
  protected final void grant(long most) {
    left = Math.min(budget - due, most);
    due += left;
  }

  /** The engine stops executing. Returns the number of instructions executed. */
  public final long end() {
    long count = executed();
    ran(count);
    points.ran(count);
    inRun = false;
    left = 0;
    due = 0;
    return count;
  }

  /** A run has ended in which so many instructions were executed. */
  protected abstract void ran(long executed);

  @Override
  public final long executed() {
    return due - left;
  }

  /** Whether an engine executes it now. */
  public final boolean inRun() {
    return inRun;
  }

  /**
   * So many instructions were completed, and so many are to go, whatever the count was: for who has instructions executed again to compare.
   *
   * @param executed as {@link #executed} gives it
   */
  public final void recount(long executed, long instructions) {
    left = instructions;
    due = executed + instructions;
  }

  /** Makes the engine come back after the current instruction. */
  public final void attention() {
    if (left > 1) {
      due -= left - 1;
      left = 1;
    }
  }

  /** Comes back before the current instruction: whoever executes it counts it once more, which doesn't show. */
  public void comeBack() {
    due = executed();
    left = 1;
  }

  @Override
  public final void requestExit() {
    exit = true;
    attention();
  }

  @Override
  public final boolean exitRequested() {
    return exit;
  }

  // ---- Code coherence

  /** An engine wants to be told when a page that it marked as holding code is written. */
  public final void listenToCode(Ram.CodeListener listener) {
    codeListeners.add(listener);
  }

  /** Undoes {@link #listenToCode}. */
  public final void stopListening(Ram.CodeListener listener) {
    codeListeners.remove(listener);
  }

  @Override
  public final void codeWritten(Ram ram, int offset, int length) {
    for (int i = 0; i < codeListeners.size(); i++) {
      codeListeners.get(i).codeWritten(ram, offset, length);
    }
  }
}
