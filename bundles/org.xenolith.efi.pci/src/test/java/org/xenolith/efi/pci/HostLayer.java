// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.efi.boot.kit.RootBridgeLayer;
import org.xenolith.efi.boot.kit.TreeDevice;

/** The kit's root bridge, whose configuration space is memory. */
final class HostLayer extends RootBridgeLayer {
  static final EfiGuid HOST = EfiGuid.of("3f0f6f0c-5b4e-4a43-9c0c-51b1a8f0d2e7");

  HostLayer() {
    super(HOST, "test,host");
  }

  @Override
  public String name() {
    return "test.host";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return "Test";
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
