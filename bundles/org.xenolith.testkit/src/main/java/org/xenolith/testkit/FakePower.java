// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.PowerPort;

/** Counts what firmware or a device asks for. */
public final class FakePower implements PowerPort {
  private int powerOffs;
  private int resets;

  FakePower() {}

  @Override
  public void powerOff() {
    powerOffs++;
  }

  @Override
  public void reset() {
    resets++;
  }

  /** Requests to power off so far. */
  public int powerOffs() {
    return powerOffs;
  }

  /** Requests for a reset so far. */
  public int resets() {
    return resets;
  }
}
