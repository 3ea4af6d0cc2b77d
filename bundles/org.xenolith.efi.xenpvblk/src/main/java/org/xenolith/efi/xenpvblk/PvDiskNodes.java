// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;

/** Functions of the layer's own for nodes of the store, which are named by their places in a list (Xen, {@code io/blkif.h}, {@code io/xenbus.h}). */
final class PvDiskNodes {
  static final int STATE = 0;
  static final int RING_REF = 1;
  static final int EVENT_CHANNEL = 2;
  static final int PERSISTENT = 3;
  static final int PROTOCOL = 4;
  static final int SECTORS = 5;
  static final int SECTOR_SIZE = 6;
  static final int INFO = 7;
  static final int FLUSH = 8;
  static final int DISCARD = 9;
  static final int INDIRECT = 10;
  private static final List<String> NAMES = List.of("state", "ring-ref", "event-channel", "feature-persistent", "protocol", "sectors",
      "sector-size", "info", "feature-flush-cache", "feature-discard", "feature-max-indirect-segments");
  private static final String ABI = "arm-abi";
  private static final int MOST_PATH = 3072;
  private static final int DIGITS = 32;
  private static final long PAUSE = 200;
  private static final long LAST_PAUSE = 10_000;
  private static final long PATIENCE_MICROSECONDS = 5_000_000;

  private PvDiskNodes() {}

  /** Writes the path of a node into memory; its address. */
  private static long path(Call call, long device, int parent, long name) {
    EfiRam memory = call.firmware().memory();
    StringBuilder path = new StringBuilder();
    for (long at = memory.get64(device + parent); path.length() < MOST_PATH && memory.get8(at) != 0; at++) {
      path.append((char) memory.get8(at));
    }
    byte[] text = path.append('/').append(NAMES.get((int) name)).append('\0').toString().getBytes(StandardCharsets.US_ASCII);
    long place = call.room(text.length);
    memory.write(place, text);
    return place;
  }

  /** Reads a number of the back end's: device, name. What it returns is the number, or -1. Numbers of the call: 0 room, 1 its size's place. */
  static EfiStep number(Call call) {
    EfiRam memory = call.firmware().memory();
    long device = call.argument(0);
    if (call.step() == 0) {
      call.set(0, call.room(DIGITS));
      call.set(1, call.room(8));
      memory.put64(call.get(1), DIGITS);
      return XenBus.READ.call(call, 1, device, 0, path(call, device, XenBus.BACKEND, call.argument(1)), call.get(0), call.get(1));
    }
    if (call.result() != 0) {
      return EfiStep.done(-1);
    }
    String text = new String(memory.read(call.get(0), (int) Math.min(DIGITS, memory.get64(call.get(1)))), StandardCharsets.US_ASCII)
        .replace(
            "\0", "");
    return EfiStep.done(text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1);
  }

  /** Writes a number of the front end's: device, transaction, name, number. */
  static EfiStep write(Call call) {
    if (call.step() != 0) {
      return EfiStep.done(call.result());
    }
    long device = call.argument(0);
    byte[] text = (call.argument(2) == PROTOCOL ? ABI : Long.toString(call.argument(3))).getBytes(StandardCharsets.US_ASCII);
    long value = call.room(text.length);
    call.firmware().memory().write(value, text);
    return XenBus.WRITE.call(call, 1, device, call.argument(1), path(call, device, XenBus.NODE, call.argument(2)), value, text.length);
  }

  /** Removes a node of the front end's: device, name. */
  static EfiStep remove(Call call) {
    return call.step() != 0 ? EfiStep.done(call.result()) : XenBus.REMOVE.call(call, 1, call.argument(0), 0, path(call, call.argument(0),
        XenBus.NODE, call.argument(1)));
  }

  /** Waits until the back end is in one of some states: device, their bits. TIMEOUT. Numbers of the call: 0 the pause, 1 how long it was waited. */
  static EfiStep await(Call call, long numberFunction) {
    if (call.step() == 2 || call.step() == 0) {
      return EfiStep.call(1, numberFunction, call.argument(0), STATE);
    }
    if (call.result() >= 0 && call.result() < 32 && (call.argument(1) >> call.result() & 1) != 0) {
      return EfiStep.done();
    }
    if (call.get(1) > PATIENCE_MICROSECONDS) {
      return EfiStep.done(EfiStatus.TIMEOUT);
    }
    long pause = Math.max(PAUSE, call.get(0));
    call.set(1, call.get(1) + pause);
    call.set(0, Math.min(LAST_PAUSE, 2 * pause));
    return new EfiStep.Wait(2, call.firmware().after(pause));
  }
}
