// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BusDriverLayer;
import org.xenolith.efi.boot.kit.DevicePath;

/** A driver with a child, for a device with one function and one register, or one with a defect. */
final class TwinDriver extends BusDriverLayer {
  static final EfiGuid PUBLISHED = EfiGuid.of("7c1f0a52-3f0e-4d55-9d5e-6a8f3b1c2d40");
  static final EfiGuid MARK = EfiGuid.of("7c1f0a52-3f0e-4d55-9d5e-6a8f3b1c2d41");
  static final long REGISTER = 0x900_0000L;
  static final int READY = 42;

  /** What is wrong with it. */
  enum Defect {
    NONE, SUPPORTED_KEEPS_IT_OPEN, SUPPORTED_ALLOCATES, SUPPORTED_ALWAYS, SUPPORTED_THOUGH_STARTED, START_OPENS_NOTHING, START_MANAGES_TWO,
    START_PUBLISHES_NOTHING,
    STOP_KEEPS_IT_OPEN, STOP_KEEPS_A_PAGE, STOP_KEEPS_THE_MARK, STOP_KEEPS_THE_EVENT, STOP_OF_ANYTHING, STOP_OF_ANY_CHILD,
    TOUCHES_OTHER_BUSES, OPENS_OTHER_BUSES,
    NO_NAME, BELIEVES_THIS, STOP_BEGINS_AT_ITS_END, KEEPS_A_PAGE_OF_A_FAILED_START, KEEPS_HARDWARE
  }

  // Numbers of the interface.
  private static final int EVENT = 0;
  private static final int PAGE = 1;

  /** Numbers of Start and Stop. */
  private enum Slot {
    PLACE, ROOM
  }

  private enum Starting {
    BEGIN, TOUCH, CREATE_EVENT, PUBLISH, FAILED, SWITCHED_OFF;

    private static final Starting[] ALL = values();
  }

  private enum Stopping {
    SWITCH_OFF, CLOSE_EVENT, RELEASE;

    private static final Stopping[] ALL = values();
  }

  private final Defect defect;
  /** The firmware itself, by which nothing is noted: what a Start makes with it nobody gives back. */
  private Firmware raw;

  TwinDriver(Defect defect) {
    super(Protocol.VIRTIO_DEVICE, PUBLISHED);
    this.defect = defect;
  }

  private boolean is(Defect one) {
    return defect == one;
  }

  @Override
  public String name() {
    return "twin";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return is(Defect.NO_NAME) ? " " : "Twin Driver";
  }

  @Override
  public void begin(Firmware firmware) {
    raw = firmware;
    super.begin(firmware);
  }

  @Override
  protected Enum<?> failing() {
    return is(Defect.KEEPS_HARDWARE) ? null : Starting.FAILED;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    if (is(Defect.SUPPORTED_ALWAYS)) {
      return EfiStep.done();
    }
    if (is(Defect.SUPPORTED_KEEPS_IT_OPEN)) {
      open(call, driver, controller, managed());
      return EfiStep.done();
    }
    if (is(Defect.SUPPORTED_ALLOCATES)) {
      raw.pages(1);
    }
    if (is(Defect.SUPPORTED_THOUGH_STARTED)) {
      return EfiStep.done(call.firmware().handles().has(controller, managed()) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
    }
    tryOpen(call, driver, controller, managed());
    return EfiStep.done();
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    switch (call.step(Starting.ALL)) {
      case BEGIN -> {
        return begun(call, driver, controller);
      }
      case TOUCH -> {
        if (call.result() < 0) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        return EfiStep.touch(Starting.CREATE_EVENT, EfiAccess.write(4, REGISTER, 1), EfiAccess.read(4, REGISTER));
      }
      case CREATE_EVENT -> {
        if (call.accessed(1) != READY) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        return EfiStep.call(Starting.PUBLISH, firmware.service(BootService.CREATE_EVENT), 0x201, 8, 0, call.get(Slot.PLACE), call.get(
            Slot.ROOM));
      }
      case PUBLISH -> {
        if (call.result() < 0) {
          return EfiStep.done(call.result());
        }
        firmware.numbers(this, call.get(Slot.PLACE))[EVENT] = firmware.memory().get64(call.get(Slot.ROOM));
        firmware.handles().install(controller, MARK, call.get(Slot.PLACE));
        child(firmware, driver, controller, new DevicePath().node(DevicePath.HARDWARE, 1, new byte[] {1, 2}), firmware.interfaceMemory(
            this, 16, 1));
        return EfiStep.done();
      }
      case FAILED -> {
        return EfiStep.touch(Starting.SWITCHED_OFF, EfiAccess.write(4, REGISTER, 0));
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  private EfiStep begun(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    long device = is(Defect.START_OPENS_NOTHING) ? handles.find(controller, managed()) : open(call, driver, controller, managed());
    if (is(Defect.START_PUBLISHES_NOTHING)) {
      return EfiStep.done();
    }
    if (is(Defect.START_MANAGES_TWO) && !handles.has(controller, MARK)) {
      handles.install(controller, MARK, 0);
      handles.open(controller, MARK, driver, controller, HandleDatabase.BY_DRIVER);
      return EfiStep.done();
    }
    for (EfiGuid bus : DriverContract.BUSES) {
      if (is(Defect.OPENS_OTHER_BUSES) && handles.has(controller, bus) && !bus.equals(managed())) {
        handles.open(controller, bus, driver, controller, HandleDatabase.GET_PROTOCOL);
      } else if (is(Defect.TOUCHES_OTHER_BUSES) && handles.find(controller, bus) != 0) {
        firmware.memory().get64(handles.find(controller, bus));
      }
    }
    call.set(Slot.ROOM, call.room(16));
    call.set(Slot.PLACE, firmware.interfaceMemory(this, 16, 2));
    firmware.numbers(this, call.get(Slot.PLACE))[PAGE] = (is(Defect.KEEPS_A_PAGE_OF_A_FAILED_START) ? raw : firmware).pages(1);
    return EfiStep.call(Starting.TOUCH, firmware.memory().get64(device), device);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    boolean before = is(Defect.STOP_BEGINS_AT_ITS_END) && !call.isFirst();
    long place = before ? call.get(Slot.PLACE) : handles.find(controller, MARK);
    if (is(Defect.STOP_OF_ANYTHING) && place == 0) {
      return EfiStep.done();
    }
    long[] numbers = firmware.numbers(this, place);
    switch (call.step(Stopping.ALL)) {
      case SWITCH_OFF -> {
        if (is(Defect.STOP_BEGINS_AT_ITS_END)) {
          call.set(Slot.PLACE, place);
          handles.uninstall(controller, MARK, place);
        }
        return EfiStep.touch(Stopping.CLOSE_EVENT, EfiAccess.write(4, REGISTER, 0));
      }
      case CLOSE_EVENT -> {
        return is(Defect.STOP_KEEPS_THE_EVENT) ? new EfiStep.Go(Stopping.RELEASE) : closeEvent(call, Stopping.RELEASE, numbers, EVENT);
      }
      default -> {
        if (!is(Defect.STOP_KEEPS_THE_MARK) && !before) {
          handles.uninstall(controller, MARK, place);
        }
        if (!is(Defect.STOP_KEEPS_A_PAGE)) {
          firmware.freePages(numbers[PAGE], 1);
        }
        firmware.dropInterface(this, place);
        return is(Defect.STOP_KEEPS_IT_OPEN) ? EfiStep.done() : super.stop(call, driver, controller);
      }
    }
  }

  @Override
  protected EfiFunction other(String name) {
    return null;
  }
}
