// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/** EFI_SIMPLE_TEXT_INPUT_PROTOCOL and its extended form (UEFI 2.10, 12.2 and 12.3). Bytes that are no whole key yet are kept. */
final class TextInput {
  private static final int SIZE = 24;
  private static final int EXTENDED_SIZE = 48;
  private static final int WAIT_FOR_KEY = 16;
  // Numbers of the input: the line, the event, the extended interface, how many bytes are kept, when the last came, when somebody asked in vain, and
  // the bytes.
  private static final int SERIAL = 0;
  private static final int EVENT = 1;
  private static final int EXTENDED = 2;
  private static final int COUNT = 3;
  private static final int WHEN = 4;
  private static final int ASKED = 5;
  private static final int BYTES = 6;
  private static final int KEPT = 16;
  private static final int NUMBERS = BYTES + KEPT / 8;
  /** An escape character that nothing follows for so long is a key. */
  private static final int ALONE_MICROSECONDS = 50_000;
  /** Who asks again so soon does nothing else: then time may pass, as it would on a slower machine. */
  private static final int SOON_MICROSECONDS = 200;
  private static final int IDLE_MICROSECONDS = 10_000;
  /** What a Reset fetches at most, in pieces: a line on which more and more comes doesn't hold it up. */
  private static final int MOST_PIECES = 256;
  // Numbers of the extended interface: the input, the latest notification. That of a notification: the one before.
  private static final int INPUT = 0;
  private static final int NOTIFICATION = 1;
  private static final int EXTENDED_NUMBERS = 2;
  private static final int BEFORE = 0;
  private static final int NOTIFICATION_SIZE = 8;

  /** Steps: what the line has is asked for, is there, and a pause or a notification is over. */
  private enum Step {
    RECEIVE, RECEIVED, OVER;

    private static final Step[] ALL = values();
  }

  /** Numbers of a call: memory for what the line has, how many pieces were fetched. */
  private enum Slot {
    ROOM, PIECES
  }

  private final TerminalLayer layer;

  TextInput(TerminalLayer layer) {
    this.layer = layer;
  }

  long make(Firmware firmware, long serial) {
    long at = firmware.interfaceMemory(layer, SIZE, NUMBERS);
    layer.write(firmware, at, "InReset", "ReadKeyStroke");
    long extended = firmware.interfaceMemory(layer, EXTENDED_SIZE, EXTENDED_NUMBERS);
    layer.write(firmware, extended, "ExReset", "ReadKeyStrokeEx");
    layer.write(firmware, extended + 24, "SetState", "RegisterKeyNotify", "UnregisterKeyNotify");
    firmware.numbers(layer, extended)[INPUT] = at;
    long[] numbers = firmware.numbers(layer, at);
    numbers[SERIAL] = serial;
    numbers[EXTENDED] = extended;
    return at;
  }

  void event(Firmware firmware, long at, long event) {
    firmware.numbers(layer, at)[EVENT] = event;
    firmware.memory().put64(at + WAIT_FOR_KEY, event);
    firmware.memory().put64(extended(firmware, at) + WAIT_FOR_KEY, event);
  }

  long event(Firmware firmware, long at) {
    return firmware.numbers(layer, at)[EVENT];
  }

  long extended(Firmware firmware, long at) {
    return firmware.numbers(layer, at)[EXTENDED];
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "InReset" -> call -> reset(call, input(call));
      case "ExReset" -> call -> reset(call, of(call));
      case "ReadKeyStroke" -> call -> read(call, input(call), false);
      case "ReadKeyStrokeEx" -> call -> read(call, of(call), true);
      case "SetState" -> call -> {
        of(call);
        return EfiStep.done();
      };
      case "RegisterKeyNotify" -> this::register;
      case "UnregisterKeyNotify" -> this::unregister;
      case "KeyNotify" -> this::notice;
      default -> null;
    };
  }

  /** The input that a function is called with. */
  private long input(Call call) {
    InterfaceNumbers.of(call, layer, NUMBERS);
    return call.argument(0);
  }

  /** The input that an extended interface belongs to. */
  private long of(Call call) {
    return extendedNumbers(call)[INPUT];
  }

  private long[] extendedNumbers(Call call) {
    return InterfaceNumbers.of(call, layer, EXTENDED_NUMBERS);
  }

  /** Forgets what is kept and what the line has (UEFI 2.10, 12.3.2: a known empty state). */
  private EfiStep reset(Call call, long at) {
    long[] numbers = call.firmware().numbers(layer, at);
    boolean empty = !call.isFirst() && (call.result() != 0 || call.get(Slot.PIECES) == MOST_PIECES);
    numbers[COUNT] = 0;
    if (empty) {
      return EfiStep.done();
    }
    call.set(Slot.PIECES, call.get(Slot.PIECES) + 1);
    return receive(call, at);
  }

  /** Nobody is told of keys: a handle is given, as callers need one. */
  private EfiStep register(Call call) {
    if (call.argument(1) == 0 || call.argument(2) == 0 || call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    Firmware firmware = call.firmware();
    long[] numbers = extendedNumbers(call);
    firmware.memory().get64(call.argument(1));
    firmware.memory().get64(call.argument(3)); // or nobody would ever unregister it
    long made = firmware.interfaceMemory(layer, NOTIFICATION_SIZE, 1);
    firmware.numbers(layer, made)[BEFORE] = numbers[NOTIFICATION];
    numbers[NOTIFICATION] = made;
    firmware.memory().put64(call.argument(3), made);
    return EfiStep.done();
  }

  private EfiStep unregister(Call call) {
    Firmware firmware = call.firmware();
    long[] holder = extendedNumbers(call);
    int at = NOTIFICATION;
    while (holder[at] != 0 && holder[at] != call.argument(1)) {
      holder = firmware.numbers(layer, holder[at]);
      at = BEFORE;
    }
    if (holder[at] == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    holder[at] = firmware.numbers(layer, call.argument(1))[BEFORE];
    firmware.dropInterface(layer, call.argument(1));
    return EfiStep.done();
  }

  /** Forgets what is registered, as the driver stops. */
  void forgetNotifications(Firmware firmware, long extended) {
    long[] numbers = firmware.numbers(layer, extended);
    while (numbers[NOTIFICATION] != 0) {
      long latest = numbers[NOTIFICATION];
      numbers[NOTIFICATION] = firmware.numbers(layer, latest)[BEFORE];
      firmware.dropInterface(layer, latest);
    }
  }

  /** Reads from the line what there is room for; the next step is {@link Step#RECEIVED}. */
  private EfiStep receive(Call call, long at) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = call.firmware().numbers(layer, at);
    if (call.isFirst()) {
      call.set(Slot.ROOM, call.room(16 + KEPT));
    }
    long room = call.get(Slot.ROOM);
    memory.put64(room, KEPT - numbers[COUNT]);
    long serial = numbers[SERIAL];
    return EfiStep.call(Step.RECEIVED, memory.get64(serial + 48), serial, room, room + 16);
  }

  /** The first key of what has come. */
  private TerminalKeys.Key key(Call call, long at) {
    Firmware firmware = call.firmware();
    long[] numbers = firmware.numbers(layer, at);
    int count = (int) numbers[COUNT];
    int more = Math.clamp(firmware.memory().get64(call.get(Slot.ROOM)), 0, KEPT - count);
    ByteBuffer kept = ByteBuffer.allocate(KEPT).order(ByteOrder.LITTLE_ENDIAN).putLong(numbers[BYTES]).putLong(numbers[BYTES + 1]);
    if (more > 0) {
      kept.put(count, firmware.memory().read(call.get(Slot.ROOM) + 16, more));
      numbers[BYTES] = kept.getLong(0);
      numbers[BYTES + 1] = kept.getLong(8);
      numbers[COUNT] = count + (long) more;
      numbers[WHEN] = firmware.counter();
    }
    boolean alone = firmware.counter() - numbers[WHEN] > firmware.frequency() / 1_000_000 * ALONE_MICROSECONDS;
    return TerminalKeys.first(Arrays.copyOf(kept.array(), (int) numbers[COUNT]), alone || numbers[COUNT] == KEPT);
  }

  private void drop(Call call, long at, int bytes) {
    long[] numbers = call.firmware().numbers(layer, at);
    ByteBuffer kept = ByteBuffer.allocate(2 * KEPT).order(ByteOrder.LITTLE_ENDIAN).putLong(numbers[BYTES]).putLong(numbers[BYTES + 1]);
    numbers[BYTES] = kept.getLong(bytes);
    numbers[BYTES + 1] = kept.getLong(bytes + 8);
    numbers[COUNT] -= bytes;
  }

  private EfiStep read(Call call, long at, boolean extended) {
    if (call.isAt(Step.RECEIVE)) {
      return call.argument(1) == 0 ? EfiStep.done(EfiStatus.INVALID_PARAMETER) : receive(call, at);
    }
    if (call.isAt(Step.OVER)) {
      return EfiStep.done(EfiStatus.NOT_READY);
    }
    EfiRam memory = call.firmware().memory();
    TerminalKeys.Key key = key(call, at);
    memory.put32(call.argument(1), (long) key.character() << 16 | key.scan());
    if (extended) {
      memory.put32(call.argument(1) + 4, 0); // which shift and toggle keys are held isn't known
      memory.put8(call.argument(1) + 8, 0);
    }
    if (key.bytes() == 0) {
      long[] numbers = call.firmware().numbers(layer, at);
      long now = call.firmware().counter();
      boolean soon = now - numbers[ASKED] < SOON_MICROSECONDS * call.firmware().frequency() / 1_000_000;
      numbers[ASKED] = soon ? call.firmware().after(IDLE_MICROSECONDS) : now;
      return soon ? new EfiStep.Wait(Step.OVER, numbers[ASKED]) : EfiStep.done(EfiStatus.NOT_READY);
    }
    drop(call, at, key.bytes());
    return EfiStep.done();
  }

  /** The notification function of the event that waits for keys: event and, as context, the input. */
  private EfiStep notice(Call call) {
    long at = call.argument(1);
    return switch (call.step(Step.ALL)) {
      case RECEIVE -> receive(call, at);
      case RECEIVED -> key(call, at).bytes() == 0 ? EfiStep.done()
          : EfiStep.call(Step.OVER, call.firmware().service(BootService.SIGNAL_EVENT), call.argument(0));
      default -> EfiStep.done();
    };
  }
}
