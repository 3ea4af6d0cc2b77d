// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.SimpleNetworkContract;

/** The front end's protocol keeps the contract. */
class PvSimpleNetworkTest extends SimpleNetworkContract {
  private static final class PvCard implements Card {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final NetworkBackEnd back = new NetworkBackEnd(firmware);
    private final long protocol;

    PvCard() {
      PvNetworkLayer layer = new PvNetworkLayer();
      layer.begin(firmware);
      long handle = firmware.handles().install(0, Protocol.XEN_BUS, back.device());
      assertEquals(0, firmware.connect(layer, handle));
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
      back.give(frame, 2);
    }

    @Override
    public List<byte[]> sent() {
      return back.sent;
    }

    @Override
    public void holds() {
      back.lie = NetworkBackEnd.Lie.SILENT;
    }

    @Override
    public void releases() {
      back.lie = NetworkBackEnd.Lie.NONE;
      back.answer();
    }

    @Override
    public void fails() {
      firmware.faults().call(1, EfiStatus.DEVICE_ERROR);
    }
  }

  @Override
  protected Card card() {
    return new PvCard();
  }
}
