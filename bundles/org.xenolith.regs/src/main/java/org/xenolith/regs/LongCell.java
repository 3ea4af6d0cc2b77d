// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/** One declared 64-bit piece of state, read and written directly by the model that declared it. */
public final class LongCell {
  /** The current value. */
  public long value;
  final long reset;

  LongCell(long reset) {
    this.reset = reset;
    this.value = reset;
  }

  /** Whether the value is not zero. */
  public boolean isSet() { return value != 0; }

  /** Stores 1 or 0. */
  public void set(boolean on) {
    value = on ? 1 : 0;
  }
}
