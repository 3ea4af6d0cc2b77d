// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.xenolith.machine.control.MachineState;

/**
 * What a fork goes on from.
 *
 * @param own whether nobody else has it, so that it goes with the fork
 */
record ForkedState(MachineState state, boolean own) implements AutoCloseable {
  @Override
  public void close() {
    if (own) {
      state.close();
    }
  }
}
