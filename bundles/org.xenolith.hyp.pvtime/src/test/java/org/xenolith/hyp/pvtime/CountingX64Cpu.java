// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.xenolith.machine.api.Clock;
import org.xenolith.testkit.hyp.FakeX64Cpu;

/** An x86-64 CPU of which there is nothing but the time-stamp counter: virtual time in units of its frequency, with an offset. */
final class CountingX64Cpu extends FakeX64Cpu {
  private final int index;
  private final Clock clock;
  private final long hertz;
  private long offset;

  CountingX64Cpu(int index, Clock clock, long hertz) {
    this.index = index;
    this.clock = clock;
    this.hertz = hertz;
  }

  /** Software wrote to the counter. */
  void ahead(long ticks) {
    offset = ticks;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int apicId() {
    return index;
  }

  @Override
  public boolean bootstrap() {
    return index == 0;
  }

  @Override
  public long timeStamp() {
    long now = clock.now();
    return now / 1_000_000_000 * hertz + now % 1_000_000_000 * hertz / 1_000_000_000 + offset;
  }

  @Override
  public long timeStampHertz() {
    return hertz;
  }

  @Override
  public long timeOf(long timeStamp) {
    return Long.MAX_VALUE;
  }
}
