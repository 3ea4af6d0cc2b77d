// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.xenolith.launch.api.RunControl;

/** Whether a machine is halted, and how it comes to be. Any thread. */
public final class HaltedMachine {
  private final RunControl control;
  private boolean halted;
  private boolean closed;

  /** @param control halts its runs */
  public HaltedMachine(RunControl control) {
    this.control = control;
  }

  /** What halts its runs. */
  public RunControl control() {
    return control;
  }

  /** It stands still. */
  synchronized void halted() {
    halted = true;
    notifyAll();
  }

  /** Halts it, and waits until it is; false if its life ends before, or whoever wants it is gone: between two runs, and after the last, nothing halts. */
  public boolean halt(BooleanSupplier gone) throws InterruptedException {
    control.halt();
    synchronized (this) {
      while (!halted && !closed && !gone.getAsBoolean()) {
        wait();
      }
      return halted && !closed;
    }
  }

  /** Halts it, and waits for so long. Returns whether it stands still. */
  boolean halt(long milliseconds) throws InterruptedException {
    control.halt();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    synchronized (this) {
      for (long left = milliseconds; !halted && !closed && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
        wait(left);
      }
      return halted && !closed;
    }
  }

  /** Looks into it, or changes it, while it is halted, as {@code RunControl.look}. One that somebody else, at the prompt say, has let go on is halted for that, and stays so. */
  public <T> T look(Callable<T> look) throws InterruptedException {
    try {
      return control.look(look);
    } catch (IllegalStateException e) {
      control.halt();
      return control.look(look);
    }
  }

  /** The same without a result. */
  public void look(Runnable look) throws InterruptedException {
    look(() -> {
      look.run();
      return true;
    });
  }

  /** Somebody is gone: who waits asks for that again. */
  synchronized void lost() {
    notifyAll();
  }

  private synchronized void goes() {
    halted = false;
  }

  /** Lets it go on. */
  public void go() {
    goes();
    control.resume();
  }

  /** Lets it go on until a CPU has executed one instruction. @param cpu its index */
  public void step(int cpu) {
    goes();
    control.step(cpu);
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
