// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.InterruptLine;

/** A wire that remembers its level and counts its edges. */
public final class FakeLine implements InterruptLine {
  private boolean level;
  private int risingEdges;
  private int fallingEdges;
  private int drives;

  FakeLine() {}

  @Override
  public void set(boolean newLevel) {
    drives++;
    if (newLevel != level) {
      level = newLevel;
      if (newLevel) {
        risingEdges++;
      } else {
        fallingEdges++;
      }
    }
  }

  @Override
  public boolean level() {
    return level;
  }

  /** How often its level was set, to the same or another one. */
  int drives() {
    return drives;
  }

  /** Another level than it should have, and nobody set it: as if it were another wire. */
  void disturb() {
    level = !level;
  }

  /** How often it went from low to high. */
  public int risingEdges() {
    return risingEdges;
  }

  /** How often it went from high to low. */
  public int fallingEdges() {
    return fallingEdges;
  }
}
