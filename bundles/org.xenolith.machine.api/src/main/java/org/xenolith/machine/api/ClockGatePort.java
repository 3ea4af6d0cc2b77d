// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/**
 * The permanent place at a clock's node where the model of the clock and what it clocks meet: whether the clock runs. A clock
 * that no model drives runs. Not saved: a clock's model drives it again from its own state. Machine thread only.
 */
public final class ClockGatePort {
  private boolean running = true;

  /** Clock side: opens or closes the gate. */
  public void drive(boolean on) {
    running = on;
  }

  /** Consumer side: whether the clock runs and its domain is out of reset; to be asked anew for each access. */
  public boolean running() {
    return running;
  }
}
