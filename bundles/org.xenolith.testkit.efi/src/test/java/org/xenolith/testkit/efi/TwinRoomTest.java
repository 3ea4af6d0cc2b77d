// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** Room that a driver of a test's publishes; the correct one keeps the contract. */
class TwinRoomTest extends XenIoContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, PLACES_OF_32_BITS, ITS_OWN_HANDLE, LOOKS_AT_THE_TABLE, MOVES, STAYS, WITHIN_A_PAGE, NOWHERE, SAYS_NOTHING, REFUSES_WITH_A_REST
  }

  Defect defect = Defect.NONE;

  private final class Twin implements Room {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final long controller = firmware.handles().install(0, Protocol.DEVICE_PATH, firmware.room(8));
    private final long at = firmware.room(8);
    private long place;

    Twin(long place) {
      this.place = place;
    }

    @Override
    public long connect() {
      if ((place & 4095) != 0 && defect != Defect.WITHIN_A_PAGE || place == 0 && defect != Defect.NOWHERE) {
        if (defect != Defect.SAYS_NOTHING) {
          firmware.report("no place");
        }
        if (defect == Defect.REFUSES_WITH_A_REST) {
          firmware.pages(1);
        }
        return EfiStatus.UNSUPPORTED.code();
      }
      if (defect == Defect.LOOKS_AT_THE_TABLE) {
        firmware.call(firmware.guest(call -> call.step() != 0 ? EfiStep.done() : EfiStep.touch(1, EfiAccess.read(4, place))));
      }
      firmware.memory().put64(at, defect == Defect.PLACES_OF_32_BITS ? place & 0xFFFF_FFFFL : place);
      firmware.handles().install(defect == Defect.ITS_OWN_HANDLE ? 0 : controller, Protocol.XEN_IO, at);
      place += defect == Defect.MOVES ? 4096 : 0;
      return 0;
    }

    @Override
    public long disconnect() {
      if (defect != Defect.STAYS) {
        firmware.handles().uninstall(controller, Protocol.XEN_IO, at);
      }
      return 0;
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long controller() {
      return controller;
    }
  }

  @Override
  protected Room room(long place) {
    return new Twin(place);
  }
}
