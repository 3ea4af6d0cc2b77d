// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RegisterRow;

/** With eight ports, four times the two, so that all sizes fit; between two accesses a driver writes bytes that matter. */
class CmosRtcContractTest extends DeviceModelContract {
  private static final List<RegisterRow> PORTS = List.of(new RegisterRow("first", RegisterSpec.at(0, "ports")), new RegisterRow("second",
      RegisterSpec.at(4, "ports")));

  @Override
  protected DeviceModelFactory factory() {
    return new CmosRtcComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/isa/rtc@1,70").compatible("motorola,mc146818").window(0x70, 8).interrupt("/intc", 8, 0).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return PORTS;
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.copyOf(PORTS);
  }

  /** A read of register C clears it, one of the time brings it up to date. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.copyOf(PORTS);
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (context.claimed(0)) {
      context.write(0, 0, 1, random.nextInt(16));
      context.write(0, 1, 1, random.nextInt(256));
      context.write(0, 0, 1, random.nextInt(8) == 0 ? 0x0C : 0x0B);
      if (random.nextBoolean()) {
        context.read(0, 1, 1);
      } else {
        context.write(0, 1, 1, random.nextInt(128));
      }
      context.clock().advance(random.nextLong(2_000_000_000L));
    }
  }

  @Override
  protected Set<String> onBattery() {
    return Set.of("bytes", "second", "seen");
  }
}
