// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.testkit.efi.FakeRam;

/** The core of our own firmware without a machine, in the core's own package: it looks devices up by their paths, and images. */
public final class PlainFirmware {
  private static final long TREE = FakeRam.BASE + (4 << 20);
  private static final long FREQUENCY = 62_500_000;
  private static final int EL1 = 4;
  private static final long ROOM_PAGES = 8;
  private static final int PATH = 4096;
  private static final int OF_HANDLE = 8192;
  private static final EfiGuid MARK = EfiGuid.of("3f4a1c59-5a3d-4f0e-8d8f-6f2f6b6f0d11");

  private final FakeRam memory = new FakeRam();
  private final BootFirmware firmware = new BootFirmware(new Around(), new LayersPort());
  private final long stack;
  private final long room;
  private long now = 1000;

  private final class Around implements FirmwareEnvironment {
    @Override
    public EfiRam memory() {
      return memory;
    }

    @Override
    public Conduit conduit() {
      return Conduit.SMC;
    }

    @Override
    public void placed(RuntimeMemory placed) {
      // nobody is told
    }

    @Override
    public void report(String kind, String text) {
      // nobody looks
    }
  }

  /** Enters it. */
  public PlainFirmware() {
    FdtNode ram = new FdtNode("memory@40000000", java.util.List.of(), java.util.List.of()).withProperty(FdtProperty.ofStrings("device_type",
        "memory")).withProperty(FdtProperty.ofU64("reg", FakeRam.BASE, FakeRam.SIZE));
    FdtNode root = new FdtNode("", java.util.List.of(), java.util.List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(ram);
    memory.write(FakeRam.BASE, PlainProgram.bytes());
    memory.write(TREE, FdtWriter.write(Fdt.of(root)));
    stack = firmware.enter(new long[] {0, FakeRam.BASE, TREE, now, EL1, FREQUENCY, 0})[0];
    room = firmware.pages(ROOM_PAGES);
  }

  /** Calls a boot service as a guest does; null if it doesn't return at once. */
  private Long call(BootService service, long... arguments) {
    long frame = stack - A64Program.FRAME;
    for (int i = 0; i < 8; i++) {
      memory.put64(frame + 8L * i, i < arguments.length ? arguments[i] : 0);
    }
    Verdict verdict = firmware.service(frame, firmware.functions().number(CoreServices.LAYER, service.name()), ++now);
    return verdict.code() == FirmwareProgram.RETURN ? memory.get64(frame + A64Program.FRAME_RESULT) : null;
  }

  /**
   * Looks a path up, and loads an image by it, with another one on a handle.
   *
   * @return whether all calls come back, and memory and handles are as before
   */
  public boolean uses(byte[] path, byte[] ofHandle) {
    String before = firmware.pageMap().lines() + " " + firmware.handles().handles(null);
    memory.clear(room, ROOM_PAGES * PageMap.PAGE);
    memory.write(room + PATH, path);
    memory.write(room + OF_HANDLE, ofHandle);
    memory.write(room, MARK.toBytes());
    long handle = firmware.handles().install(0, MARK, 0);
    firmware.handles().install(handle, Protocol.DEVICE_PATH, room + OF_HANDLE);
    firmware.handles().install(handle, Protocol.SIMPLE_FILE_SYSTEM, room + OF_HANDLE);
    memory.put64(room + 32, room + PATH);
    boolean all = call(BootService.LOCATE_DEVICE_PATH, room, room + 32, room + 64) != null;
    all &= call(BootService.LOAD_IMAGE, 1, firmware.image(), room + PATH, 0, 0, room + 64) != null || firmware.engine().depth() != 0;
    all &= call(BootService.LOAD_IMAGE, 0, firmware.image(), room + PATH, room, 16, room + 64) != null;
    memory.put64(room + 64, 0);
    memory.write(room + 96, Protocol.DEVICE_PATH.toBytes());
    all &= call(BootService.INSTALL_MULTIPLE_PROTOCOL_INTERFACES, room + 64, room + 96, room + PATH, 0) != null;
    long made = memory.get64(room + 64);
    if (made != 0 && firmware.handles().has(made, Protocol.DEVICE_PATH)) {
      firmware.handles().uninstall(made, Protocol.DEVICE_PATH, room + PATH);
    }
    new Inspecting(() -> java.util.Map.of("", firmware), java.util.List::of).answer("dh");
    firmware.engine().clear();
    firmware.handles().uninstall(handle, Protocol.SIMPLE_FILE_SYSTEM, room + OF_HANDLE);
    firmware.handles().uninstall(handle, Protocol.DEVICE_PATH, room + OF_HANDLE);
    firmware.handles().uninstall(handle, MARK, 0);
    return all && before.equals(firmware.pageMap().lines() + " " + firmware.handles().handles(null));
  }
}
