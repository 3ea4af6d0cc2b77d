// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.OptionalInt;
import org.xenolith.machine.api.PowerPort;

/** Counts what firmware or a device asks for. */
public final class FakePower implements PowerPort {
  private int powerOffs;
  private int resets;
  private int warmResets;
  private String why = "";
  private OptionalInt status = OptionalInt.empty();

  FakePower() {}

  @Override
  public void powerOff() {
    powerOffs++;
  }

  @Override
  public void reset() {
    resets++;
  }

  @Override
  public void reset(String reason) {
    why = reason;
    reset();
  }

  @Override
  public void warmReset(String reason) {
    why = reason;
    warmResets++;
  }

  @Override
  public void exit(int given) {
    status = OptionalInt.of(given);
  }

  /** The status of the last request to end the run with one; empty without. */
  public OptionalInt status() {
    return status;
  }

  /** Requests for a warm reset so far. */
  public int warmResets() {
    return warmResets;
  }

  /** The reason of the last reset that had one; empty without. */
  public String why() {
    return why;
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
