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

class VirtioMmioContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new VirtioMmioComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200)
        .interrupt("/intc", 0, 16, 1).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(VirtioMmioRegister.values());
  }

  /** Virtual I/O Device 1.2, 4.2.2, with nothing plugged in: registers of a queue are none then. */
  @Override
  protected String manual() {
    return """
        000 MagicValue 74726976 0   # "virt"
        004 Version 2 0
        008 DeviceID 0 0   # nothing is plugged in
        00C VendorID 4f4e4558 0
        010 DeviceFeatures 0 0
        014 DeviceFeaturesSel 0 ffffffff
        020 DriverFeatures 0 0
        024 DriverFeaturesSel 0 ffffffff
        030 QueueSel 0 ffffffff
        034 QueueNumMax 0 0
        038 QueueNum 0 0
        044 QueueReady 0 0
        050 QueueNotify 0 0
        060 InterruptStatus 0 0
        064 InterruptACK 0 0
        070 Status 0 0
        080 QueueDescLow 0 0
        084 QueueDescHigh 0 0
        090 QueueDriverLow 0 0
        094 QueueDriverHigh 0 0
        0A0 QueueDeviceLow 0 0
        0A4 QueueDeviceHigh 0 0
        0AC SHMSel 0 ffffffff
        0B0 SHMLenLow ffffffff 0   # no region: all ones
        0B4 SHMLenHigh ffffffff 0
        0B8 SHMBaseLow ffffffff 0
        0BC SHMBaseHigh ffffffff 0
        0FC ConfigGeneration 0 0
        """;
  }

  /** The driver's status bits are stored, but not one by one. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(VirtioMmioRegister.Status);
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
