// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.xen.abi.XenErrno;

/** All sub-operations for all kinds of domains, with numbers instead of names. */
class PhysicalDeviceCallsTest {
  private static Set<Integer> served(boolean hardware, int emulation) {
    Set<Integer> served = new TreeSet<>();
    for (int number = -2; number < 300; number++) {
      int answer = PhysicalDeviceCalls.answer(hardware, emulation, number);
      if (answer == 0) {
        served.add(number);
      } else {
        assertEquals(-XenErrno.XEN_ENOSYS, answer);
      }
    }
    return served;
  }

  @Test
  void guestsMapInterruptsAndNothingElse() {
    assertEquals(Set.of(13, 14), served(false, EmulationFlags.LAPIC));
    assertEquals(Set.of(13, 14), served(false, 0));
  }

  @Test
  void theHardwareDomainTellsOfFunctionsAndOfInputsOfIoApics() {
    assertEquals(Set.of(13, 14, 21, 24, 25, 26, 29, 32), served(true, EmulationFlags.LAPIC | EmulationFlags.IOAPIC | EmulationFlags.VPCI));
  }

  @Test
  void whoHasPhysicalInterruptsByEventChannelsEndsThem() {
    assertEquals(Set.of(5, 12, 13, 14, 23), served(false, EmulationFlags.USE_PIRQ));
    assertEquals(Set.of(5, 12, 13, 14, 21, 23, 24, 25, 26, 29, 32), served(true, EmulationFlags.ALL));
  }

  /** No other flag decides, for all 2,048 sets. */
  @Test
  void onlyOneFlagCounts() {
    for (int emulation = 0; emulation < 1 << 11; emulation++) {
      for (boolean hardware : new boolean[] {false, true}) {
        assertEquals(served(hardware, emulation & 0x200), served(hardware, emulation));
      }
    }
  }
}
