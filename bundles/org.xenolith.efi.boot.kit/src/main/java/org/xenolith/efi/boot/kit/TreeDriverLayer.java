// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;

/** A driver of devices that the device tree names: each has a handle from the beginning, with a device path and with what tells the driver. */
public abstract class TreeDriverLayer extends DriverLayer {
  private final EfiGuid mark;
  private final String compatible;
  private final EfiGuid published;

  /**
   * A driver.
   *
   * @param mark       the protocol by which it knows its devices, whose interface is the address of their first window; also names them in device paths
   * @param compatible of their nodes
   * @param published  the protocol that it puts beside the mark
   */
  protected TreeDriverLayer(EfiGuid mark, String compatible, EfiGuid published) {
    this.mark = mark;
    this.compatible = compatible;
    this.published = published;
  }

  @Override
  public void begin(Firmware firmware) {
    super.begin(firmware);
    for (TreeDevice device : TreeDevice.of(firmware.tree(), compatible)) {
      byte[] path = path(device).bytes();
      long at = firmware.interfaceMemory(this, path.length, 0);
      firmware.memory().write(at, path);
      long handle = firmware.handles().install(0, Protocol.DEVICE_PATH, at);
      install(firmware, handle, device);
    }
  }

  /** A device's path: its mark, and the address of its first window. */
  protected DevicePath path(TreeDevice device) {
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
