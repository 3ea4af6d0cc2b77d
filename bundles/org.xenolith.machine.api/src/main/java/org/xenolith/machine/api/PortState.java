package org.xenolith.machine.api;

import org.xenolith.regs.DeviceState;

/** A permanent port that holds state which a guest can come to see. */
public interface PortState {
  /** The declared state. */
  DeviceState state();
}
