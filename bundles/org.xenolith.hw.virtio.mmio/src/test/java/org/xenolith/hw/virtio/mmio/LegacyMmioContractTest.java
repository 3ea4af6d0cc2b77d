// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** The legacy interface. */
class LegacyMmioContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new VirtioMmioComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200)
        .interrupt("/intc", 0, 16, 1).option("legacy", "true").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(LegacyMmioRegister.values());
  }

  /** Virtual I/O Device 1.2, 4.2.4, with nothing plugged in: registers of a queue are none then. */
  @Override
  protected String manual() {
    return """
        000 MagicValue 74726976 0   # "virt"
        004 Version 1 0   # legacy
        008 DeviceID 0 0   # nothing is plugged in
        00C VendorID 4f4e4558 0
        010 HostFeatures 0 0
        014 HostFeaturesSel 0 ffffffff
        020 GuestFeatures 0 0
        024 GuestFeaturesSel 0 ffffffff
        028 GuestPageSize 0 ffffffff
        030 QueueSel 0 ffffffff
        034 QueueNumMax 0 0
        038 QueueNum 0 0
        03C QueueAlign 0 ffffffff
        040 QueuePFN 0 0
        050 QueueNotify 0 0
        060 InterruptStatus 0 0
        064 InterruptACK 0 0
        070 Status 0 0
        """;
  }

  /** The driver's status bits are stored, but not one by one. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(LegacyMmioRegister.Status);
  }

  /** A function comes and goes. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    VirtioPort port = context.port(VirtioPort.class);
    if (random.nextInt(3) == 0) {
      port.plug(null);
    } else if (port.function() == null) {
      port.plug(new EchoFunction(port));
    } else if (port.transport() != null) {
      port.transport().configChanged();
    }
  }
}
