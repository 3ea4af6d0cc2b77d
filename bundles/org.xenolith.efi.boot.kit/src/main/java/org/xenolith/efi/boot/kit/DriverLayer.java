// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;

/** A layer that is a driver of UEFI's driver model: it has a driver binding and a name (UEFI 2.10, 11.1 and 11.5). */
public abstract class DriverLayer implements EfiLayer {
  /** Of drivers that come with a platform (UEFI 2.10, 11.1: 1 to 0xF and 0xFFFFFFF0 upwards are a platform's). */
  private static final int VERSION = 0xA;
  private static final int BINDING_HANDLE = 40;
  private static final int BINDING_SIZE = 48;
  private static final int NAME_SIZE = 24;

  /** The number of {@link #leave}: where the interface is that is withdrawn. */
  private enum Slot {
    PLACE
  }

  /** The driver's name for people. */
  protected abstract String title();

  /**
   * Whether the driver could manage a controller, which stays as it is.
   *
   * @param driver    the driver's handle: the agent by which it opens protocols
   * @param remaining address of a device path that says which child is wanted; 0: any
   */
  protected abstract EfiStep supported(Call call, long driver, long controller, long remaining);

  /**
   * Begins to manage a controller. All that a Start has made which fails is given back by itself, in whatever step it fails: memory, interfaces, protocols,
   * handles, uses, events. The call's last number isn't the driver's.
   */
  protected abstract EfiStep start(Call call, long driver, long controller, long remaining);

  /**
   * Ends managing it, or only some children.
   *
   * @param children their handles, which the guest gave; empty: the controller itself
   */
  protected abstract EfiStep stop(Call call, long driver, long controller, long[] children);

  /** The one protocol by which the driver manages a controller: no other can be opened so. */
  public abstract EfiGuid managed();

  /**
   * The first of Start's steps by which what hardware has of a Start that failed is given back: queues, frames that are mapped, what a back end was granted. They
   * return when that is done, and not the status. What was made by the call is given back behind them, by itself. Null: there is nothing of that kind.
   */
  protected @Nullable Enum<?> failing() {
    return null;
  }

  /** A function besides those of every driver; null if it has none of that name. */
  protected abstract @Nullable EfiFunction other(String name);

  @Override
  public void begin(Firmware firmware) {
    EfiRam memory = firmware.memory();
    long binding = firmware.interfaceMemory(this, BINDING_SIZE, StopNotes.NUMBERS);
    long handle = firmware.handles().install(0, Protocol.DRIVER_BINDING, binding);
    pointers(firmware, binding, "Supported", "Start", "Stop");
    memory.put32(binding + 24, VERSION);
    memory.put64(binding + 32, firmware.image());
    memory.put64(binding + BINDING_HANDLE, handle);
    byte[] text = (title() + '\0').getBytes(StandardCharsets.UTF_16LE);
    byte[] languages = {'e', 'n', 0, 0, 0, 0, 0, 0};
    long name = firmware.interfaceMemory(this, NAME_SIZE + languages.length + text.length, 0);
    pointers(firmware, name, "GetDriverName", "GetControllerName");
    memory.put64(name + 16, name + NAME_SIZE);
    memory.write(name + NAME_SIZE, languages);
    memory.write(name + NAME_SIZE + languages.length, text);
    firmware.handles().install(handle, Protocol.COMPONENT_NAME2, name);
  }

  /**
   * The interface of a protocol that Stop is about to take away, found also by a Stop that goes on where an earlier one was left, as the driver's bundle was taken away
   * in the middle.
   *
   * @return its address; 0 if there is none
   */
  protected final long leaving(Firmware firmware, long driver, long handle, EfiGuid protocol) {
    return StopNotes.interfaceOf(firmware, this, driver, handle, protocol);
  }

  /** What {@link #leaving} has found is given back. */
  protected final void left(Firmware firmware, long driver, long handle) {
    StopNotes.over(firmware, this, driver, handle);
  }

  /** Closes an event once, however often Stop comes here. @param event its place in an interface's numbers, which is 0 afterwards */
  protected static EfiStep closeEvent(Call call, Enum<?> next, long[] numbers, int event) {
    return StopNotes.closeEvent(call, next, numbers, event);
  }

  /**
   * Takes a protocol of a controller away by the boot service, which has drivers that manage it leave it first; what an earlier Stop has withdrawn is passed over.
   *
   * @param next the step behind it, whose result is negative if somebody doesn't leave
   * @param room {@link EfiGuid#SIZE} bytes
   */
  protected static EfiStep withdraw(Call call, Enum<?> next, long room, long handle, EfiGuid protocol, long address) {
    if (StopNotes.isWithdrawn(call.firmware().handles(), handle, protocol, address)) {
      return new EfiStep.Go(next);
    }
    call.firmware().memory().write(room, protocol.toBytes());
    return EfiStep.call(next, call.firmware().service(BootService.UNINSTALL_PROTOCOL_INTERFACE), handle, room, address);
  }

  /**
   * Opens a controller's protocol as its driver.
   *
   * @param protocol {@link #managed}
   * @return the interface
   * @throws org.xenolith.efi.boot.api.EfiError as OpenProtocol fails: the controller hasn't it, or somebody manages it
   */
  protected final long open(Call call, long driver, long controller, EfiGuid protocol) {
    if (!protocol.equals(managed())) {
      throw new IllegalStateException(name() + " opens " + protocol + " BY_DRIVER, and says that it manages " + managed());
    }
    return call.firmware().handles().open(controller, protocol, driver, controller, HandleDatabase.BY_DRIVER);
  }

  /** Ends what {@link #open} began. */
  protected static void close(Call call, long driver, long controller, EfiGuid protocol) {
    call.firmware().handles().close(controller, protocol, driver, controller);
  }

  /** Whether a controller's protocol could be opened, as Supported has to find out. @return the interface; @throws as {@link #open} */
  protected final long tryOpen(Call call, long driver, long controller, EfiGuid protocol) {
    long found = open(call, driver, controller, protocol);
    close(call, driver, controller, protocol);
    return found;
  }

  /** Gives back what belongs to an interface that nobody has any more. @param place its address */
  protected void release(Firmware firmware, long place) {
    firmware.dropInterface(this, place);
  }

  /**
   * Whether somebody is in a function of an interface, such as a notification function's caller: what belongs to it can't be given back then, and Stop
   * says DEVICE_ERROR (UEFI 2.10, 11.1.3). An event says so.
   *
   * @param place the interface's address
   */
  protected final boolean isBusy(Call call, long place) {
    return reportBusy(call, call.isBusy(0, place));
  }

  private boolean reportBusy(Call call, boolean busy) {
    if (busy) {
      call.firmware().report(title() + ": it is to leave a device in the middle of what somebody has asked for; it stays");
    }
    return busy;
  }

  /**
   * All that Stop is for a driver that publishes one protocol beside the one that it manages: the former is withdrawn and {@linkplain #release
   * released}, the latter closed. Number 0 of the call is its.
   */
  protected final EfiStep leave(Call call, long driver, long controller, EfiGuid managed, EfiGuid published) {
    if (call.isAt(AskOnce.ASK)) {
      call.set(Slot.PLACE, leaving(call.firmware(), driver, controller, published));
      if (isBusy(call, call.get(Slot.PLACE))) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      return withdraw(call, AskOnce.ANSWERED, call.room(EfiGuid.SIZE), controller, published, call.get(Slot.PLACE));
    }
    if (call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    release(call.firmware(), call.get(Slot.PLACE));
    left(call.firmware(), driver, controller);
    close(call, driver, controller, managed);
    return EfiStep.done();
  }

  /** A function that has nothing to do, for an interface of this layer. @param numbers how many such an interface has */
  protected final EfiFunction nothingToDo(int numbers) {
    return call -> {
      InterfaceNumbers.of(call, this, numbers);
      return EfiStep.done();
    };
  }

  /** Writes pointers to functions of this layer, one behind the other. */
  protected final void pointers(Firmware firmware, long address, String... names) {
    LayerPointers.write(firmware, this, address, names);
  }

  @Override
  public final EfiFunction function(String name) {
    return switch (name) {
      case "Supported" -> call -> supported(call, driver(call), call.argument(1), call.argument(2));
      case "Start" -> new AllOrNothing(this, failing(), call -> start(call, driver(call), call.argument(1), call.argument(2)));
      case "Stop" -> this::stop;
      case "GetDriverName" -> this::driverName;
      case "GetControllerName" -> call -> EfiStep.done(EfiStatus.UNSUPPORTED);
      default -> other(name);
    };
  }

  private EfiStep stop(Call call) {
    long driver = driver(call);
    // Its Start, or another Stop, is under way.
    return call.isFirst() && reportBusy(call, call.isBusy(1, call.argument(1))) ? EfiStep.done(EfiStatus.DEVICE_ERROR)
        : stop(call, driver, call.argument(1), children(call));
  }

  private long driver(Call call) {
    InterfaceNumbers.of(call, this, StopNotes.NUMBERS); // or the caller made it up
    return call.firmware().memory().get64(call.argument(0) + BINDING_HANDLE);
  }

  private static long[] children(Call call) {
    long[] children = new long[(int) Math.min(call.argument(2), 4096)];
    for (int i = 0; i < children.length; i++) {
      children[i] = call.firmware().memory().get64(call.argument(3) + 8L * i);
    }
    return children;
  }

  private EfiStep driverName(Call call) {
    EfiRam memory = call.firmware().memory();
    long self = call.argument(0);
    InterfaceNumbers.of(call, this, 0);
    if (call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (memory.get8(call.argument(1)) != 'e' || memory.get8(call.argument(1) + 1) != 'n') {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    memory.put64(call.argument(2), self + NAME_SIZE + 8);
    return EfiStep.done();
  }
}
