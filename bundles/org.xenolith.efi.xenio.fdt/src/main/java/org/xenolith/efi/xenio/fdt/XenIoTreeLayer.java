// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.fdt;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.TreeDriverLayer;

/**
 * XENIO on a handle of its own for the device tree's {@code xen,xen} node, whose first window is room for the grant table. It carries that
 * address and nothing else: hypercalls are the processor's.
 */
final class XenIoTreeLayer extends TreeDriverLayer {
  /** Its node in device paths, edk2's ({@code OvmfPkg/XenIoPvhDxe}, {@code XenIoMmioLib}). */
  static final EfiGuid MMIO = EfiGuid.of("a732241f-383d-4d9c-8ae1-8e09837589d7");
  private static final int SIZE = 8;

  XenIoTreeLayer() {
    super(MMIO, "xen,xen", Protocol.XEN_IO);
  }

  @Override
  public String name() {
    return "efi.xenio.fdt";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "XenIo Device Tree Driver";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    long base = open(call, driver, controller, MMIO);
    if ((base & 0xFFF) != 0 || base == 0) {
      firmware.report("xen,xen: its window at 0x" + Long.toHexString(base) + " is no place for a grant table; expected whole pages");
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long at = firmware.interfaceMemory(this, SIZE, 0);
    firmware.memory().put64(at, base);
    firmware.handles().install(controller, Protocol.XEN_IO, at);
    return EfiStep.done();
  }

  @Override
  protected EfiFunction other(String name) {
    return null;
  }
}
