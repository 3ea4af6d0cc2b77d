// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** An interface that allocates pages and tells where they are; the correct one keeps the contract. */
class TwinInterfaceTest extends InterfaceContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, ANY_INTERFACE, ANOTHER_STATUS, ALLOCATES_FIRST, ALLOCATES_FOR_ANYBODY, KEEPS_SOMETHING_OUTSIDE
  }

  Defect defect = Defect.NONE;
  private int kept;

  @Override
  protected Published published() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    EfiLayer layer = layer();
    long place = firmware.interfaceMemory(layer, 16, 1);
    firmware.interfaceMemory(layer, 16, 2);
    firmware.memory().put64(place + 8, firmware.guest(call -> allocate(firmware, place, call)));
    return Published.of(firmware, place, 16, 8, 1);
  }

  /** Whose interfaces they are: nothing is asked of it but its name. */
  private static EfiLayer layer() {
    return new EfiLayer() {
      @Override
      public String name() {
        return "twin";
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public void begin(Firmware firmware) {}

      @Override
      public EfiFunction function(String name) {
        throw new IllegalArgumentException(name);
      }
    };
  }

  @Override
  protected String outside() {
    return "kept " + kept;
  }

  private EfiStep allocate(FakeFirmware firmware, long place, Call call) {
    if (defect == Defect.ALLOCATES_FOR_ANYBODY) {
      firmware.pages(1);
    }
    if (call.argument(0) != place && defect != Defect.ANY_INTERFACE) {
      return EfiStep.done(defect == Defect.ANOTHER_STATUS ? EfiStatus.UNSUPPORTED : EfiStatus.INVALID_PARAMETER);
    }
    if (defect == Defect.KEEPS_SOMETHING_OUTSIDE) {
      kept++;
    }
    if (call.argument(0) == place && defect != Defect.ALLOCATES_FIRST) {
      firmware.memory().put64(call.argument(1), 0);
    }
    long pages = firmware.pages(1);
    firmware.memory().put64(call.argument(1), pages);
    return EfiStep.done();
  }
}
