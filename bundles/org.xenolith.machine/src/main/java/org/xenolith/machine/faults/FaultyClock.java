// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.faults;

import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.time.NodeClock;

/** A fault of a node's clock, whose state is with the machine's clocks. */
record FaultyClock(HardwareFault.Clock fault, NodeClock clock) implements LastingFault {
  @Override
  public void begins() {
    switch (fault.manner()) {
      case FAST -> clock.run(NodeClock.RIGHT + fault.measure());
      case SLOW -> clock.run(NodeClock.RIGHT - fault.measure());
      case STOPPED -> clock.run(0);
      case AHEAD -> clock.jump(fault.measure());
      default -> clock.jump(-fault.measure());
    }
  }

  @Override
  public void ends() {
    clock.run(NodeClock.RIGHT);
  }

  @Override
  public void goes() {
    // the clocks' own state says how they go on
  }
}
