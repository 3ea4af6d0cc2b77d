// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xgene.msi;

import org.xenolith.machine.api.MmioHandler;

/** The last group of a controller: what came for its registers. */
final class SmallController implements MmioHandler {
  static final long BASE = 0x0C00_0000L;
  static final long REGISTER = BASE + 0x7F_0000;
  static final long SUMMARY = BASE + 0x8F_0000;
  private static final int GROUP = 0x78_0000;

  final int[] pending = new int[8];

  @Override
  public long read(long offset, int size) {
    if (offset == SUMMARY - BASE) {
      int bits = 0;
      for (int i = 0; i < pending.length; i++) {
        bits |= pending[i] == 0 ? 0 : 1 << i;
      }
      return bits;
    }
    int register = (int) (offset - GROUP) >> 16;
    int value = pending[register];
    pending[register] = 0;
    return value;
  }

  @Override
  public void write(long offset, int size, long value) {
    pending[(int) (offset - GROUP) >> 16] |= 1 << value;
  }
}
