// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;

/** A driver that makes a handle for each thing behind its controller (UEFI 2.10, 2.5.5: a bus driver). */
public abstract class BusDriverLayer extends DriverLayer {
  /** Numbers of Stop: how many children were begun with, the protocol of the latest, room. */
  private enum Slot {
    BEGUN, LATEST, ROOM
  }

  /** Steps of Stop: its first, and one behind each child's protocol. */
  private enum Stopping {
    BEGIN, WITHDRAWN
  }

  private final EfiGuid managed;
  private final EfiGuid published;

  /**
   * A driver.
   *
   * @param managed   the controller's protocol that it manages, and that children use
   * @param published the protocol that each child is made for
   */
  protected BusDriverLayer(EfiGuid managed, EfiGuid published) {
    this.managed = managed;
    this.published = published;
  }

  @Override
  public final EfiGuid managed() {
    return managed;
  }

  /** The controller's device path, which those of its children begin with; one without nodes if it has none. */
  protected static DevicePath path(Firmware firmware, long controller) {
    long path = firmware.handles().find(controller, Protocol.DEVICE_PATH);
    return path == 0 ? new DevicePath() : DevicePath.behind(DevicePath.read(firmware.memory(), path));
  }

  /**
   * Makes a child.
   *
   * @param path  its own, from the root on
   * @param place address of the interface that it is made for
   * @return its handle
   */
  protected final long child(Firmware firmware, long driver, long controller, DevicePath path, long place) {
    HandleDatabase handles = firmware.handles();
    byte[] bytes = path.bytes();
    long at = firmware.interfaceMemory(this, bytes.length, 0);
    firmware.memory().write(at, bytes);
    long child = handles.install(0, Protocol.DEVICE_PATH, at);
    handles.install(child, published, place);
    handles.open(controller, managed, driver, child, HandleDatabase.BY_CHILD_CONTROLLER);
    return child;
  }

  /** A child is about to go: takes away what it has besides path and {@code published}. */
  protected void dropping(Firmware firmware, long child) {}

  /** Ends managing the controller, which has no children any more. */
  protected EfiStep stop(Call call, long driver, long controller) {
    close(call, driver, controller, managed);
    return EfiStep.done();
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    tryOpen(call, driver, controller, managed);
    return EfiStep.done();
  }

  @Override
  protected final EfiStep stop(Call call, long driver, long controller, long[] children) {
    if (children.length == 0) {
      return stop(call, driver, controller);
    }
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    int at = (int) call.get(Slot.BEGUN);
    if (call.isAt(Stopping.BEGIN)) {
      for (long child : children) {
        long place = handles.find(child, published); // 0 where an earlier Stop has come so far
        if (place != 0 && isBusy(call, place)) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
      }
      call.set(Slot.ROOM, call.room(EfiGuid.SIZE));
    } else {
      if (call.result() < 0) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      long child = children[at - 1];
      long path = handles.find(child, Protocol.DEVICE_PATH);
      handles.close(controller, managed, driver, child);
      dropping(firmware, child);
      handles.uninstall(child, Protocol.DEVICE_PATH, path);
      release(firmware, call.get(Slot.LATEST));
      left(firmware, driver, child);
      firmware.dropInterface(this, path);
    }
    if (at == children.length) {
      return EfiStep.done();
    }
    call.set(Slot.BEGUN, at + 1L);
    call.set(Slot.LATEST, leaving(firmware, driver, children[at], published));
    firmware.numbers(this, call.get(Slot.LATEST)); // or it is none of ours
    return withdraw(call, Stopping.WITHDRAWN, call.get(Slot.ROOM), children[at], published, call.get(Slot.LATEST));
  }
}
