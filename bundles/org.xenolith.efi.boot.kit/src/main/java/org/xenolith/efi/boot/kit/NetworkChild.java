// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;

/** The one child of a network card's driver: a handle with the interface and with a device path that ends with the station's address (UEFI 2.10, 10.3.4.11). */
public final class NetworkChild {
  private static final int NOTIFY_WAIT = 0x100;
  private static final int TPL_NOTIFY = 16;

  /** Number of Publish: where the event is put. */
  private enum Slot {
    EVENT
  }

  private enum Withdrawing {
    WITHDRAW, END, CLOSE_EVENT, DONE;

    private static final Withdrawing[] ALL = values();
  }

  private final EfiLayer layer;
  private final SimpleNetwork network;
  private final EfiGuid managed;

  /** Children of a layer's controllers. @param managed the controllers' protocol that the layer manages */
  public NetworkChild(EfiLayer layer, SimpleNetwork network, EfiGuid managed) {
    this.layer = layer;
    this.network = network;
    this.managed = managed;
  }

  /** A function of this piece; null if it has none of that name. */
  public @Nullable EfiFunction function(String name) {
    return switch (name) {
      case "Publish" -> new AllOrNothing(layer, null, this::publish);
      case "Withdraw" -> this::withdraw;
      default -> null;
    };
  }

  /** Makes the child. The result is a status. @param place address of the interface, which is written */
  public EfiStep publish(Call call, Enum<?> next, long driver, long controller, long place) {
    return EfiStep.call(next, call.firmware().function(layer, "Publish"), driver, controller, place);
  }

  /**
   * Takes the child's protocol away; the interface is its layer's to give back, and then the child is {@link #gone}. The result is a status, negative if somebody
   * doesn't leave the child.
   *
   * @param place address of the interface
   */
  public EfiStep withdraw(Call call, Enum<?> next, long child, long place) {
    return EfiStep.call(next, call.firmware().function(layer, "Withdraw"), child, place);
  }

  /**
   * The interface of a child that is to be taken away, also where an earlier Stop was left in the middle.
   *
   * @throws org.xenolith.efi.boot.api.EfiError INVALID_PARAMETER if it is none of this layer's
   */
  public long place(Firmware firmware, long driver, long child) {
    long place = StopNotes.interfaceOf(firmware, layer, driver, child, Protocol.SIMPLE_NETWORK);
    firmware.numbers(layer, place);
    return place;
  }

  /** The child's interface is given back: so is the child. */
  public void gone(Firmware firmware, long driver, long controller, long child) {
    HandleDatabase handles = firmware.handles();
    long path = handles.find(child, Protocol.DEVICE_PATH);
    handles.close(controller, managed, driver, child);
    handles.uninstall(child, Protocol.DEVICE_PATH, path);
    firmware.dropInterface(layer, path);
    StopNotes.over(firmware, layer, driver, child);
  }

  /** Stop without children: the controller is left, if the child has gone. */
  public EfiStep leave(Call call, long driver, long controller) {
    HandleDatabase handles = call.firmware().handles();
    if (handles.uses(controller, managed).stream().anyMatch(use -> use.agent() == driver && (use.attributes()
        & HandleDatabase.BY_CHILD_CONTROLLER) != 0)) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    handles.close(controller, managed, driver, controller);
    return EfiStep.done();
  }

  /** Driver, controller, interface. */
  private EfiStep publish(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    HandleDatabase handles = firmware.handles();
    long controller = call.argument(1);
    long place = call.argument(2);
    if (call.isAt(AskOnce.ASK)) {
      call.set(Slot.EVENT, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, firmware.service(BootService.CREATE_EVENT), NOTIFY_WAIT, TPL_NOTIFY, firmware.function(layer,
          "PacketNotify"),
          place, call.get(Slot.EVENT));
    }
    if (call.result() < 0) {
      return EfiStep.done(call.result());
    }
    network.event(firmware, place, memory.get64(call.get(Slot.EVENT)));
    byte[] path = BusDriverLayer.path(firmware, controller).ethernet(NetworkMode.station(memory, place)).bytes();
    long at = firmware.interfaceMemory(layer, path.length, 0);
    memory.write(at, path);
    long child = handles.install(0, Protocol.DEVICE_PATH, at);
    handles.install(child, Protocol.SIMPLE_NETWORK, place);
    handles.open(controller, managed, call.argument(0), child, HandleDatabase.BY_CHILD_CONTROLLER);
    return EfiStep.done();
  }

  /** Child, interface. */
  private EfiStep withdraw(Call call) {
    Firmware firmware = call.firmware();
    long place = call.argument(1);
    switch (call.step(Withdrawing.ALL)) {
      case WITHDRAW -> {
        return DriverLayer.withdraw(call, Withdrawing.END, call.room(EfiGuid.SIZE), call.argument(0), Protocol.SIMPLE_NETWORK, place);
      }
      case END -> {
        return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : network.end(call, Withdrawing.CLOSE_EVENT, place);
      }
      case CLOSE_EVENT -> {
        long event = network.event(firmware, place);
        network.event(firmware, place, 0); // closed once, however often Stop comes here
        return event == 0 ? new EfiStep.Go(Withdrawing.DONE) : EfiStep.call(Withdrawing.DONE, firmware.service(BootService.CLOSE_EVENT),
            event);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }
}
