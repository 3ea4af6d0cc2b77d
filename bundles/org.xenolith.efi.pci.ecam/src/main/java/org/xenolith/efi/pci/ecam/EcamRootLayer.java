// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.efi.boot.kit.RootBridgeLayer;
import org.xenolith.efi.boot.kit.TreeDevice;

/** Root bridges on the device tree's hosts that are compatible with {@code pci-host-ecam-generic}: configuration space is memory (PCI Firmware 3.3, 4.1). */
final class EcamRootLayer extends RootBridgeLayer {
  /** Tells that a handle is such a host: its interface is the configuration space's address. */
  static final EfiGuid HOST = EfiGuid.of("6c5d3f0a-2f7f-4b0e-8d55-19a1b6c84e27");
  private static final int BUS = 20;
  private static final int FUNCTION = 12;

  EcamRootLayer() {
    super(HOST, "pci-host-ecam-generic");
  }

  @Override
  public String name() {
    return "efi.pci.ecam";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  protected String title() {
    return "PCI Host Bridge Driver (ECAM)";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    TreeDevice host = device(call.firmware().tree(), open(call, driver, controller, HOST));
    publish(call.firmware(), controller, host, host.base(), host.size() >>> BUS, 0);
    return EfiStep.done();
  }

  @Override
  protected EfiStep configuration(Call call, boolean write, long[] numbers, Target target) {
    return PciAccess.touch(call, write, call.argument(1), numbers[CONFIGURATION] + (target.offset() << FUNCTION) + target.register(), call
        .argument(3), call.argument(4));
  }
}
