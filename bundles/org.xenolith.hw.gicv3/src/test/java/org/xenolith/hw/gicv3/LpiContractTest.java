// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.random.RandomGenerator;
import org.xenolith.arm.api.LpiController;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;

/** The contract with LPIs, which an ITS drives between two accesses. */
class LpiContractTest extends Gicv3ContractTest {
  private static final long CONFIGURATION = FakeMemory.BASE;
  private static final long PENDING = FakeMemory.BASE + 0x2_0000;

  @Override
  protected PlatformNode node() {
    return builder().option("lpi", "true").build();
  }

  @Override
  long typer() {
    return TYPER | 1 << 17;
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    super.outsideInput(context, random);
    LpiController lpis = context.port(LpiPort.class).controller();
    if (lpis == null) {
      return;
    }
    int cpu = random.nextInt(3) - (random.nextInt(8) == 0 ? 1 : 0);
    int id = 8192 + random.nextInt(8);
    switch (random.nextInt(10)) {
      case 0 -> enable(context, random.nextInt(2), random.nextInt(3) != 0);
      case 1 -> context.dma().write(CONFIGURATION + random.nextInt(8), 1, random.nextInt(256));
      case 2 -> lpis.clearPending(cpu, id);
      case 3 -> lpis.reload(cpu, id);
      case 4 -> lpis.reloadAll(cpu);
      case 5 -> lpis.move(cpu, random.nextInt(3), id);
      case 6 -> lpis.moveAll(cpu, random.nextInt(3));
      case 7 -> lpis.setPending(cpu, random.nextInt());
      default -> lpis.setPending(cpu, id);
    }
  }

  private static void enable(FakeContext context, int cpu, boolean on) {
    long frame = 0x2_0000L * cpu;
    context.write(1, frame + 0x70, 8, CONFIGURATION | 15);
    context.write(1, frame + 0x78, 8, PENDING + 0x1_0000 * cpu);
    context.write(1, frame, 4, on ? 1 : 0);
  }
}
