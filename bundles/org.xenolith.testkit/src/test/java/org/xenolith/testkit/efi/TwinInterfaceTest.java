// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
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
    long place = firmware.room(16);
    firmware.memory().put64(place + 8, firmware.guest(call -> allocate(firmware, place, call)));
    return Published.of(firmware, place, 16, 8, 1);
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
