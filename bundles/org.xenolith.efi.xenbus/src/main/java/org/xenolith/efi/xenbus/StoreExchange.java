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
  private static final long PAUSE = 20;
  private static final long LAST_PAUSE = 2000;
  private static final long PATIENCE_MICROSECONDS = 5_000_000;
  // Numbers of a call: bytes that were sent, that have come; the pause, how long it was waited; room for hypercalls.
  private static final int SENT = 0;
  private static final int CAME = 1;
  private static final int PAUSED = 2;
  private static final int WAITED = 3;
  private static final int ROOM = 4;

  private final XenBusLayer layer;

  StoreExchange(XenBusLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    long[] bus = call.firmware().numbers(layer, call.argument(0));
    if (call.step() == 0) {
      EfiStatus refused = begin(call, bus);
      if (refused != EfiStatus.SUCCESS) {
        return EfiStep.done(refused);
      }
    }
    EfiStep step = move(call, bus);
    if (step.ends()) {
      bus[Bus.BUSY] = 0;
    }
    return step;
  }

  private static EfiStatus begin(Call call, long[] bus) {
    EfiRam memory = call.firmware().memory();
    long length = call.argument(4);
    if (length < 0 || length > MOST) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (bus[Bus.BUSY] != 0 && call.firmware().counter() < bus[Bus.BUSY]) {
      return EfiStatus.NOT_READY;
    }
    bus[Bus.BUSY] = call.firmware().after(PATIENCE_MICROSECONDS);
    bus[Bus.IDENTITY] = bus[Bus.IDENTITY] + 1 & 0x7FFF_FFFF;
    long out = bus[Bus.MESSAGES];
    memory.put32(out, call.argument(1));
    memory.put32(out + 4, bus[Bus.IDENTITY]);
    memory.put32(out + 8, call.argument(2));
    memory.put32(out + 12, length);
    memory.write(out + Bus.HEADER, memory.read(call.argument(3), (int) length));
    call.set(PAUSED, PAUSE);
    call.set(ROOM, call.room(XenCalls.ROOM));
    return EfiStatus.SUCCESS;
  }

  private static EfiStep move(Call call, long[] bus) {
    EfiRam memory = call.firmware().memory();
    long sent = send(memory, bus, call.get(SENT), Bus.HEADER + call.argument(4));
    long came = receive(memory, bus, call.get(CAME));
    if (sent < 0 || came < 0) {
      return broken(call, "the indexes of its ring make no sense");
    }
    boolean moved = sent != 0 || came != 0;
    call.set(SENT, call.get(SENT) + sent);
    call.set(CAME, call.get(CAME) + came);
    long in = Bus.answer(bus) - Bus.HEADER;
    if (call.get(CAME) >= Bus.HEADER && memory.get32(in + 12) > MOST) {
      return broken(call, "it answers " + memory.get32(in + 12) + " bytes; at most " + MOST);
    }
    if (moved) {
      call.set(PAUSED, PAUSE);
      return EfiStep.touch(1, XenCalls.send(memory, call.get(ROOM), bus[Bus.PORT]));
    }
    if (call.get(CAME) >= Bus.HEADER && call.get(CAME) == Bus.HEADER + memory.get32(in + 12)) {
      if (memory.get32(in + 4) == bus[Bus.IDENTITY] && memory.get32(in) != StoreMessage.XS_WATCH_EVENT) {
        return answered(call, bus, in);
      }
      call.set(CAME, 0); // of somebody who has given up, or a watch of an earlier life
      return new EfiStep.Go(1);
    }
    if (call.get(WAITED) > PATIENCE_MICROSECONDS) {
      call.firmware().report("XenStore: it gives no answer in " + PATIENCE_MICROSECONDS / 1_000_000
          + " s; is the domain introduced to it?");
      return EfiStep.done(EfiStatus.TIMEOUT);
    }
    long pause = call.get(PAUSED);
    call.set(WAITED, call.get(WAITED) + pause);
    call.set(PAUSED, Math.min(LAST_PAUSE, 2 * pause));
    return new EfiStep.Wait(1, call.firmware().after(pause));
  }

  private static EfiStep broken(Call call, String how) {
    call.firmware().report("XenStore: " + how);
    return EfiStep.done(EfiStatus.DEVICE_ERROR);
  }

  /** Puts into the ring what there is room for; how many bytes, or -1. */
  private static long send(EfiRam memory, long[] bus, long done, long total) {
    long ring = bus[Bus.STORE];
    long prod = memory.get32(ring + REQ_PROD);
    long used = prod - memory.get32(ring + REQ_CONS) & 0xFFFF_FFFFL;
    if (used > RING) {
      return -1;
    }
    int piece = (int) Math.min(RING - used, total - done);
    byte[] bytes = memory.read(bus[Bus.MESSAGES] + done, piece);
    for (int i = 0; i < piece; i++) {
      memory.put8(ring + (prod + i) % RING, bytes[i]);
    }
    memory.put32(ring + REQ_PROD, prod + piece & 0xFFFF_FFFFL);
    return piece;
  }

  /** Takes what has come of one answer; how many bytes, or -1. */
  private static long receive(EfiRam memory, long[] bus, long done) {
    long ring = bus[Bus.STORE];
    long in = Bus.answer(bus) - Bus.HEADER;
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
        case "ENOSPC", "E2BIG" -> EfiStatus.OUT_OF_RESOURCES;
        default -> EfiStatus.DEVICE_ERROR;
      });
    }
    return memory.get32(in) == call.argument(1) ? EfiStep.done() : broken(call, "it answers message " + call.argument(1) + " with message "
        + memory.get32(in));
  }
}
