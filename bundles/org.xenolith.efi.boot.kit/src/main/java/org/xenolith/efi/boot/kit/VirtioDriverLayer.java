// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.OnError;
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
  private static final int DESCRIPTION_AT = 16;

  /** Numbers of Start and Stop: the interface, memory for what is passed on, the field or queue that is next, the fields. */
  private enum Slot {
    PLACE, ROOM, AT, VALUES
  }

  /** Steps of Start (Virtio 1.2, 3.1.1), each with what it does if the device hasn't carried out what was asked before. */
  private enum Starting {
    /** The device is opened, and reset. */
    RESET(OnError.IGNORE),
    /** It is told that it was found, and then that there is a driver for it. */
    ACKNOWLEDGE(OnError.FAIL), SAY_DRIVER(OnError.FAIL),
    /** Features, which a modern device agrees to or doesn't. */
    READ_FEATURES(OnError.FAIL), WRITE_FEATURES(OnError.FAIL), SAY_FEATURES_OK(OnError.FAIL), READ_STATUS(OnError.FAIL), SEE_AGREEMENT(
        OnError.FAIL),
    /** Each field of the configuration; behind the last one the size of a page, which older devices want. */
    READ_FIELD(OnError.FAIL), KEEP_FIELD(OnError.FAIL),
    /** Each queue; behind the last one the event for the end of boot services. */
    SELECT_QUEUE(OnError.FAIL), READ_QUEUE_MOST(OnError.FAIL), WRITE_QUEUE_SIZE(OnError.FAIL), MAKE_QUEUE(OnError.FAIL), WRITE_QUEUE(
        OnError.FAIL),
    /** The device may go to work. */
    SAY_DRIVER_OK(OnError.FAIL), PUBLISH(OnError.FAIL), DONE(OnError.FAIL),
    /** The device of a Start that failed is reset before its queues are given back. */
    RESET_FAILED(OnError.IGNORE), FAILED(OnError.IGNORE);

    private static final Starting[] ALL = values();
    private final OnError onError;

    Starting(OnError onError) {
      this.onError = onError;
    }
  }

  /** Steps of Stop. */
  private enum Stopping {
    WITHDRAW, RESET, CLOSE_EVENT, RELEASE;

    private static final Stopping[] ALL = values();
  }

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
  static EfiStep ask(Call call, Enum<?> next, long device, int function, long... arguments) {
    return ask(call, next.ordinal(), device, function, arguments);
  }

  /** Calls a function of a device's protocol. @param step the step behind it, by its number: also this one again, whichever it is */
  static EfiStep ask(Call call, int step, long device, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStep.call(step, call.firmware().memory().get64(device + function), all);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    Starting step = call.step(Starting.ALL);
    if (step == Starting.RESET) {
      long device = open(call, driver, controller, Protocol.VIRTIO_DEVICE);
      call.set(Slot.PLACE, firmware.interfaceMemory(this, size(), own(numbers())));
      call.set(Slot.ROOM, call.room(128));
      firmware.numbers(this, call.get(Slot.PLACE))[DEVICE] = device;
      return ask(call, Starting.ACKNOWLEDGE, device, SET_STATUS, 0);
    }
    if (call.result() < 0 && step.onError == OnError.FAIL) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    long room = call.get(Slot.ROOM);
    long[] numbers = firmware.numbers(this, call.get(Slot.PLACE));
    long device = numbers[DEVICE];
    boolean modern = (numbers[FEATURES] & VERSION_1) != 0;
    return switch (step) {
      case ACKNOWLEDGE -> ask(call, Starting.SAY_DRIVER, device, SET_STATUS, ACKNOWLEDGE);
      case SAY_DRIVER -> ask(call, Starting.READ_FEATURES, device, SET_STATUS, DRIVER);
      case READ_FEATURES -> ask(call, Starting.WRITE_FEATURES, device, GET_FEATURES, room);
      case WRITE_FEATURES -> {
        numbers[FEATURES] = memory.get64(room) & features;
        yield ask(call, Starting.SAY_FEATURES_OK, device, SET_FEATURES, numbers[FEATURES]);
      }
      case SAY_FEATURES_OK -> modern ? ask(call, Starting.READ_STATUS, device, SET_STATUS, FEATURES_OK) : new EfiStep.Go(
          Starting.READ_FIELD);
      case READ_STATUS -> ask(call, Starting.SEE_AGREEMENT, device, GET_STATUS, room);
      case SEE_AGREEMENT -> (memory.get8(room) & FEATURES_OK) != FEATURES_OK ? EfiStep.done(EfiStatus.UNSUPPORTED)
          : new EfiStep.Go(Starting.READ_FIELD);
      case READ_FIELD -> field(call, controller, device, numbers[FEATURES], room);
      case KEEP_FIELD -> {
        call.set(Slot.VALUES, (int) call.get(Slot.AT), memory.get64(room));
        call.set(Slot.AT, call.get(Slot.AT) + 1);
        yield new EfiStep.Go(Starting.READ_FIELD);
      }
      case SELECT_QUEUE -> call.get(Slot.AT) == queues.length ? EfiStep.call(Starting.SAY_DRIVER_OK, firmware.service(
          BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_CALLBACK, firmware.function(this, "Quiesce"), call.get(Slot.PLACE), room)
          : ask(call, Starting.READ_QUEUE_MOST, device, SELECT_QUEUE, queues[(int) call.get(Slot.AT)]);
      case READ_QUEUE_MOST -> ask(call, Starting.WRITE_QUEUE_SIZE, device, QUEUE_MOST, room);
      case WRITE_QUEUE_SIZE -> VirtioQueue.isSize(memory.get16(room)) ? ask(call, Starting.MAKE_QUEUE, device, QUEUE_SIZE, memory.get16(
          room))
          : EfiStep.done(EfiStatus.UNSUPPORTED);
      case MAKE_QUEUE -> {
        int at = (int) call.get(Slot.AT);
        new VirtioQueue(numbers, at).make(firmware, queues[at], memory.get16(room), room + DESCRIPTION_AT);
        yield ask(call, Starting.WRITE_QUEUE, device, ALIGN, PAGE);
      }
      case WRITE_QUEUE -> {
        call.set(Slot.AT, call.get(Slot.AT) + 1);
        yield ask(call, Starting.SELECT_QUEUE, device, SET_QUEUE, room + DESCRIPTION_AT, 0);
      }
      case SAY_DRIVER_OK -> {
        numbers[EVENT] = memory.get64(room);
        yield ask(call, Starting.PUBLISH, device, SET_STATUS, (modern ? FEATURES_OK : DRIVER) | DRIVER_OK);
      }
      case PUBLISH -> publish(call, Starting.DONE, driver, controller, call.get(Slot.PLACE));
      case RESET_FAILED -> ask(call, Starting.FAILED, device, SET_STATUS, 0);
      case RESET, DONE, FAILED -> EfiStep.done();
    };
  }

  /** Publishes the interface of a device that is ready: here on the device's own handle. The result of the step behind it is a status. */
  protected EfiStep publish(Call call, Enum<?> next, long driver, long controller, long place) {
    call.firmware().handles().install(controller, published, place);
    return new EfiStep.Go(next);
  }

  /** Reads a field of the device's configuration into memory. The result is a status. */
  protected static EfiStep configuration(Call call, Enum<?> next, long[] numbers, int offset, int size, long room) {
    return ask(call, next, numbers[DEVICE], READ_DEVICE, offset, size, size, room);
  }

  /** The device can't be trusted any more: from now on whatever it says is DEVICE_ERROR. */
  protected static boolean isBroken(long[] numbers) {
    return numbers[BROKEN] != 0;
  }

  /** The next field of the configuration, or the first queue. */
  private EfiStep field(Call call, long controller, long device, long inUse, long room) {
    int at = (int) call.get(Slot.AT);
    if (at == fields.length) {
      long[] values = new long[fields.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = call.get(Slot.VALUES, i);
      }
      if (!describe(call.firmware(), controller, call.get(Slot.PLACE), values)) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      call.set(Slot.AT, 0);
      return ask(call, Starting.SELECT_QUEUE, device, PAGE_SIZE, PAGE);
    }
    VirtioField field = fields[at];
    if (field.feature() != 0 && (inUse & field.feature()) == 0) {
      call.firmware().memory().put64(room, field.otherwise());
      return new EfiStep.Go(Starting.KEEP_FIELD);
    }
    call.firmware().memory().put64(room, 0);
    return ask(call, Starting.KEEP_FIELD, device, READ_DEVICE, field.offset(), field.size(), field.size(), room);
  }

  @Override
  protected final Enum<?> failing() {
    return Starting.RESET_FAILED;
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
    if (call.isAt(Stopping.WITHDRAW)) {
      long place = leaving(call.firmware(), driver, controller, published);
      call.set(Slot.PLACE, place);
      if (isBusy(call, place)) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      return withdraw(call, Stopping.RESET, call.room(EfiGuid.SIZE), controller, published, place);
    }
    EfiStep step = abandon(call, call.get(Slot.PLACE));
    if (step == null) {
      left(call.firmware(), driver, controller);
      close(call, driver, controller, Protocol.VIRTIO_DEVICE);
      return EfiStep.done();
    }
    return step;
  }

  /**
   * The steps of a Stop behind the first one, which has taken an interface away and whose next step is {@link #abandoning}: the device is reset before its
   * memory is given back.
   *
   * @return null when that is done
   */
  protected final @Nullable EfiStep abandon(Call call, long place) {
    Firmware firmware = call.firmware();
    long[] numbers = firmware.numbers(this, place);
    switch (call.step(Stopping.ALL)) {
      case RESET -> {
        return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : ask(call, Stopping.CLOSE_EVENT, numbers[DEVICE], SET_STATUS, 0);
      }
      case CLOSE_EVENT -> {
        return closeEvent(call, Stopping.RELEASE, numbers, EVENT);
      }
      default -> {
        release(firmware, place);
        return null;
      }
    }
  }

  /** The step of Stop at which {@link #abandon} begins. */
  protected static Enum<?> abandoning() {
    return Stopping.RESET;
  }

  /** A function besides those of every virtio driver; null if it has none of that name. */
  protected abstract EfiFunction offered(String name);

  @Override
  protected final EfiFunction other(String name) {
    return name.equals("Quiesce") ? this::quiesce : offered(name);
  }

  /** The notification function for the end of boot services: the operating system finds a device that does nothing. */
  private EfiStep quiesce(Call call) {
    return !call.isAt(AskOnce.ASK) ? EfiStep.done() : ask(call, AskOnce.ANSWERED, call.firmware().numbers(this, call.argument(1))[DEVICE],
        SET_STATUS, 0);
  }
}
