// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.xen.abi.XenbusState;

/**
 * What front ends of PV devices have in common (Xen, {@code io/xenbus.h}): nodes of both ends, which are named by their places in a list, states, and the way
 * back, on which all that was granted or opened is so no longer. Numbers of such a layer's interface begin with those named here.
 */
public final class FrontEnd {
  /** Number: the device's protocol. */
  public static final int DEVICE = 0;
  /** Number: the event channel; 0: none. */
  public static final int PORT = 1;
  /** Number: how many pages are granted. */
  public static final int GRANTED = 2;
  /** Number: address of their references, 32 bits each. */
  public static final int REFERENCES = 3;
  /** How many numbers these are. */
  public static final int NUMBERS = 4;
  /** Place of the node with the state; the front end's own follow, then others of the back end's. */
  public static final int STATE = 0;
  private static final String PROTOCOL = "protocol";
  private static final String ABI = "arm-abi";
  private static final int MOST_PATH = 3072;
  private static final int DIGITS = 32;
  private static final long PAUSE = 200;
  private static final long LAST_PAUSE = 10_000;
  private static final long PATIENCE_MICROSECONDS = 5_000_000;
  /** Numbers of Leave: the node or the page that is next, how often that page was asked for. */
  private enum LeaveSlot {
    NEXT, TRIES
  }

  private static final int MOST_TRIES = 100;
  private static final long TRY_PAUSE = 1000;

  /** Steps of Leave: three states, each written and then waited for as it answers; nodes, the event channel, and each page until it isn't mapped. */
  private enum Leaving {
    SAY_CLOSING, AWAIT_CLOSING, SAY_CLOSED, AWAIT_CLOSED, SAY_INITIALISING, AWAIT_INITIALISING, REMOVE_NODE, CLOSE_CHANNEL, END_GRANT,
    GRANT_ENDED;

    private static final Leaving[] ALL = values();
  }

  /** Numbers of Number: memory for the text, where its size is. */
  private enum NumberSlot {
    ROOM, SIZE
  }

  /** Steps of Await. */
  private enum Awaiting {
    READ, LOOK, READ_AGAIN
  }

  /** Numbers of Await: the pause, how long it was waited. */
  private enum AwaitSlot {
    PAUSE, WAITED
  }

  private final EfiLayer layer;
  private final String what;
  private final List<String> names;
  private final int written;

  /**
   * Front ends of a layer.
   *
   * @param what   names a device in reports
   * @param own    nodes of the front end that are removed when it leaves, in places from 1 on; {@code protocol} has the text that the ABI wants, others numbers
   * @param others nodes of the back end that are read, in the places behind
   */
  public FrontEnd(EfiLayer layer, String what, List<String> own, List<String> others) {
    this.layer = layer;
    this.what = what;
    names = Stream.of(List.of("state"), own, others).flatMap(List::stream).toList();
    written = own.size();
  }

  /** A function of this piece; null if it has none of that name. */
  public @Nullable EfiFunction function(String name) {
    return switch (name) {
      case "Number" -> this::number;
      case "WriteNode" -> this::write;
      case "RemoveNode" -> this::remove;
      case "Await" -> this::await;
      case "Leave" -> this::leave;
      default -> null;
    };
  }

  private EfiStep own(Call call, Enum<?> next, String name, long... arguments) {
    return EfiStep.call(next, call.firmware().function(layer, name), arguments);
  }

  /** Reads a number of the back end's: the result is that, or -1. */
  public EfiStep number(Call call, Enum<?> next, long device, int name) {
    return own(call, next, "Number", device, name);
  }

  /** Writes a node of the front end's: the result is a status. */
  public EfiStep write(Call call, Enum<?> next, long device, long transaction, int name, long value) {
    return own(call, next, "WriteNode", device, transaction, name, value);
  }

  /** Waits until the back end is in one of some states: the result is SUCCESS or TIMEOUT. @param states a bit for each */
  public EfiStep await(Call call, Enum<?> next, long device, long states) {
    return own(call, next, "Await", device, states);
  }

  /**
   * Leaves the back end, whatever it does. Only memory that the other side still has mapped after a tenth of a second stays granted, and an event says so.
   *
   * @param place address of the interface
   */
  public EfiStep leave(Call call, Enum<?> next, long place) {
    return own(call, next, "Leave", place);
  }

  /** Lets the back end's domain use a page. The reference goes to {@code room}; {@link #granted} keeps it. */
  public static EfiStep grant(Call call, Enum<?> next, long[] numbers, long page, long room) {
    EfiRam memory = call.firmware().memory();
    return XenBus.GRANT.call(call, next, numbers[DEVICE], memory.get32(numbers[DEVICE] + XenBus.BACKEND_DOMAIN), page >>> 12, 0, room);
  }

  /** A page was granted. */
  public static void granted(EfiRam memory, long[] numbers, long room) {
    memory.put32(reference(numbers, numbers[GRANTED]), memory.get32(room));
    numbers[GRANTED]++;
  }

  /** Where the reference of a page is. */
  public static long reference(long[] numbers, long page) {
    return numbers[REFERENCES] + 4 * page;
  }

  /** Writes the path of a node into memory of the call. @param parent where the device has the path of the end; @return its address */
  public static long path(Call call, long device, int parent, String name) {
    EfiRam memory = call.firmware().memory();
    StringBuilder path = new StringBuilder();
    for (long at = memory.get64(device + parent); path.length() < MOST_PATH && memory.get8(at) != 0; at++) {
      path.append((char) memory.get8(at));
    }
    byte[] text = path.append('/').append(name).append('\0').toString().getBytes(StandardCharsets.US_ASCII);
    long place = call.room(text.length);
    memory.write(place, text);
    return place;
  }

  private String name(long place) {
    return names.get((int) Math.clamp(place, 0, names.size() - 1));
  }

  /** Reads a number of the back end's: device, name. */
  private EfiStep number(Call call) {
    EfiRam memory = call.firmware().memory();
    long device = call.argument(0);
    if (call.isAt(AskOnce.ASK)) {
      call.set(NumberSlot.ROOM, call.room(DIGITS));
      call.set(NumberSlot.SIZE, call.room(8));
      memory.put64(call.get(NumberSlot.SIZE), DIGITS);
      return XenBus.READ.call(call, AskOnce.ANSWERED, device, 0, path(call, device, XenBus.BACKEND, name(call.argument(1))), call.get(
          NumberSlot.ROOM), call.get(NumberSlot.SIZE));
    }
    if (call.result() != 0) {
      return EfiStep.done(isStores(call.result()) ? call.result() : -1);
    }
    String text = new String(memory.read(call.get(NumberSlot.ROOM), (int) Math.min(DIGITS, memory.get64(call.get(NumberSlot.SIZE)))),
        StandardCharsets.US_ASCII)
        .replace("\0", "");
    return EfiStep.done(text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1);
  }

  /** Writes a number of the front end's: device, transaction, name, number. */
  private EfiStep write(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long device = call.argument(0);
    String name = name(call.argument(2));
    byte[] text = (name.equals(PROTOCOL) ? ABI : Long.toString(call.argument(3))).getBytes(StandardCharsets.US_ASCII);
    long value = call.room(text.length);
    call.firmware().memory().write(value, text);
    return XenBus.WRITE.call(call, AskOnce.ANSWERED, device, call.argument(1), path(call, device, XenBus.NODE, name), value, text.length);
  }

  /** Removes a node of the front end's: device, name. */
  private EfiStep remove(Call call) {
    return !call.isAt(AskOnce.ASK) ? EfiStep.done(call.result()) : XenBus.REMOVE.call(call, AskOnce.ANSWERED, call.argument(0), 0, path(
        call, call.argument(0),
        XenBus.NODE, name(call.argument(1))));
  }

  /** Whether it is the store that fails: it is asked no more then. */
  private static boolean isStores(long status) {
    return status == EfiStatus.DEVICE_ERROR.code() || status == EfiStatus.TIMEOUT.code();
  }

  /** Device, bits. */
  private EfiStep await(Call call) {
    if (!call.isAt(Awaiting.LOOK)) {
      return number(call, Awaiting.LOOK, call.argument(0), STATE);
    }
    if (call.result() >= 0 && call.result() < 32 && (call.argument(1) >> call.result() & 1) != 0) {
      return EfiStep.done();
    }
    if (isStores(call.result())) {
      return EfiStep.done(call.result());
    }
    if (call.get(AwaitSlot.WAITED) > PATIENCE_MICROSECONDS) {
      return EfiStep.done(EfiStatus.TIMEOUT);
    }
    long pause = Math.max(PAUSE, call.get(AwaitSlot.PAUSE));
    call.set(AwaitSlot.WAITED, call.get(AwaitSlot.WAITED) + pause);
    call.set(AwaitSlot.PAUSE, Math.min(LAST_PAUSE, 2 * pause));
    return new EfiStep.Wait(Awaiting.READ_AGAIN, call.firmware().after(pause));
  }

  private EfiStep leave(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = firmware.numbers(layer, call.argument(0));
    long device = numbers[DEVICE];
    switch (call.step(Leaving.ALL)) {
      case SAY_CLOSING -> {
        return write(call, Leaving.AWAIT_CLOSING, device, 0, STATE, XenbusState.XenbusStateClosing);
      }
      case AWAIT_CLOSING -> {
        return await(call, Leaving.SAY_CLOSED, device, 1L << XenbusState.XenbusStateClosing | 1L << XenbusState.XenbusStateClosed
            | 1L << XenbusState.XenbusStateInitWait);
      }
      case SAY_CLOSED -> {
        return write(call, Leaving.AWAIT_CLOSED, device, 0, STATE, XenbusState.XenbusStateClosed);
      }
      case AWAIT_CLOSED -> {
        return await(call, Leaving.SAY_INITIALISING, device, 1L << XenbusState.XenbusStateClosed | 1L << XenbusState.XenbusStateInitWait);
      }
      case SAY_INITIALISING -> {
        return write(call, Leaving.AWAIT_INITIALISING, device, 0, STATE, XenbusState.XenbusStateInitialising);
      }
      case AWAIT_INITIALISING -> {
        return await(call, Leaving.REMOVE_NODE, device, 1L << XenbusState.XenbusStateInitWait | 1L << XenbusState.XenbusStateInitialising);
      }
      case REMOVE_NODE -> {
        call.set(LeaveSlot.NEXT, call.get(LeaveSlot.NEXT) + 1);
        return call.get(LeaveSlot.NEXT) > written ? new EfiStep.Go(Leaving.CLOSE_CHANNEL) : own(call, Leaving.REMOVE_NODE, "RemoveNode",
            device, call.get(LeaveSlot.NEXT));
      }
      case CLOSE_CHANNEL -> {
        long port = numbers[PORT];
        numbers[PORT] = 0;
        call.set(LeaveSlot.NEXT, 0);
        return port == 0 ? new EfiStep.Go(Leaving.END_GRANT) : XenBus.CLOSE.call(call, Leaving.END_GRANT, device, port);
      }
      case END_GRANT -> {
        if (call.get(LeaveSlot.NEXT) >= numbers[GRANTED]) {
          numbers[GRANTED] = 0;
          return EfiStep.done();
        }
        return XenBus.END_GRANT.call(call, Leaving.GRANT_ENDED, device, firmware.memory().get32(reference(numbers, call.get(
            LeaveSlot.NEXT))));
      }
      default -> {
        if (call.result() == EfiStatus.NOT_READY.code() && call.get(LeaveSlot.TRIES) < MOST_TRIES) {
          call.set(LeaveSlot.TRIES, call.get(LeaveSlot.TRIES) + 1);
          return new EfiStep.Wait(Leaving.END_GRANT, firmware.after(TRY_PAUSE));
        }
        if (call.result() == EfiStatus.NOT_READY.code()) {
          firmware.report(what + ": its back end keeps a page; it stays granted");
        }
        call.set(LeaveSlot.NEXT, call.get(LeaveSlot.NEXT) + 1);
        return new EfiStep.Go(Leaving.END_GRANT);
      }
    }
  }
}
