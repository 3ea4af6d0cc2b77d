// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The contract; between two accesses a driver starts the counter and sets a timer to what comes soon. */
class HpetContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new HpetComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/timer@fed00000").compatible("intel,ce4100-hpet").window(0xFED0_0000L, 0x400).interrupt("/intc", 2, 0)
        .interrupt("/intc", 8, 0).interrupt("/intc", 11, 0).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(HpetRegister.values());
  }

  /** IA-PC HPET specification 1.0a, 2.3. */
  @Override
  protected String manual() {
    return """
        000 GCAP_ID   0098968080862201 0 wide   # 2.3.4: 10^7 fs, Intel, 64 bits, three timers, revision 1
        010 GEN_CONF  0 1 wide                  # 2.3.5: ENABLE_CNF; LEG_RT_CNF is not built
        020 GINTR_STA 0 0 w1c=7 wide            # 2.3.6
        0F0 MAIN_CNT  0 ffffffffffffffff wide   # 2.3.7
        100 T0_CONF   0 14e wide                # 2.3.8: INT_TYPE, INT_ENB, TYPE, VAL_SET, 32MODE
        108 T0_COMP   ffffffffffffffff ffffffffffffffff wide   # 2.3.9
        110 T0_FSB    0 0 wide                  # 2.3.10: no messages
        120 T1_CONF   0 14e wide
        128 T1_COMP   ffffffffffffffff ffffffffffffffff wide
        130 T1_FSB    0 0 wide
        140 T2_CONF   0 14e wide
        148 T2_COMP   ffffffffffffffff ffffffffffffffff wide
        150 T2_FSB    0 0 wide
        """;
  }

  /** Capabilities are of the node. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(HpetRegister.T0_CONF, HpetRegister.T1_CONF, HpetRegister.T2_CONF);
  }

  /** An access brings comparators up to date, which tells no guest anything: what it would read comes of the time. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.of(HpetRegister.values());
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (context.claimed(0)) {
      int timer = 0x100 + 0x20 * random.nextInt(3);
      context.write(0x10, 1);
      context.write(0, timer, 8, random.nextInt(512) | 4);
      context.write(0, timer + 8, 8, context.read(0, 0xF0, 8) + random.nextInt(50_000));
      context.write(0, timer + 8, 4, random.nextInt(50_000));
      context.write(0x20, random.nextInt(8));
    }
  }
}
