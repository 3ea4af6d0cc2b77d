// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * The permanent place where up to 64 general-purpose pins leave the machine: buttons and switches of the outside drive
 * inputs, a GPIO model drives outputs. Machine thread only.
 */
public final class GpioPort implements PortState {
  private final DeviceState state = new DeviceState();
  private final LongCell inputs = state.cell("inputs", 0);
  private Runnable onInput = () -> {};
  private OutputListener onOutput = (pins, driven) -> {};

  /** Is told what the guest drives. */
  public interface OutputListener {
    /**
     * @param pins   levels, bit n is pin n
     * @param driven which pins are outputs
     */
    void changed(long pins, long driven);
  }

  /** Model: the levels that the outside drives, bit n is pin n. */
  public long inputs() {
    return inputs.value;
  }

  /** Model: runs when an input changed; replaces an earlier one. */
  public void onInput(Runnable action) {
    onInput = action;
  }

  /** Model: the levels and directions of the outputs changed. */
  public void drive(long pins, long driven) {
    onOutput.changed(pins, driven);
  }

  /** Outside, at a safe point: sets the level of one pin. */
  public void set(int pin, boolean level) {
    long before = inputs.value;
    inputs.value = level ? before | 1L << pin : before & ~(1L << pin);
    if (inputs.value != before) {
      onInput.run();
    }
  }

  /** Outside: who is told of outputs. */
  public void connect(OutputListener listener) {
    onOutput = listener;
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
