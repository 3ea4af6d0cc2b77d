// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.time.EventQueue.QueuedAlarm;

/** What arrives at the end of a line that has a fault. */
public final class LineFault {
  private final HardwareFault.Line fault;
  /** Moves a storm on; made for every fault, and armed for a storm only. */
  private final QueuedAlarm pulse;
  /** Rising edges that a line has had which loses some. */
  private long edges;
  private boolean shown;

  /** @param pulse calls {@link #pulse} and {@link InterruptFabric#faultMoved} */
  public LineFault(HardwareFault.Line fault, QueuedAlarm pulse) {
    this.fault = fault;
    this.pulse = pulse;
    shown = fault.manner() == HardwareFault.Line.Manner.HIGH;
  }

  /** The line's own level has changed, or is that at the beginning. */
  void driven(boolean level, boolean edge) {
    if (fault.manner() == HardwareFault.Line.Manner.LOST) {
      if (level && edge) {
        edges++;
      }
      shown = level && (!edge || edges % fault.measure() != 0);
    }
  }

  /** A storm goes on. @param now virtual nanoseconds */
  public void pulse(long now) {
    if (fault.manner() == HardwareFault.Line.Manner.STORM) {
      shown = !shown;
      pulse.at(now + fault.measure());
    }
  }

  boolean shown() {
    return shown;
  }

  /** It is over. */
  public void end() {
    pulse.cancel();
  }

  /** What a snapshot must have of it. */
  public String saved() {
    return edges + " " + shown + ' ' + pulse.deadline() + ' ' + pulse.order();
  }

  /** Goes on from what was {@link #saved}. */
  public void restore(String saved) {
    String[] words = saved.split(" ");
    edges = Long.parseLong(words[0]);
    shown = Boolean.parseBoolean(words[1]);
    pulse.restore(Long.parseLong(words[2]), Long.parseLong(words[3]));
  }
}
