// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.multicall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;

class MulticallTest {
  private static final int CALL = 13;
  /** A hypercall of this test: notes its first argument and answers it plus one. */
  private static final int NOTE = 50;
  /** A hypercall of this test that is made again as long as its second argument, counting down, isn't 0. */
  private static final int SLOW = 51;
  private static final int SHUTDOWN = 52;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain guest = hyp.domU(2, 1);
  private final List<Long> noted = new ArrayList<>();

  MulticallTest() {
    hyp.install("multicall", new MulticallComponent());
    HypercallsPort hypercalls = hyp.port(HypercallsPort.class);
    hypercalls.claim(NOTE, call -> {
      noted.add(call.argument(0));
      return call.argument(0) + 1;
    }, hyp.context("multicall"));
    hypercalls.claim(SLOW, call -> {
      noted.add(call.argument(1));
      if (call.argument(1) != 0) {
        call.argument(1, call.argument(1) - 1);
        call.again();
      }
      return call.argument(0);
    }, hyp.context("multicall"));
    hypercalls.claim(SHUTDOWN, call -> {
      call.domain().shutdown(0);
      return 0;
    }, hyp.context("multicall"));
  }

  private long entry(int index) {
    return guest.page(1) + 64L * index;
  }

  private void put(int index, long op, long... arguments) {
    guest.memory().write64(entry(index), op);
    guest.memory().write64(entry(index) + 8, 0x5555);
    for (int i = 0; i < arguments.length; i++) {
      guest.memory().write64(entry(index) + 16 + 8L * i, arguments[i]);
    }
  }

  private long result(int index) {
    return guest.memory().read64(entry(index) + 8);
  }

  @Test
  void callsAreMadeInOrderAndEachHasItsResult() {
    put(0, NOTE, 10);
    put(1, 63);
    put(2, NOTE, 20);
    assertEquals(0, guest.vcpu(0).call(CALL, entry(0), 3));
    assertEquals(List.of(10L, 20L), noted);
    assertEquals(11, result(0));
    assertEquals(-XEN_ENOSYS, result(1));
    assertEquals(21, result(2));
  }

  @Test
  void aLongListIsServedInSlices() {
    for (int i = 0; i < 1000; i++) {
      put(i, NOTE, i);
    }
    FakeHypercall first = new FakeHypercall(guest.vcpu(0), CALL, entry(0), 1000);
    assertEquals(0, hyp.port(HypercallsPort.class).dispatch(first));
    assertTrue(first.tookAgain());
    assertEquals(64, noted.size());
    assertEquals(entry(64), first.argument(0));
    assertEquals(936, first.argument(1));
    assertEquals(0, guest.vcpu(0).call(CALL, first.argument(0), first.argument(1)));
    assertEquals(1000, noted.size());
    assertEquals(1000, result(999));
  }

  @Test
  void oneThatIsMadeAgainIsDoneBeforeTheNext() {
    put(0, NOTE, 1);
    put(1, SLOW, 77, 3);
    put(2, NOTE, 2);
    assertEquals(0, guest.vcpu(0).call(CALL, entry(0), 3));
    assertEquals(List.of(1L, 3L, 2L, 1L, 0L, 2L), noted);
    assertEquals(77, result(1));
  }

  @Test
  void aListInAListIsNone() {
    put(0, CALL, entry(0), 1);
    put(1, -1);
    put(2, 1L << 32 | NOTE);
    assertEquals(0, guest.vcpu(0).call(CALL, entry(0), 3));
    assertEquals(-XEN_EINVAL, result(0));
    assertEquals(-XEN_ENOSYS, result(1));
    assertEquals(-XEN_ENOSYS, result(2));
    assertEquals(List.of(), noted);
  }

  @Test
  void nothingIsServedBehindTheDomainsEnd() {
    put(0, SHUTDOWN);
    put(1, NOTE, 1);
    assertEquals(0, guest.vcpu(0).call(CALL, entry(0), 2));
    assertEquals(List.of(), noted);
  }

  @Test
  void nonsenseIsRefused() {
    assertEquals(-XEN_EFAULT, guest.vcpu(0).call(CALL, 0x10, 1));
    assertEquals(0, guest.vcpu(0).call(CALL, 0x10, 0));
    assertEquals(-XEN_EFAULT, guest.vcpu(0).call(CALL, guest.page(0), -1), "it ends where memory ends");
    long seed = 13;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      put(random.nextInt(8), random.nextInt(-1, 64), random.nextLong(), random.nextInt(10));
      guest.vcpu(0).call(CALL, entry(0) + random.nextInt(-70, 70), random.nextInt(-2, 20));
      if (guest.shutdownReason() >= 0) {
        break;
      }
    }
    assertTrue(hyp.port(HypercallsPort.class).served(CALL));
  }

  @Test
  void withoutItTheCallIsUnknown() {
    put(0, NOTE, 1);
    hyp.replace("multicall", new MulticallComponent());
    assertEquals(0, guest.vcpu(0).call(CALL, entry(0), 1));
    hyp.remove("multicall");
    assertEquals(-XEN_ENOSYS, guest.vcpu(0).call(CALL, entry(0), 1));
    hyp.install("multicall", new MulticallComponent());
    assertEquals(0, guest.vcpu(0).call(CALL, entry(0), 1));
  }

  @Test
  void entriesOfCallersWithNarrowWordsHaveHalfTheSize() {
    long at = guest.page(1);
    long[] words = {NOTE, 0x5555, 0xFFFF_FFF0L, 0, 0, 0, 0, 0, SLOW, 0x5555, 77, 2, 0, 0, 0, 0, 63, 0x5555};
    for (int i = 0; i < words.length; i++) {
      guest.memory().write32(at + 4L * i, (int) words[i]);
    }
    assertEquals(0, guest.vcpu(0).callNarrow(CALL, at, 3));
    assertEquals(List.of(0xFFFF_FFF0L, 2L, 1L, 0L), noted);
    assertEquals(0xFFFF_FFF1, guest.memory().read32(at + 4));
    assertEquals(0xFFFF_FFF0, guest.memory().read32(at + 8), "arguments stay");
    assertEquals(77, guest.memory().read32(at + 36));
    assertEquals(-XEN_ENOSYS, guest.memory().read32(at + 68));
  }
}
