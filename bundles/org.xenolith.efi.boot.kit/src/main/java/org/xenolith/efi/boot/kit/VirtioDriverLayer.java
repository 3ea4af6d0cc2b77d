// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;

/**
 * A driver for one kind of virtio devices, by edk2's protocol for them: it knows no bus. It publishes one protocol, on the device's handle unless said; the device is
 * reset when the driver stops and when boot services end (Virtio 1.2, 3.1.1 and 3.3).
 */
public abstract class VirtioDriverLayer extends DriverLayer {
  /** Feature: the device is a modern one (Virtio 1.2, 6). */
  public static final long VERSION_1 = 1L << 32;
  // Numbers of the interface: the device's protocol, features, the event for the end of boot services, whether it is used no more, queues, own ones.
  static final int DEVICE = 0;
  /** Number of the interface: features that are in use. */
  public static final int FEATURES = 1;
  private static final int EVENT = 2;
  static final int BROKEN = 3;
  static final int QUEUES = 4;
  private static final int ACKNOWLEDGE = 1;
  private static final int DRIVER = 3;
  private static final int FEATURES_OK = 0xB;
  private static final int DRIVER_OK = 4;
  private static final int PAGE = 4096;
  private static final int EXIT_BOOT_SERVICES = 0x201;
  private static final int TPL_CALLBACK = 8;
  // Places of the device's functions.
  private static final int GET_FEATURES = 8;
  private static final int SET_FEATURES = 16;
  private static final int SET_QUEUE = 24;
  private static final int SELECT_QUEUE = 32;
  private static final int ALIGN = 48;
  private static final int PAGE_SIZE = 56;
  private static final int QUEUE_MOST = 64;
  private static final int QUEUE_SIZE = 72;
  static final int GET_STATUS = 80;
  static final int SET_STATUS = 88;
  private static final int READ_DEVICE = 104;
  // Numbers of Start.
  private static final int PLACE = 0;
  private static final int ROOM = 1;
  private static final int AT = 2;
  private static final int VALUES = 3;
  private static final int DESCRIPTION_AT = 16;
  /** The device of a Start that failed is reset before its queues are given back. */
  private static final int REFUSED = 40;

  private final int kind;
  private final long features;
  private final EfiGuid published;
  private final int[] queues;
  private final VirtioField[] fields;

  /**
   * A driver.
   *
   * @param kind      of device (Virtio 1.2, 5)
   * @param features  that it uses if a device offers them, besides {@link #VERSION_1}
   * @param published the protocol that it puts on the device's handle
   * @param queues    the device's numbers of those that it uses
   * @param fields    of the device's configuration that it wants to know, at most 16
   */
  protected VirtioDriverLayer(int kind, long features, EfiGuid published, int[] queues, VirtioField... fields) {
    this.kind = kind;
    this.features = features | VERSION_1;
    this.published = published;
    this.queues = queues.clone();
    this.fields = fields.clone();
  }

  /** Bytes of the published interface. */
  protected abstract int size();

  /** How many numbers of its own the interface has. */
  protected abstract int numbers();

  /**
   * Writes the interface, before it is published.
   *
   * @param place  its address
   * @param values the configuration's fields, in the order of the constructor's
   * @return whether the driver can do with such a device
   */
  protected abstract boolean describe(Firmware firmware, long controller, long place, long[] values);

  /** Where an own number is among those of the interface. */
  protected final int own(int number) {
    return QUEUES + VirtioQueue.NUMBERS * queues.length + number;
  }

  /** The interface's numbers. @throws org.xenolith.efi.boot.api.EfiError INVALID_PARAMETER if it isn't one of this driver's */
  public final long[] interfaceNumbers(Call call) {
    return InterfaceNumbers.of(call, this, own(numbers()));
  }

  @Override
  public final EfiGuid managed() {
    return Protocol.VIRTIO_DEVICE;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    long device = tryOpen(call, driver, controller, Protocol.VIRTIO_DEVICE);
    return EfiStep.done(call.firmware().memory().get32(device + 4) == kind ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  /** Calls a function of a device's protocol. @param function its place in the protocol */
  static EfiStep ask(Call call, int next, long device, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStep.call(next, call.firmware().memory().get64(device + function), all);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.step() == 0) {
      long device = open(call, driver, controller, Protocol.VIRTIO_DEVICE);
      call.set(PLACE, firmware.interfaceMemory(this, size(), own(numbers())));
      call.set(ROOM, call.room(128));
      firmware.numbers(this, call.get(PLACE))[DEVICE] = device;
      return ask(call, 1, device, SET_STATUS, 0);
    }
    long room = call.get(ROOM);
    long[] numbers = firmware.numbers(this, call.get(PLACE));
    long device = numbers[DEVICE];
    boolean modern = (numbers[FEATURES] & VERSION_1) != 0;
    if (call.step() >= REFUSED) {
      return call.step() == REFUSED ? ask(call, REFUSED + 1, device, SET_STATUS, 0) : EfiStep.done();
    }
    if (call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    return switch (call.step()) {
      case 1 -> ask(call, 2, device, SET_STATUS, ACKNOWLEDGE);
      case 2 -> ask(call, 3, device, SET_STATUS, DRIVER);
      case 3 -> ask(call, 4, device, GET_FEATURES, room);
      case 4 -> {
        numbers[FEATURES] = memory.get64(room) & features;
        yield ask(call, 5, device, SET_FEATURES, numbers[FEATURES]);
      }
      case 5 -> modern ? ask(call, 6, device, SET_STATUS, FEATURES_OK) : new EfiStep.Go(8);
      case 6 -> ask(call, 7, device, GET_STATUS, room);
      case 7 -> (memory.get8(room) & FEATURES_OK) != FEATURES_OK ? EfiStep.done(EfiStatus.UNSUPPORTED)
          : new EfiStep.Go(8);
      case 8 -> field(call, controller, device, numbers[FEATURES], room);
      case 9 -> {
        call.set(VALUES + (int) call.get(AT), memory.get64(room));
        call.set(AT, call.get(AT) + 1);
        yield new EfiStep.Go(8);
      }
      case 10 -> call.get(AT) == queues.length ? EfiStep.call(15, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES,
          TPL_CALLBACK, firmware.function(this, "Quiesce"), call.get(PLACE), room) : ask(call, 11, device, SELECT_QUEUE, queues[(int) call
              .get(AT)]);
      case 11 -> ask(call, 12, device, QUEUE_MOST, room);
      case 12 -> VirtioQueue.isSize(memory.get16(room)) ? ask(call, 13, device, QUEUE_SIZE, memory.get16(room))
          : EfiStep.done(EfiStatus.UNSUPPORTED);
      case 13 -> {
        int at = (int) call.get(AT);
        new VirtioQueue(numbers, at).make(firmware, queues[at], memory.get16(room), room + DESCRIPTION_AT);
        yield ask(call, 14, device, ALIGN, PAGE);
      }
      case 14 -> {
        call.set(AT, call.get(AT) + 1);
        yield ask(call, 10, device, SET_QUEUE, room + DESCRIPTION_AT, 0);
      }
      case 15 -> {
        numbers[EVENT] = memory.get64(room);
        yield ask(call, 16, device, SET_STATUS, (modern ? FEATURES_OK : DRIVER) | DRIVER_OK);
      }
      case 16 -> publish(call, 17, driver, controller, call.get(PLACE));
      default -> EfiStep.done();
    };
  }

  /** Publishes the interface of a device that is ready: here on the device's own handle. The result of the step behind it is a status. */
  protected EfiStep publish(Call call, int next, long driver, long controller, long place) {
    call.firmware().handles().install(controller, published, place);
    return new EfiStep.Go(next);
  }

  /** Reads a field of the device's configuration into memory. The result is a status. */
  protected static EfiStep configuration(Call call, int next, long[] numbers, int offset, int size, long room) {
    return ask(call, next, numbers[DEVICE], READ_DEVICE, offset, size, size, room);
  }

  /** The device can't be trusted any more: from now on whatever it says is DEVICE_ERROR. */
  protected static boolean isBroken(long[] numbers) {
    return numbers[BROKEN] != 0;
  }

  /** The next field of the configuration, or the first queue. */
  private EfiStep field(Call call, long controller, long device, long inUse, long room) {
    int at = (int) call.get(AT);
    if (at == fields.length) {
      long[] values = new long[fields.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = call.get(VALUES + i);
      }
      if (!describe(call.firmware(), controller, call.get(PLACE), values)) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      call.set(AT, 0);
      return ask(call, 10, device, PAGE_SIZE, PAGE);
    }
    VirtioField field = fields[at];
    if (field.feature() != 0 && (inUse & field.feature()) == 0) {
      call.firmware().memory().put64(room, field.otherwise());
      return new EfiStep.Go(9);
    }
    call.firmware().memory().put64(room, 0);
    return ask(call, 9, device, READ_DEVICE, field.offset(), field.size(), field.size(), room);
  }

  @Override
  protected final int failing() {
    return REFUSED;
  }

  @Override
  protected void release(Firmware firmware, long place) {
    long[] numbers = firmware.numbers(this, place);
    for (int i = 0; i < queues.length; i++) {
      new VirtioQueue(numbers, i).free(firmware);
    }
    firmware.dropInterface(this, place);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    if (call.step() == 0) {
      long place = leaving(call.firmware(), driver, controller, published);
      call.set(PLACE, place);
      if (isBusy(call, place)) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      return withdraw(call, 1, call.room(EfiGuid.SIZE), controller, published, place);
    }
    EfiStep step = abandon(call, call.get(PLACE));
    if (step == null) {
      left(call.firmware(), driver, controller);
      close(call, driver, controller, Protocol.VIRTIO_DEVICE);
      return EfiStep.done();
    }
    return step;
  }

  /**
   * Steps 1 and up of a Stop whose step 0 has taken an interface away: the device is reset before its memory is given back.
   *
   * @return null when that is done
   */
  protected final EfiStep abandon(Call call, long place) {
    Firmware firmware = call.firmware();
    long[] numbers = firmware.numbers(this, place);
    switch (call.step()) {
      case 1 -> {
        return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : ask(call, 2, numbers[DEVICE], SET_STATUS, 0);
      }
      case 2 -> {
        return closeEvent(call, 3, numbers, EVENT);
      }
      default -> {
        release(firmware, place);
        return null;
      }
    }
  }

  /** A function besides those of every virtio driver; null if it has none of that name. */
  protected abstract EfiFunction offered(String name);

  @Override
  protected final EfiFunction other(String name) {
    return name.equals("Quiesce") ? this::quiesce : offered(name);
  }

  /** The notification function for the end of boot services: the operating system finds a device that does nothing. */
  private EfiStep quiesce(Call call) {
    return call.step() != 0 ? EfiStep.done() : ask(call, 1, call.firmware().numbers(this, call.argument(1))[DEVICE], SET_STATUS, 0);
  }
}
