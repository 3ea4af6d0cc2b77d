// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** A {@link TwinDriver} with the defects that a driver which extends the kit's class can't have. */
record TwinLayer(TwinDriver driver, TwinDriver.Defect defect) implements EfiLayer {
  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public int version() {
    return driver.version();
  }

  @Override
  public void begin(Firmware firmware) {
    driver.begin(firmware);
  }

  @Override
  public EfiFunction function(String name) {
    EfiFunction function = driver.function(name);
    if (defect == TwinDriver.Defect.BELIEVES_THIS && name.equals("Supported")) {
      return call -> EfiStep.done();
    }
    if (defect == TwinDriver.Defect.STOP_OF_ANY_CHILD && name.equals("Stop")) {
      return call -> isStranger(call.firmware(), call.argument(2), call.argument(3)) ? EfiStep.done() : function.next(call);
    }
    return function;
  }

  private static boolean isStranger(Firmware firmware, long count, long list) {
    return count != 0 && !firmware.handles().has(firmware.memory().get64(list), TwinDriver.PUBLISHED);
  }
}
