// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.nio.charset.StandardCharsets;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.XenCalls;
import org.xenolith.xen.abi.StoreMessage;

/**
 * Sends the store a message and waits for the answer (Xen, {@code io/xs_wire.h}). Arguments: the bus, the message's type, its transaction, what it says,
 * how long that is. What is answered is behind {@link Bus#answer}. Nothing that the store writes is believed.
 */
final class StoreExchange {
  private static final int RING = 1024;
  private static final int RESPONSES = 1024;
  private static final int REQ_CONS = 2048;
  private static final int REQ_PROD = 2052;
  private static final int RSP_CONS = 2056;
  private static final int RSP_PROD = 2060;
  private static final int MOST = 4096;
  private static final int MOST_OTHERS = 1000;
  private static final long PAUSE = 20;
  private static final long LAST_PAUSE = 2000;
  private static final long PATIENCE_MICROSECONDS = 5_000_000;
  /** Numbers of a call: whether the message is its own, messages of others, the pause, how long it was waited, memory for hypercalls. */
  private enum Slot {
    BEGUN, OTHERS, PAUSED, WAITED, ROOM
  }

  private enum Step {
    /** What an earlier caller, whose layer was taken away, has sent in part is sent. */
    FINISH_OTHERS,
    /** The message, and its answer. */
    EXCHANGE
  }

  private final XenBusLayer layer;

  StoreExchange(XenBusLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    long[] bus = call.firmware().numbers(layer, call.argument(0));
    if (call.isAt(Step.FINISH_OTHERS)) {
      if (call.argument(4) < 0 || call.argument(4) > MOST) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      call.raise(Call.TPL_NOTIFY);
      if (call.isBusy(0, call.argument(0))) {
        return EfiStep.done(EfiStatus.NOT_READY);
      }
      if (call.get(Slot.ROOM) == 0) {
        call.set(Slot.PAUSED, PAUSE);
        call.set(Slot.ROOM, call.room(XenCalls.ROOM));
      }
      if (bus[Bus.SENT] == bus[Bus.SIZE]) {
        begin(call, bus);
      }
    }
    return move(call, bus, call.isAt(Step.FINISH_OTHERS) && bus[Bus.SENT] < bus[Bus.SIZE] && call.get(Slot.BEGUN) == 0 ? Step.FINISH_OTHERS
        : Step.EXCHANGE);
  }

  private static void begin(Call call, long[] bus) {
    EfiRam memory = call.firmware().memory();
    long length = call.argument(4);
    bus[Bus.IDENTITY] = bus[Bus.IDENTITY] + 1 & 0x7FFF_FFFF;
    long out = bus[Bus.MESSAGES];
    memory.put32(out, call.argument(1));
    memory.put32(out + 4, bus[Bus.IDENTITY]);
    memory.put32(out + 8, call.argument(2));
    memory.put32(out + 12, length);
    memory.write(out + Bus.HEADER, memory.read(call.argument(3), (int) length));
    bus[Bus.SENT] = 0;
    bus[Bus.SIZE] = Bus.HEADER + length;
    call.set(Slot.BEGUN, 1);
  }

  /** @param again the step in which it is looked again: {@link Step#FINISH_OTHERS} as long as the message isn't the call's own */
  private static EfiStep move(Call call, long[] bus, Step again) {
    EfiRam memory = call.firmware().memory();
    long sent = send(memory, bus);
    bus[Bus.SENT] += Math.max(0, sent); // in either case: what is in the ring may not be sent once more
    long came = receive(memory, bus);
    bus[Bus.CAME] += Math.max(0, came);
    if (came < 0) {
      drop(memory, bus);
    }
    if (sent < 0 || came < 0) {
      return broken(call, "the indexes of its ring make no sense");
    }
    long in = Bus.answer(bus) - Bus.HEADER;
    if (bus[Bus.CAME] >= Bus.HEADER && memory.get32(in + 12) > MOST) {
      drop(memory, bus);
      return broken(call, "it answers " + memory.get32(in + 12) + " bytes; at most " + MOST);
    }
    // An earlier caller's event may have been lost; if its message fills the ring there is none of this one.
    boolean untold = again == Step.FINISH_OTHERS && call.get(Slot.WAITED) == 0;
    if (sent != 0 || came != 0 || untold) {
      call.set(Slot.WAITED, call.get(Slot.WAITED) + (untold ? 1 : 0));
      call.set(Slot.PAUSED, PAUSE);
      return EfiStep.touch(again, XenCalls.send(memory, call.get(Slot.ROOM), bus[Bus.PORT]));
    }
    if (bus[Bus.CAME] >= Bus.HEADER && bus[Bus.CAME] == Bus.HEADER + memory.get32(in + 12)) {
      bus[Bus.CAME] = 0;
      if (again != Step.FINISH_OTHERS && memory.get32(in + 4) == bus[Bus.IDENTITY] && memory.get32(in) != StoreMessage.XS_WATCH_EVENT) {
        return answered(call, bus, in);
      }
      call.set(Slot.OTHERS, call.get(Slot.OTHERS) + 1);
      return call.get(Slot.OTHERS) < MOST_OTHERS ? new EfiStep.Go(again) // of somebody who has given up, or a watch of an earlier life
          : broken(call, "it sends " + MOST_OTHERS + " messages that nobody has asked for, and no answer");
    }
    if (call.get(Slot.WAITED) > PATIENCE_MICROSECONDS) {
      call.firmware().report("XenStore: it gives no answer in " + PATIENCE_MICROSECONDS / 1_000_000
          + " s; is the domain introduced to it?");
      return EfiStep.done(EfiStatus.TIMEOUT);
    }
    long pause = call.get(Slot.PAUSED);
    call.set(Slot.WAITED, call.get(Slot.WAITED) + pause);
    call.set(Slot.PAUSED, Math.min(LAST_PAUSE, 2 * pause));
    return new EfiStep.Wait(again, call.firmware().after(pause));
  }

  private static EfiStep broken(Call call, String how) {
    call.firmware().report("XenStore: " + how);
    return EfiStep.done(EfiStatus.DEVICE_ERROR);
  }

  /** Takes what is in the ring for nothing: nobody knows where the next answer begins. A store that is honest again begins there. */
  private static void drop(EfiRam memory, long[] bus) {
    memory.put32(bus[Bus.STORE] + RSP_CONS, memory.get32(bus[Bus.STORE] + RSP_PROD));
    bus[Bus.CAME] = 0;
  }

  /** Puts into the ring what there is room for; how many bytes, or -1. */
  private static long send(EfiRam memory, long[] bus) {
    long ring = bus[Bus.STORE];
    long prod = memory.get32(ring + REQ_PROD);
    long used = prod - memory.get32(ring + REQ_CONS) & 0xFFFF_FFFFL;
    if (used > RING) {
      return -1;
    }
    int piece = (int) Math.min(RING - used, bus[Bus.SIZE] - bus[Bus.SENT]);
    byte[] bytes = memory.read(bus[Bus.MESSAGES] + bus[Bus.SENT], piece);
    for (int i = 0; i < piece; i++) {
      memory.put8(ring + (prod + i) % RING, bytes[i]);
    }
    memory.put32(ring + REQ_PROD, prod + piece & 0xFFFF_FFFFL);
    return piece;
  }

  /** Takes what has come of one answer; how many bytes, or -1. */
  private static long receive(EfiRam memory, long[] bus) {
    long ring = bus[Bus.STORE];
    long in = Bus.answer(bus) - Bus.HEADER;
    long done = bus[Bus.CAME];
    long cons = memory.get32(ring + RSP_CONS);
    long there = memory.get32(ring + RSP_PROD) - cons & 0xFFFF_FFFFL;
    if (there > RING) {
      return -1;
    }
    long wanted = done < Bus.HEADER ? Bus.HEADER - done : Math.min(MOST, memory.get32(in + 12)) + Bus.HEADER - done;
    int piece = (int) Math.min(there, wanted);
    for (int i = 0; i < piece; i++) {
      memory.put8(in + done + i, memory.get8(ring + RESPONSES + (cons + i) % RING));
    }
    memory.put32(ring + RSP_CONS, cons + piece & 0xFFFF_FFFFL);
    return piece;
  }

  private static EfiStep answered(Call call, long[] bus, long in) {
    EfiRam memory = call.firmware().memory();
    int length = (int) memory.get32(in + 12);
    bus[Bus.LENGTH] = length;
    if (memory.get32(in) == StoreMessage.XS_ERROR) {
      String error = new String(memory.read(in + Bus.HEADER, length), StandardCharsets.US_ASCII).replace("\0", "");
      return EfiStep.done(switch (error) {
        case "ENOENT" -> EfiStatus.NOT_FOUND;
        case "EACCES", "EPERM" -> EfiStatus.ACCESS_DENIED;
        case "EAGAIN" -> EfiStatus.NOT_READY;
        case "EINVAL" -> EfiStatus.INVALID_PARAMETER;
        case "ENOSPC", "E2BIG", "ENOMEM" -> EfiStatus.OUT_OF_RESOURCES;
        default -> EfiStatus.DEVICE_ERROR;
      });
    }
    return memory.get32(in) == call.argument(1) ? EfiStep.done() : broken(call, "it answers message " + call.argument(1) + " with message "
        + memory.get32(in));
  }
}
