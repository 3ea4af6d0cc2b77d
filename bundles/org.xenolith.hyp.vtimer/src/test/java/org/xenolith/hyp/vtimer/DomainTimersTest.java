// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.RegisterWords;

class DomainTimersTest {
  @Test
  void theTimersOfEachVirtualCpuAreShown() {
    DomainTimers timers = new DomainTimers(1, 2);
    timers.offset.value = 100;
    timers.virtualControl[1] = 1;
    timers.virtualCompare[1] = 2;
    timers.kernelControl[1] = 3;
    timers.physicalControl[1] = 4;
    timers.physicalCompare[1] = 5;
    Map<String, Long> shown = new HashMap<>();
    timers.state.visitRegisters((window, register, value, stored) -> {
      assertNotEquals(RegisterWords.UNSAID, register.words(), register::name);
      shown.put(window + "." + register.name(), value);
    });
    assertEquals(Map.ofEntries(Map.entry("vcpu0.CNTVOFF_EL2", 100L), Map.entry("vcpu0.CNTV_CTL_EL0", 0L), Map.entry("vcpu0.CNTV_CVAL_EL0",
        0L),
        Map.entry("vcpu0.CNTKCTL_EL1", 0L), Map.entry("vcpu0.CNTP_CTL_EL0", 0L), Map.entry("vcpu0.CNTP_CVAL_EL0", 0L), Map.entry(
            "vcpu1.CNTVOFF_EL2", 100L), Map.entry("vcpu1.CNTV_CTL_EL0", 1L), Map.entry("vcpu1.CNTV_CVAL_EL0", 2L), Map.entry(
                "vcpu1.CNTKCTL_EL1", 3L), Map.entry("vcpu1.CNTP_CTL_EL0", 4L), Map.entry("vcpu1.CNTP_CVAL_EL0", 5L)), shown);
  }
}
