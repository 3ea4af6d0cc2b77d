// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.testkit.efi.FakeFirmware;

/** A bus protocol of a test's, with a store and a back end that works through its ring, honestly or not. */
final class BackEnd {
  /** What it does instead of what is right. */
  enum Lie {
    NONE, SILENT, INDEX, IDENTITY, STATUS, KEEPS_PAGES, NEVER_READY, NONSENSE_SIZE
  }

  final byte[] bytes = new byte[2 << 20];
  final TreeMap<String, String> store = new TreeMap<>();
  final List<String> requests = new ArrayList<>();
  final TreeMap<Long, Long> granted = new TreeMap<>();
  final long device;
  Lie lie = Lie.NONE;
  int ports;
  int conflicts = 1;
  private final FakeFirmware firmware;
  private final EfiRam memory;
  private long served;
  private long nextReference = 8;

  BackEnd(FakeFirmware firmware, Map<String, String> can) {
    this.firmware = firmware;
    memory = firmware.memory();
    new Random(1).nextBytes(bytes);
    store.put("back/state", "2");
    store.put("back/sectors", Integer.toString(bytes.length / 512));
    store.put("back/sector-size", "512");
    store.put("back/info", "0");
    can.forEach((name, value) -> store.put("back/" + name, value));
    device = firmware.room(XenBus.SIZE);
    for (XenBus function : XenBus.values()) {
      memory.put64(device + function.offset(), firmware.guest(function(function)));
    }
    memory.put64(device + XenBus.TYPE, text("vbd"));
    memory.put64(device + XenBus.NODE, text("front"));
    memory.put64(device + XenBus.BACKEND, text("back"));
    memory.put32(device + XenBus.BACKEND_DOMAIN, 1);
    memory.put32(device + XenBus.NUMBER, 51712);
  }

  private long text(String text) {
    long at = firmware.room(text.length() + 1);
    memory.write(at, (text + '\0').getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private String text(long at) {
    StringBuilder text = new StringBuilder();
    for (long i = at; memory.get8(i) != 0; i++) {
      text.append((char) memory.get8(i));
    }
    return text.toString();
  }

  private EfiFunction function(XenBus function) {
    return switch (function) {
      case READ -> this::read;
      case WRITE -> call -> {
        store.put(text(call.argument(2)), new String(memory.read(call.argument(3), (int) call.argument(4)), StandardCharsets.US_ASCII));
        follow();
        return EfiStep.done();
      };
      case REMOVE -> call -> EfiStep.done(store.remove(text(call.argument(2))) == null ? EfiStatus.NOT_FOUND : EfiStatus.SUCCESS);
      case BEGIN -> call -> {
        memory.put32(call.argument(1), 1);
        return EfiStep.done();
      };
      case END -> call -> EfiStep.done(conflicts-- > 0 ? EfiStatus.NOT_READY : EfiStatus.SUCCESS);
      case GRANT -> call -> {
        granted.put(nextReference, call.argument(2) << 12);
        memory.put32(call.argument(4), nextReference++);
        return EfiStep.done();
      };
      case END_GRANT -> call -> EfiStep.done(lie == Lie.KEEPS_PAGES ? EfiStatus.NOT_READY : granted.remove(call.argument(1)) == null
          ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS);
      case OPEN -> call -> {
        ports++;
        memory.put32(call.argument(2), 9);
        return EfiStep.done();
      };
      case NOTIFY -> call -> {
        serve();
        return EfiStep.done();
      };
      case CLOSE -> call -> {
        ports--;
        return EfiStep.done();
      };
    };
  }

  private EfiStep read(Call call) {
    String value = store.get(text(call.argument(2)));
    if (value == null) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    memory.write(call.argument(3), value.getBytes(StandardCharsets.US_ASCII));
    memory.put64(call.argument(4), value.length());
    return EfiStep.done();
  }

  /** Its state follows the front end's. */
  private void follow() {
    String state = store.getOrDefault("front/state", "1");
    if (lie != Lie.NEVER_READY) {
      store.put("back/state", state.equals("3") ? "4" : state.equals("1") ? "2" : state);
    }
    if (state.equals("1")) {
      served = 0;
    }
  }

  private void serve() {
    if (lie == Lie.SILENT) {
      return;
    }
    long ring = granted.get(Long.parseLong(store.get("front/ring-ref")));
    while (served != memory.get32(ring)) {
      long slot = ring + 64 + 112 * (served % 32);
      one(slot);
      long id = memory.get64(slot);
      memory.put64(slot, lie == Lie.IDENTITY ? id + 1 : id);
      served++;
    }
    memory.put32(ring + 8, lie == Lie.INDEX ? served + 3 : served);
  }

  private void one(long slot) {
    int operation = memory.get8(slot);
    boolean indirect = operation == 6;
    int inner = indirect ? memory.get8(slot + 1) : operation;
    int segments = indirect ? memory.get16(slot + 2) : memory.get8(slot + 1);
    long sector = memory.get64(slot + 16);
    requests.add(List.of("read", "write", "barrier", "flush", "-", "discard").get(inner) + (indirect ? " indirect " : " ") + sector
        + (inner == 5 ? " " + memory.get64(slot + 24) : ""));
    long list = indirect ? granted.get(memory.get32(slot + 28)) : slot + 24;
    int at = (int) sector * 512;
    for (int i = 0; i < segments && inner != 5; i++) {
      long page = granted.get(memory.get32(list + 8L * i)) + 512L * memory.get8(list + 8L * i + 4);
      int length = 512 * (memory.get8(list + 8L * i + 5) - memory.get8(list + 8L * i + 4) + 1);
      if (inner == 0) {
        memory.write(page, java.util.Arrays.copyOfRange(bytes, at, at + length));
      } else {
        System.arraycopy(memory.read(page, length), 0, bytes, at, length);
      }
      at += length;
    }
    memory.put64(slot, memory.get64(slot + 8));
    memory.put16(slot + 10, lie == Lie.STATUS ? 0xFFFF : 0);
  }
}
