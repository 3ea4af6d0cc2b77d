// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

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

  /** Halts it, and waits until it is; false if its life ends before. */
  boolean halt() throws InterruptedException {
    control.halt();
    synchronized (this) {
      while (!halted && !closed) {
        wait();
      }
      return !closed;
    }
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
