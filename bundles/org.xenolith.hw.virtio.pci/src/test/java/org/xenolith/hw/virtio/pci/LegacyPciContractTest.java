// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** The legacy interface. */
class LegacyPciContractTest extends DeviceModelContract {
  private static final long PORT = 0x1000;

  @Override
  protected DeviceModelFactory factory() {
    return new VirtioPciComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("virtio@1", "xenolith,pci-virtio-legacy").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** A function comes and goes, and a guest tries everything. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    VirtioPort port = context.port(VirtioPort.class);
    if (random.nextInt(8) == 0) {
      port.plug(port.function() == null ? new EchoFunction(port) : null);
    }
    PciTarget function = context.port(context.node().parent(), PciBusPort.class).function(FakePciHost.DEVFN);
    if (function == null) {
      return;
    }
    if (random.nextInt(4) == 0) {
      int size = 1 << random.nextInt(3);
      function.writeConfig(random.nextInt(0x100) & -size, size, random.nextInt());
    }
    function.writeConfig(0x10, 4, (int) PORT);
    function.writeConfig(0x14, 4, (int) FakePciHost.MEMORY);
    function.writeConfig(4, 2, 7);
    for (int i = 0; i < 16; i++) {
      access(function, random);
    }
  }

  private static void access(PciTarget function, RandomGenerator random) {
    LegacyHeader field = LegacyHeader.values()[random.nextInt(LegacyHeader.values().length)];
    boolean known = random.nextInt(3) != 0;
    int size = known ? field.size : 1 << random.nextInt(4);
    long offset = known ? field.offset : random.nextInt(0x100) & -size;
    long value = switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> FakeMemory.BASE / 4096 + random.nextInt(64);
      case 2 -> 7;
      default -> random.nextInt(4);
    };
    PciAperture found = function.decode(true, PORT + offset);
    if (found != null) {
      found.device().readBar(found.bar(), offset, size);
      found.device().writeBar(found.bar(), offset, size, value & -1L >>> 64 - 8 * size);
    }
  }
}
