// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.testkit.efi.XenStoreContract.Grant;

/**
 * The bus protocol of one PV device for tests of front ends, which keeps {@link XenBusContract} as the real one does: a store with the nodes
 * {@code front/…} and {@code back/…}, grants and event channels in maps, and a back end whose state follows the front end's. What it does with its
 * rings is the test's.
 */
public abstract class FakeXenBus {
  private static final int FIRST_PORT = 9;
  private static final int FIRST_REFERENCE = 8;
  private static final int REFERENCES = 2048;
  private static final int MOST_PATH = 3072;
  private static final int MOST_MESSAGE = 4096;
  private static final int PAGE_SHIFT = 12;

  private final FakeGuestStore store = new FakeGuestStore();
  private final TreeMap<Long, Long> granted = new TreeMap<>();
  private final TreeMap<Long, Grant> grants = new TreeMap<>();
  private final TreeSet<Long> free = LongStream.range(FIRST_REFERENCE, REFERENCES).boxed().collect(Collectors.toCollection(TreeSet::new));
  private final Set<Long> ports = new TreeSet<>();
  private final Set<Long> others = new TreeSet<>();
  private final FakeFirmware firmware;
  private final long device;
  private int reads;
  private EfiStatus failure = EfiStatus.SUCCESS;

  /** A device whose back end waits. @param type as the store names it; @param number of the device */
  protected FakeXenBus(FakeFirmware firmware, String type, int number) {
    this.firmware = firmware;
    EfiRam memory = firmware.memory();
    store.conflicts(1);
    store.nodes().put("back/state", "2");
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

  /** An event on a certain channel was sent. */
  protected void notified(long port) {
    notified();
  }

  /** The front end is at its beginning again. */
  protected abstract void restarted();

  /** Whether the back end doesn't give pages back. */
  protected boolean keepsPages() {
    return false;
  }

  /** Whether the back end doesn't give a page back. */
  protected boolean keeps(long reference) {
    return keepsPages();
  }

  /** Whether the back end's state stays what it is. */
  protected boolean neverReady() {
    return false;
  }

  /** Whether the store fails each time. */
  protected boolean storeFails() {
    return false;
  }

  /** Each question to the store has this status from now on. */
  public void storeFails(EfiStatus how) {
    failure = how;
  }

  /** Address of the protocol. */
  public long device() {
    return device;
  }

  /** The store's nodes. */
  public TreeMap<String, String> store() {
    return store.nodes();
  }

  /** The store itself. */
  public FakeGuestStore wholeStore() {
    return store;
  }

  /** Addresses of the pages that are granted, by their references. */
  public TreeMap<Long, Long> granted() {
    return granted;
  }

  /** What is granted by a reference; null if nothing is. */
  public Grant grant(long reference) {
    return grants.get(reference);
  }

  /** The page that a node of the front end's has the reference of. */
  protected long page(String node) {
    return granted.get(Long.parseLong(store().get("front/" + node)));
  }

  /** How many event channels are open. */
  public int ports() {
    return ports.size();
  }

  /** Event channels that are open. */
  public Set<Long> openPorts() {
    return Set.copyOf(ports);
  }

  /** How many transactions end with somebody else in their way. */
  public void conflicts(int now) {
    store.conflicts(now);
  }

  /** How often a node was asked for. */
  public int reads() {
    return reads;
  }

  private long text(String text) {
    long at = firmware.room(text.length() + 1);
    firmware.memory().write(at, (text + '\0').getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  /** A path; null without an end where a path may have one. */
  private @Nullable String path(long at) {
    StringBuilder text = new StringBuilder();
    for (long i = at; text.length() <= MOST_PATH && firmware.memory().get8(i) != 0; i++) {
      text.append((char) firmware.memory().get8(i));
    }
    return text.length() > MOST_PATH ? null : text.toString();
  }

  private EfiFunction function(XenBus function) {
    return switch (function) {
      case READ -> call -> {
        reads++;
        return asked(call, this::read);
      };
      case WRITE -> call -> asked(call, this::write);
      case REMOVE -> call -> asked(call, each -> {
        String path = path(each.argument(2));
        return path == null ? EfiStatus.INVALID_PARAMETER : status(store.remove(transaction(each), path));
      });
      case BEGIN -> call -> asked(call, this::begin);
      case END -> call -> asked(call, each -> {
        EfiStatus status = status(store.end(transaction(each), (each.argument(2) & 0xFF) != 0));
        follow();
        return status;
      });
      case GRANT -> call -> EfiStep.done(grant(call));
      case END_GRANT -> call -> EfiStep.done(endGrant(call.argument(1) & 0xFFFF_FFFFL));
      case OPEN -> call -> {
        long port = free();
        firmware.memory().put32(call.argument(2), port);
        ports.add(port);
        return EfiStep.done();
      };
      case NOTIFY -> call -> {
        long port = call.argument(1) & 0xFFFF_FFFFL;
        if (!ports.contains(port)) {
          return EfiStep.done(EfiStatus.INVALID_PARAMETER);
        }
        notified(port);
        return EfiStep.done();
      };
      case CLOSE -> call -> {
        long port = call.argument(1) & 0xFFFF_FFFFL;
        return EfiStep.done(!others.contains(port) && ports.remove(port) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
      };
    };
  }

  private long free() {
    return LongStream.iterate(FIRST_PORT, each -> each + 1).filter(each -> !ports.contains(each)).findFirst().getAsLong();
  }

  /** Somebody opens a channel, not by this protocol; its port. */
  long others() {
    long port = free();
    ports.add(port);
    others.add(port);
    return port;
  }

  /** A question to the store. */
  private interface Question {
    EfiStatus ask(Call call);
  }

  private EfiStep asked(Call call, Question question) {
    return EfiStep.done(storeFails() ? EfiStatus.DEVICE_ERROR : failure != EfiStatus.SUCCESS ? failure : question.ask(call));
  }

  private static long transaction(Call call) {
    return call.argument(1) & 0xFFFF_FFFFL;
  }

  private static EfiStatus status(FakeGuestStore.Answer answer) {
    return answer.error() == null ? EfiStatus.SUCCESS : switch (answer.error()) {
      case "ENOENT" -> EfiStatus.NOT_FOUND;
      case "EACCES", "EPERM" -> EfiStatus.ACCESS_DENIED;
      case "EAGAIN" -> EfiStatus.NOT_READY;
      case "EINVAL" -> EfiStatus.INVALID_PARAMETER;
      case "ENOSPC", "E2BIG", "ENOMEM" -> EfiStatus.OUT_OF_RESOURCES;
      default -> EfiStatus.DEVICE_ERROR;
    };
  }

  private EfiStatus read(Call call) {
    EfiRam memory = firmware.memory();
    String path = path(call.argument(2));
    if (path == null) {
      return EfiStatus.INVALID_PARAMETER;
    }
    FakeGuestStore.Answer answer = store.read(transaction(call), path);
    if (answer.error() != null) {
      return status(answer);
    }
    byte[] value = answer.value().getBytes(StandardCharsets.ISO_8859_1);
    long room = memory.get64(call.argument(4));
    memory.put64(call.argument(4), value.length);
    if (Long.compareUnsigned(room, value.length) < 0) {
      return EfiStatus.BUFFER_TOO_SMALL;
    }
    if (value.length != 0) {
      memory.write(call.argument(3), value);
    }
    return EfiStatus.SUCCESS;
  }

  private EfiStatus write(Call call) {
    String path = path(call.argument(2));
    long size = call.argument(4);
    if (path == null || size < 0 || size > MOST_MESSAGE - path.length() - 1) {
      return EfiStatus.INVALID_PARAMETER;
    }
    byte[] value = size == 0 ? new byte[0] : firmware.memory().read(call.argument(3), (int) size);
    long transaction = transaction(call);
    EfiStatus status = status(store.write(transaction, path, new String(value, StandardCharsets.ISO_8859_1)));
    if (transaction == 0) {
      follow();
    }
    return status;
  }

  private EfiStatus begin(Call call) {
    EfiRam memory = firmware.memory();
    memory.get32(call.argument(1)); // or nobody would ever end it
    FakeGuestStore.Answer answer = store.begin();
    if (answer.error() == null) {
      memory.put32(call.argument(1), Long.parseLong(answer.value()));
    }
    return status(answer);
  }

  private EfiStatus grant(Call call) {
    EfiRam memory = firmware.memory();
    long page = call.argument(2);
    if (page >>> Integer.SIZE != 0) {
      return EfiStatus.INVALID_PARAMETER; // an entry of the grant table has 32 bits for it
    }
    memory.get8(page << PAGE_SHIFT);
    if (free.isEmpty()) {
      return EfiStatus.OUT_OF_RESOURCES;
    }
    long reference = free.first();
    memory.put32(call.argument(4), reference);
    free.remove(reference);
    granted.put(reference, page << PAGE_SHIFT);
    grants.put(reference, new Grant((int) call.argument(1) & 0xFFFF, page, (call.argument(3) & 0xFF) != 0));
    return EfiStatus.SUCCESS;
  }

  private EfiStatus endGrant(long reference) {
    if (!grants.containsKey(reference)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (keeps(reference)) {
      return EfiStatus.NOT_READY;
    }
    granted.remove(reference);
    grants.remove(reference);
    free.add(reference);
    return EfiStatus.SUCCESS;
  }

  private void follow() {
    String state = store().getOrDefault("front/state", "1");
    if (!neverReady()) {
      store().put("back/state", state.equals("3") ? "4" : state.equals("1") ? "2" : state);
    }
    if (state.equals("1")) {
      restarted();
    }
  }
}
