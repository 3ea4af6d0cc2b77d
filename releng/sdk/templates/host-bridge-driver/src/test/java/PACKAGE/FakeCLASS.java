// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.hyp.FakeConfiguration;

/** The bridge as its driver meets it: an ECAM from bus 2 on that returns the lowest bytes of a word to narrow reads. */
record Fake@CLASS@(FakeConfiguration behind) implements PhysicalBus {
  static final long ECAM = 0x40_1000_0000L;
  static final int FIRST_BUS = 2;
  static final int LAST_BUS = 5;

  private static int rid(long address) {
    return (int) (address - ECAM >>> 12) + (FIRST_BUS << 8);
  }

  @Override public long read(long address, int size) {
    return behind.read(rid(address), (int) address & 0xFFC, 4) & 0xFFFF_FFFFL >>> 32 - 8 * size;
  }

  @Override public void write(long address, int size, long value) {
    behind.write(rid(address), (int) address & 0xFFF, size, (int) value);
  }
}
