// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pvh;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.TreeDevice;
import org.xenolith.efi.boot.kit.TreeDriverLayer;

/**
 * XENIO of a guest that nobody tells of room for the grant table: it gives four reserved pages of its own RAM, as edk2's does (OvmfPkg/XenIoPvhDxe, PcdXenGrantFrames). What was
 * RAM there is lost to the guest once the grant table has been mapped over it, so that they stay reserved, and are the same ones when it starts again.
 */
final class XenIoPvhLayer extends TreeDriverLayer {
  /** Tells that a handle is such a guest's; its interface has one number, the address of the pages that were given, 0 before. */
  static final EfiGuid GUEST = EfiGuid.of("5c9de4fb-8b5f-4f0c-a1d9-3b0b6e2f7a54");
  /** Frames of the grant table. */
  static final int FRAMES = 4;
  private static final int SIZE = 8;
  /** AllocateAnyPages; EfiReservedMemoryType, which an operating system leaves alone. */
  private static final int ANY_PAGES = 0;
  private static final int RESERVED = 0;

  XenIoPvhLayer() {
    super(GUEST, "xen,pvh", Protocol.XEN_IO);
  }

  /** Number of Start: where the pages' address is put. */
  private enum StartSlot {
    PAGES
  }

  @Override
  public String name() {
    return "efi.xenio.pvh";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return "XenIo PVH Driver";
  }

  @Override
  protected void install(Firmware firmware, long handle, TreeDevice device) {
    firmware.handles().install(handle, GUEST, firmware.interfaceMemory(this, SIZE, 1));
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    if (call.isAt(AskOnce.ASK)) {
      long guest = open(call, driver, controller, GUEST);
      long given = firmware.numbers(this, guest)[0];
      if (given != 0) {
        return publish(firmware, controller, given);
      }
      call.set(StartSlot.PAGES, call.room(SIZE));
      return EfiStep.call(AskOnce.ANSWERED, firmware.service(BootService.ALLOCATE_PAGES), ANY_PAGES, RESERVED, FRAMES, call.get(
          StartSlot.PAGES));
    }
    if (call.result() != 0) {
      firmware.report("XENIO: there are no " + FRAMES + " pages for the grant table");
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    long pages = firmware.memory().get64(call.get(StartSlot.PAGES));
    firmware.numbers(this, firmware.handles().find(controller, GUEST))[0] = pages;
    return publish(firmware, controller, pages);
  }

  private EfiStep publish(Firmware firmware, long controller, long pages) {
    long at = firmware.interfaceMemory(this, SIZE, 0);
    firmware.memory().put64(at, pages);
    firmware.handles().install(controller, Protocol.XEN_IO, at);
    return EfiStep.done();
  }

  @Override
  protected EfiFunction other(String name) {
    return null;
  }
}
