// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.efi.boot.kit.RootBridgeLayer;
import org.xenolith.efi.boot.kit.TreeDevice;

/** A correct root bridge, whose configuration space is memory. */
final class TwinHostLayer extends RootBridgeLayer {
  static final EfiGuid HOST = EfiGuid.of("5b1f27b5-7c0e-4e55-8a6f-6a3a3b1d8f10");

  TwinHostLayer() {
    super(HOST, "twin,host");
  }

  @Override
  public String name() {
    return "twin.host";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return "Twin";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    TreeDevice host = device(call.firmware().tree(), open(call, driver, controller, HOST));
    publish(call.firmware(), controller, host, host.base(), 1, 0);
    return EfiStep.done();
  }

  @Override
  protected EfiStep configuration(Call call, boolean write, long[] numbers, Target target) {
    return PciAccess.touch(call, write, call.argument(1), numbers[CONFIGURATION] + (target.offset() << 12) + target.register(),
        call.argument(3), call.argument(4));
  }
}
