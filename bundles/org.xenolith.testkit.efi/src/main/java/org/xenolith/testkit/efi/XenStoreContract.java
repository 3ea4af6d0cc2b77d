// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.XenBus;

/** What {@link XenBus} must keep of the store: nodes and transactions (Xen, {@code io/xs_wire.h}). */
public abstract class XenStoreContract {
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  private static final int MOST_PATH = 3072;
  private static final int MOST_MESSAGE = 4096;
  /** More than goes into a ring at once. */
  private static final int LARGE = 3000;

  /** What is granted. */
  public record Grant(int domain, long page, boolean readOnly) {}

  /** What a store does instead of what is right, and what the caller has of it. */
  public enum StoreFault {
    /** It is as it should be. */
    NONE(EfiStatus.SUCCESS),
    /** It gives no answer. */
    SILENT(EfiStatus.TIMEOUT),
    /** Its answer ends in the middle, and goes on when it is honest again. */
    PART(EfiStatus.TIMEOUT),
    /** It answers a request that nobody has made, and no other. */
    OTHERS_ONLY(EfiStatus.TIMEOUT),
    /** It first answers a request that nobody has made. */
    OTHER_FIRST(EfiStatus.SUCCESS),
    /** What it says of the ring can't be. */
    INDEXES(EfiStatus.DEVICE_ERROR),
    /** Its answer is longer than one may be. */
    LONG(EfiStatus.DEVICE_ERROR),
    /** It answers with another kind of message. */
    OTHER_TYPE(EfiStatus.DEVICE_ERROR),
    /** It tells of something else, again and again. */
    FLOOD(EfiStatus.DEVICE_ERROR),
    /** It refuses, for a reason that there isn't. */
    UNKNOWN_ERROR(EfiStatus.DEVICE_ERROR);

    private final EfiStatus status;

    StoreFault(EfiStatus status) {
      this.status = status;
    }

    /** What the caller has of it. */
    public EfiStatus status() {
      return status;
    }
  }

  /** A bus with one device. */
  public interface Bus {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of the device's protocol. */
    long device();

    /** The store that it asks. */
    FakeGuestStore store();

    /** What the store does from now on. */
    void fault(StoreFault now);

    /** What is granted by a reference; null if nothing is. */
    Grant grant(long reference);

    /** The other end maps what is granted, or doesn't have it mapped any more. */
    void mapped(long reference, boolean now);

    /** Event channels that are open: those that were opened by this protocol, and those of {@link #others}. */
    Set<Long> ports();

    /** Somebody else opens a channel, not by this protocol; its port. */
    long others();

    /** How many events were sent on a channel. */
    long events(long port);
  }

  /** A new one, whose store has no transaction open. */
  protected abstract Bus bus();

  private XenBusBench bench() {
    return new XenBusBench(bus());
  }

  @Test
  void aValueTakesTheRoomThatItHas() {
    XenBusBench bench = bench();
    for (byte[] value : List.of(new byte[] {'4'}, XenBusBench.bytes(300), XenBusBench.bytes(LARGE))) {
      bench.put("a/node", value);
      for (long room : new long[] {0, value.length - 1}) {
        assertEquals(EfiStatus.BUFFER_TOO_SMALL, bench.read(0, "a/node", room), "room for " + room + " of " + value.length);
        assertEquals(value.length, bench.said(), "the size that is needed");
        bench.untouched(0, "a value that didn't fit");
      }
      for (long room : new long[] {value.length, value.length + 1, 1L << 32, Long.MAX_VALUE, -1}) {
        assertEquals(EfiStatus.SUCCESS, bench.read(0, "a/node", room), "room for 0x" + Long.toHexString(room));
        assertArrayEquals(value, bench.value(), "room for 0x" + Long.toHexString(room));
        bench.untouched(value.length, "behind the value");
      }
    }
    bench.put("a/node", new byte[0]);
    assertEquals(EfiStatus.SUCCESS, bench.read(0, "a/node", 0), "nothing");
    assertEquals(0, bench.said(), "nothing");
  }

  @Test
  void whatIsWrittenIsThere() {
    XenBusBench bench = bench();
    String longest = "/" + "p".repeat(MOST_PATH - 1);
    for (String path : List.of("a/node", "/local/domain/0/a-b_c@d", longest)) {
      int most = MOST_MESSAGE - path.length() - 1;
      for (int size : new int[] {0, 1, 256, most}) {
        assertEquals(EfiStatus.SUCCESS, bench.write(0, path, XenBusBench.bytes(size)), size + " bytes");
        assertArrayEquals(XenBusBench.bytes(size), bench.node(path), size + " bytes");
      }
      bench.write(0, path, XenBusBench.bytes(5));
      for (long size : new long[] {most + 1, MOST_MESSAGE, 1L << 16, 1L << 32, (1L << 32) + 3, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.WRITE, 0, bench.text(path), bench.room, size), "0x" + Long.toHexString(
            size) + " bytes");
        assertArrayEquals(XenBusBench.bytes(5), bench.node(path), "a value that was refused");
      }
    }
  }

  @Test
  void aNodeThatIsntThereIsNotFound() {
    XenBusBench bench = bench();
    bench.put("a/node", XenBusBench.bytes(1));
    assertEquals(EfiStatus.NOT_FOUND, bench.read(0, "another", 100));
    bench.untouched(0, "of a node that isn't there");
    assertEquals(EfiStatus.NOT_FOUND, bench.call(XenBus.REMOVE, 0, bench.text("another")));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.REMOVE, 0, bench.text("a/node")));
    assertNull(bench.node("a/node"), "what was removed");
    assertEquals(EfiStatus.NOT_FOUND, bench.read(0, "a/node", 100));
    assertEquals(EfiStatus.NOT_FOUND, bench.call(XenBus.REMOVE, 0, bench.text("a/node")), "twice");
  }

  @Test
  void aPathThatNoStoreCanHaveIsRefused() {
    XenBusBench bench = bench();
    long withoutEnd = bench.room;
    bench.fill();
    bench.memory().write(END - 5, "a/nod".getBytes(StandardCharsets.US_ASCII));
    long[] paths = {withoutEnd, END - 5, bench.text("/" + "p".repeat(MOST_PATH)), bench.text(""), bench.text("a node"), bench.text("a\nb"),
        bench.text("a/b\u00E4"), bench.text("a//b"), bench.text("a/b/")};
    Map<String, String> before = Map.copyOf(bench.bus.store().nodes());
    for (int i = 0; i < paths.length; i++) {
      String which = "path " + i;
      bench.memory().put64(bench.size, 100);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.READ, 0, paths[i], bench.room, bench.size), which);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.WRITE, 0, paths[i], bench.room, 3), which);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.REMOVE, 0, paths[i]), which);
    }
    assertEquals(before, bench.bus.store().nodes());
    bench.untouched(0, "of a path that is refused");
    assertEquals(EfiStatus.NOT_FOUND, bench.read(0, "/" + "p".repeat(MOST_PATH - 1), 100), "the longest path");
  }

  @Test
  void whatTheStoreRefusesHasAStatus() {
    XenBusBench bench = bench();
    bench.put("a/node", XenBusBench.bytes(9));
    Map<String, EfiStatus> statuses = Map.of("ENOENT", EfiStatus.NOT_FOUND, "EACCES", EfiStatus.ACCESS_DENIED, "EPERM",
        EfiStatus.ACCESS_DENIED, "EINVAL", EfiStatus.INVALID_PARAMETER, "ENOSPC", EfiStatus.OUT_OF_RESOURCES, "E2BIG",
        EfiStatus.OUT_OF_RESOURCES, "ENOMEM", EfiStatus.OUT_OF_RESOURCES, "EIO", EfiStatus.DEVICE_ERROR);
    statuses.forEach((error, status) -> {
      bench.bus.store().refuses(error);
      assertEquals(status, bench.read(0, "a/node", 100), error);
      bench.untouched(0, error);
      assertEquals(status, bench.write(0, "a/node", XenBusBench.bytes(1)), error);
      assertEquals(status, bench.call(XenBus.REMOVE, 0, bench.text("a/node")), error);
      bench.memory().put32(bench.number, 0x5A5A);
      assertEquals(status, bench.call(XenBus.BEGIN, bench.number), error);
      assertEquals(0x5A5A, bench.memory().get32(bench.number), error);
      assertEquals(status, bench.call(XenBus.END, 1, 0), error);
    });
    bench.bus.store().refuses(null);
    assertEquals(EfiStatus.SUCCESS, bench.read(0, "a/node", 100));
    assertArrayEquals(XenBusBench.bytes(9), bench.value());
  }

  @Test
  void aTransactionIsSeenWhenItIsOver() {
    XenBusBench bench = bench();
    bench.put("old", XenBusBench.bytes(3));
    long one = bench.begin();
    long other = bench.begin();
    assertNotEquals(one, other, "two that are open");
    assertEquals(2, bench.bus.store().transactions());
    assertEquals(EfiStatus.SUCCESS, bench.write(one, "new", XenBusBench.bytes(2)));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.REMOVE, one, bench.text("old")));
    assertEquals(EfiStatus.SUCCESS, bench.read(one, "new", 100), "in it");
    assertEquals(EfiStatus.NOT_FOUND, bench.read(one, "old", 100), "in it");
    assertEquals(EfiStatus.NOT_FOUND, bench.read(0, "new", 100), "outside");
    assertEquals(EfiStatus.NOT_FOUND, bench.read(other, "new", 100), "in another one");
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END, other, 0x101), "undone");
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END, one, 0x100), "a BOOLEAN has 8 bits (UEFI 2.10, 2.3.1)");
    assertArrayEquals(XenBusBench.bytes(2), bench.node("new"));
    assertNull(bench.node("old"));
    long undone = bench.begin();
    assertEquals(EfiStatus.SUCCESS, bench.write(undone, "new", XenBusBench.bytes(9)));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END, undone, 1));
    assertArrayEquals(XenBusBench.bytes(2), bench.node("new"), "undone");
    assertEquals(0, bench.bus.store().transactions());
    for (long over : new long[] {one, undone, 0x7777_7777}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.call(XenBus.END, over, 0), "of a transaction that isn't");
      assertNotEquals(EfiStatus.SUCCESS, bench.write(over, "new", XenBusBench.bytes(9)), "of a transaction that isn't");
    }
    assertArrayEquals(XenBusBench.bytes(2), bench.node("new"));
  }

  @Test
  void aTransactionWithSomebodyInItsWayIsToBeDoneAgain() {
    XenBusBench bench = bench();
    for (int times : new int[] {1, 3, 50}) {
      bench.bus.store().conflicts(times);
      for (int i = 0; i <= times; i++) {
        long number = bench.begin();
        assertEquals(EfiStatus.SUCCESS, bench.write(number, "a/node", XenBusBench.bytes(times)));
        assertEquals(i < times ? EfiStatus.NOT_READY : EfiStatus.SUCCESS, bench.call(XenBus.END, number, 0), i + " of " + times);
        assertEquals(i < times ? null : times, bench.node("a/node") == null ? null : bench.node("a/node").length);
        assertEquals(0, bench.bus.store().transactions(), "over either way");
      }
      bench.bus.store().nodes().remove("a/node");
    }
  }

  @Test
  void aStoreThatLiesCostsTheCallerOnly() {
    for (StoreFault fault : StoreFault.values()) {
      XenBusBench bench = bench();
      bench.put("a/node", XenBusBench.bytes(9));
      bench.bus.fault(fault);
      assertEquals(fault.status(), bench.read(0, "a/node", 100), fault::toString);
      bench.untouched(fault.status() == EfiStatus.SUCCESS ? 9 : 0, fault.toString());
      bench.honest();
      assertEquals(EfiStatus.SUCCESS, bench.read(0, "a/node", 100), () -> "after " + fault);
      assertArrayEquals(XenBusBench.bytes(9), bench.value(), () -> "after " + fault);
      bench.bus.fault(fault);
      assertEquals(fault.status(), bench.write(0, "a/node", XenBusBench.bytes(LARGE)), fault::toString);
      bench.honest();
      assertEquals(EfiStatus.SUCCESS, bench.write(0, "another", XenBusBench.bytes(LARGE - 1)), () -> "after " + fault);
      assertArrayEquals(XenBusBench.bytes(LARGE - 1), bench.node("another"), () -> "after " + fault);
      int before = bench.bus.store().transactions();
      bench.bus.fault(fault);
      bench.memory().put32(bench.number, 0x5A5A);
      assertEquals(fault.status(), bench.call(XenBus.BEGIN, bench.number), fault::toString);
      bench.honest();
      assertEquals(EfiStatus.SUCCESS, bench.read(0, "a/node", LARGE), () -> "after " + fault);
      assertTrue(bench.bus.store().transactions() <= before + 1, () -> "asked for twice: " + fault);
    }
  }
}
