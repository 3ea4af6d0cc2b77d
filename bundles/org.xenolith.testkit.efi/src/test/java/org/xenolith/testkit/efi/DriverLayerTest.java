// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A driver that says it manages one protocol opens no other. */
class DriverLayerTest {
  private static final class Greedy extends DriverLayer {
    @Override
    public String name() {
      return "greedy";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    protected String title() {
      return "Greedy Driver";
    }

    @Override
    public EfiGuid managed() {
      return Protocol.VIRTIO_DEVICE;
    }

    @Override
    protected EfiStep supported(Call call, long driver, long controller, long remaining) {
      tryOpen(call, driver, controller, Protocol.PCI_IO);
      return EfiStep.done();
    }

    @Override
    protected EfiStep start(Call call, long driver, long controller, long remaining) {
      open(call, driver, controller, Protocol.VIRTIO_DEVICE);
      open(call, driver, controller, Protocol.PCI_IO);
      return EfiStep.done();
    }

    @Override
    protected EfiStep stop(Call call, long driver, long controller, long[] children) {
      return EfiStep.done();
    }

    @Override
    protected EfiFunction other(String name) {
      return null;
    }
  }

  @Test
  void anotherProtocolThanTheManagedOneIsNotOpened() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    Greedy layer = new Greedy();
    layer.begin(firmware);
    long controller = firmware.handles().install(0, Protocol.VIRTIO_DEVICE, 0);
    firmware.handles().install(controller, Protocol.PCI_IO, 0);
    for (String function : List.of("Supported", "Start")) {
      IllegalStateException bug = assertThrows(IllegalStateException.class, () -> firmware.call(firmware.function(layer, function), firmware
          .binding(layer), controller, 0));
      assertEquals("greedy opens " + Protocol.PCI_IO + " BY_DRIVER, and says that it manages " + Protocol.VIRTIO_DEVICE, bug.getMessage());
    }
    assertEquals(List.of(), firmware.handles().uses(controller, Protocol.PCI_IO));
  }
}
