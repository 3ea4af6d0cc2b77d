// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import org.xenolith.machine.api.Clock;
import org.xenolith.testkit.hyp.FakeX64Cpu;

/** A physical CPU that has nothing but a time-stamp counter, of 2 GHz. */
final class StampingCpu extends FakeX64Cpu {
  private final Clock clock;

  StampingCpu(Clock clock) {
    this.clock = clock;
  }

  @Override
  public long timeStamp() {
    return clock.now() * 2;
  }

  @Override
  public long timeOf(long timeStamp) {
    return Math.max(clock.now(), (timeStamp >>> 1) + (timeStamp & 1));
  }
}
