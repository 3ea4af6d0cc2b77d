// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;

/** A driver of devices that the device tree names: each has a handle from the beginning, with a device path and with what tells the driver. */
public abstract class TreeDriverLayer extends DriverLayer {
  private final EfiGuid mark;
  private final String[] compatible;
  private final EfiGuid published;

  /**
   * A driver.
   *
   * @param mark       the protocol by which it knows its devices, whose interface is the address of their first window; also names them in device paths
   * @param compatible of their nodes
   * @param published  the protocol that it puts beside the mark
   */
  protected TreeDriverLayer(EfiGuid mark, String compatible, EfiGuid published) {
    this(mark, published, compatible);
  }

  /** A driver of devices that are compatible with one of these. */
  protected TreeDriverLayer(EfiGuid mark, EfiGuid published, String... compatible) {
    this.mark = mark;
    this.published = published;
    this.compatible = compatible.clone();
  }

  @Override
  public final EfiGuid managed() {
    return mark;
  }

  /** The devices in a tree. */
  protected final List<TreeDevice> devices(Fdt tree) {
    return TreeDevice.of(tree, compatible);
  }

  /**
   * The device that a controller is.
   *
   * @param base what its mark says
   * @throws EfiError UNSUPPORTED, if it is none: somebody else has marked it
   */
  protected final TreeDevice device(Fdt tree, long base) {
    return devices(tree).stream().filter(each -> each.base() == base).findFirst().orElseThrow(() -> new EfiError(EfiStatus.UNSUPPORTED,
        "0x" + Long.toHexString(base) + ": no such device is in the tree"));
  }

  @Override
  public void begin(Firmware firmware) {
    super.begin(firmware);
    for (TreeDevice device : devices(firmware.tree())) {
      byte[] path = path(firmware.tree(), device).bytes();
      long at = firmware.interfaceMemory(this, path.length, 0);
      firmware.memory().write(at, path);
      long handle = firmware.handles().install(0, Protocol.DEVICE_PATH, at);
      install(firmware, handle, device);
    }
  }

  /** A device's path: its mark, and the address of its first window. */
  protected DevicePath path(Fdt tree, TreeDevice device) {
    return new DevicePath().vendor(DevicePath.HARDWARE, mark, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(device
        .base()).array());
  }

  /** Puts on a device's handle what tells the driver. */
  protected void install(Firmware firmware, long handle, TreeDevice device) {
    firmware.handles().install(handle, mark, device.base());
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    tryOpen(call, driver, controller, mark);
    return EfiStep.done();
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    return leave(call, driver, controller, mark, published);
  }
}
