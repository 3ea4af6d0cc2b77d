// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;

/**
 * The bus protocol of one PV device for tests of front ends: a store with the nodes {@code front/…} and {@code back/…}, grants and an event channel in maps, and a
 * back end whose state follows the front end's. What it does with its rings is the test's.
 */
public abstract class FakeXenBus {
  private static final int PORT = 9;
  private static final int FIRST_REFERENCE = 8;

  private final TreeMap<String, String> store = new TreeMap<>();
  private final TreeMap<Long, Long> granted = new TreeMap<>();
  private final FakeFirmware firmware;
  private final long device;
  private int ports;
  private int reads;
  private int conflicts = 1;
  private long nextReference = FIRST_REFERENCE;

  /** A device whose back end waits. @param type as the store names it; @param number of the device */
  protected FakeXenBus(FakeFirmware firmware, String type, int number) {
    this.firmware = firmware;
    EfiRam memory = firmware.memory();
    store.put("back/state", "2");
    device = firmware.room(XenBus.SIZE);
    for (XenBus function : XenBus.values()) {
      memory.put64(device + function.offset(), firmware.guest(function(function)));
    }
    memory.put64(device + XenBus.TYPE, text(type));
    memory.put64(device + XenBus.NODE, text("front"));
    memory.put64(device + XenBus.BACKEND, text("back"));
    memory.put32(device + XenBus.BACKEND_DOMAIN, 1);
    memory.put32(device + XenBus.NUMBER, number);
  }

  /** The front end has sent an event. */
  protected abstract void notified();

  /** The front end is at its beginning again. */
  protected abstract void restarted();

  /** Whether the back end doesn't give pages back. */
  protected boolean keepsPages() {
    return false;
  }

  /** Whether the back end's state stays what it is. */
  protected boolean neverReady() {
    return false;
  }

  /** Address of the protocol. */
  public long device() {
    return device;
  }

  /** The store's nodes. */
  public TreeMap<String, String> store() {
    return store;
  }

  /** Addresses of the pages that are granted, by their references. */
  public TreeMap<Long, Long> granted() {
    return granted;
  }

  /** The page that a node of the front end's has the reference of. */
  protected long page(String node) {
    return granted.get(Long.parseLong(store.get("front/" + node)));
  }

  /** Event channels that are open. */
  public int ports() {
    return ports;
  }

  private long text(String text) {
    long at = firmware.room(text.length() + 1);
    firmware.memory().write(at, (text + '\0').getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private String text(long at) {
    StringBuilder text = new StringBuilder();
    for (long i = at; firmware.memory().get8(i) != 0; i++) {
      text.append((char) firmware.memory().get8(i));
    }
    return text.toString();
  }

  private EfiFunction function(XenBus function) {
    EfiRam memory = firmware.memory();
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
      case END_GRANT -> call -> EfiStep.done(keepsPages() ? EfiStatus.NOT_READY : granted.remove(call.argument(1)) == null
          ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS);
      case OPEN -> call -> {
        ports++;
        memory.put32(call.argument(2), PORT);
        return EfiStep.done();
      };
      case NOTIFY -> call -> {
        notified();
        return EfiStep.done();
      };
      case CLOSE -> call -> {
        ports--;
        return EfiStep.done();
      };
    };
  }

  /** Whether the store fails each time. */
  protected boolean storeFails() {
    return false;
  }

  /** How many transactions end with somebody else in their way. */
  public void conflicts(int now) {
    conflicts = now;
  }

  /** How often a node was asked for. */
  public int reads() {
    return reads;
  }

  private EfiStep read(Call call) {
    reads++;
    if (storeFails()) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    String value = store.get(text(call.argument(2)));
    if (value == null) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    firmware.memory().write(call.argument(3), value.getBytes(StandardCharsets.US_ASCII));
    firmware.memory().put64(call.argument(4), value.length());
    return EfiStep.done();
  }

  private void follow() {
    String state = store.getOrDefault("front/state", "1");
    if (!neverReady()) {
      store.put("back/state", state.equals("3") ? "4" : state.equals("1") ? "2" : state);
    }
    if (state.equals("1")) {
      restarted();
    }
  }
}
