// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.SimpleNetworkContract;

/** The driver's protocol keeps the contract. */
class VirtioSimpleNetworkTest extends SimpleNetworkContract {
  private static final int RX = 0;
  private static final int TX = 1;
  private static final int HEADER = 12;

  private static final class VirtioCard implements Card {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final FakeVirtioDevice device = new FakeVirtioDevice(firmware, 1, new byte[] {0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0});
    private final List<byte[]> sent = new ArrayList<>();
    private final long protocol;
    private boolean holding;

    VirtioCard() {
      VirtioNetworkLayer layer = new VirtioNetworkLayer();
      layer.begin(firmware);
      device.features(1L << 32 | VirtioNetworkLayer.MAC | VirtioNetworkLayer.STATUS);
      device.serve((queue, buffers) -> {
        if (queue == TX) {
          sent.add(firmware.memory().read(buffers.get(1).address(), buffers.get(1).length()));
        }
        return queue == RX || holding ? FakeVirtioDevice.Server.HELD : 0;
      });
      assertEquals(0, firmware.connect(layer, device.handle()));
      protocol = firmware.handles().find(firmware.handles().handles(Protocol.SIMPLE_NETWORK).getFirst(), Protocol.SIMPLE_NETWORK);
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public void arrives(byte[] frame) {
      byte[] all = ByteBuffer.allocate(HEADER + frame.length).put(HEADER, frame).array();
      device.finish(RX, all, all.length);
    }

    @Override
    public List<byte[]> sent() {
      return sent;
    }

    @Override
    public void holds() {
      holding = true;
    }

    @Override
    public void releases() {
      holding = false;
      while (device.held(TX) > 0) {
        device.finish(TX, new byte[0], 0);
      }
    }

    @Override
    public void fails() {
      firmware.faults().call(1, EfiStatus.DEVICE_ERROR);
    }
  }

  @Override
  protected Card card() {
    return new VirtioCard();
  }
}
