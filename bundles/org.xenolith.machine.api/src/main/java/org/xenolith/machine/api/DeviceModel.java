// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.regs.DeviceState;

/**
 * One device of a machine. All that a guest can see of it is in {@link #state()}; windows, lines, alarms and ports were
 * claimed from the {@link DeviceContext} in the factory's {@code create}. Runs on the machine's thread only.
 */
@ConsumerType
public interface DeviceModel {
  /** The declared state; the same object for the model's whole life. */
  DeviceState state();

  /**
   * Cold reset: state to its reset values, alarms cancelled, outputs driven accordingly. Called before first use, unless it begins with a record
   * ({@link DeviceOrigin}). A model that has neither alarms nor outputs has nothing but its state to reset.
   */
  default void reset() {
    state().reset();
  }

  /**
   * The state was just restored: drive outputs and refresh whatever is derived. Must not change state, but for what a device that comes back missed
   * ({@link DeviceContext#origin}). Alarms have been restored by the core.
   */
  default void restored() {}

  /**
   * The device was removed or failed; its state has been captured. Must take back what it gave to ports (callbacks,
   * functions plugged in), so that nobody calls a model that is gone. Everything else the core undoes. Not called when
   * another version takes over: that one's claims replace this one's.
   */
  default void removed() {}
}
