package org.xenolith.firmware.psci;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Firmware has no window: the window of this node, which nobody claims, stands for none. */
class PsciContractTest extends DeviceModelContract {
  private record None(RegisterSpec spec, String name) implements Register { }

  @Override protected DeviceModelFactory factory() {
    return new PsciComponent();
  }

  @Override protected PlatformNode node() {
    return FakeNode.at("/psci").compatible("arm,psci-1.0").window(0, 4).property(FdtProperty.ofStrings("method", "hvc"))
        .build();
  }

  @Override protected int cpus() {
    return 4;
  }

  @Override protected List<? extends Register> registers() {
    return List.of(new None(RegisterSpec.at(0, "none"), "none"));
  }

  @Override protected Set<? extends Register> computed() {
    return Set.copyOf(registers());
  }

  /** Calls with identifiers and arguments that are right, nearly right, and anything. */
  @Override protected void outsideInput(FakeContext context, RandomGenerator random) {
    long identifier = random.nextInt(8) == 0 ? random.nextLong()
        : (random.nextBoolean() ? 0x8400_0000L : 0xC400_0000L) + random.nextInt(0x16);
    long argument = random.nextBoolean() ? random.nextInt(6) : random.nextLong();
    context.call(random.nextInt(4), random.nextBoolean(), identifier, argument, random.nextLong(), random.nextLong());
  }
}
