// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.xenolith.launch.api.RunControl;

/** Whether a machine is halted, and how it comes to be. Any thread. */
final class HaltedMachine {
  private final RunControl control;
  private boolean halted;
  private boolean closed;

  HaltedMachine(RunControl control) {
    this.control = control;
  }

  RunControl control() {
    return control;
  }

  /** It stands still. */
  synchronized void halted() {
    halted = true;
    notifyAll();
  }

  /** Halts it, and waits until it is; false if its life ends before, or whoever wants it is gone: between two runs, and after the last, nothing halts. */
  boolean halt(BooleanSupplier gone) throws InterruptedException {
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

  /** Somebody is gone: who waits asks for that again. */
  synchronized void lost() {
    notifyAll();
  }

  private synchronized void goes() {
    halted = false;
  }

  void go() {
    goes();
    control.resume();
  }

  void go(ResumeRequest request) {
    goes();
    if (request.step().isPresent()) {
      control.step(request.step().getAsInt());
    } else {
      control.resume();
    }
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
