package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.regs.DeviceState;

/** A permanent port that holds state which a guest can come to see. */
@ConsumerType
public interface PortState {
  /** The declared state. */
  DeviceState state();
}
