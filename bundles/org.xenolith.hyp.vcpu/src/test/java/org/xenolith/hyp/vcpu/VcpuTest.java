// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vcpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Injection;
import org.xenolith.xen.abi.VcpuOp;

class VcpuTest {
  private static final int CALL = 24;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain guest = hyp.domU(2, 3);

  VcpuTest() {
    hyp.install("vcpu", new VcpuComponent());
  }

  private long register(int caller, int vcpu, long gfn, int offset) {
    guest.memory().write64(guest.page(0), gfn);
    guest.memory().write32(guest.page(0) + 8, offset);
    return guest.vcpu(caller).call(CALL, VcpuOp.VCPUOP_register_vcpu_info, vcpu, guest.page(0));
  }

  private long frame(int page) {
    return hyp.p2m().translate(guest, guest.page(page), false) >>> 12;
  }

  private int held(int page) {
    return hyp.port(FrameHeapPort.class).held(frame(page));
  }

  @Test
  void infoMovesWithItsContentAndEverythingIsPending() {
    hyp.memory().write64(guest.sharedInfo() + 16, 0x1234_5678);
    assertEquals(0, register(0, 0, guest.gfn() + 5, 0x40));
    long at = guest.page(5) + 0x40;
    assertEquals(frame(5) << 12 | 0x40, guest.vcpu(0).info());
    assertEquals(0x1234_5678, guest.memory().read64(at + 16));
    assertEquals(1, guest.memory().read8(at));
    assertEquals(-1, guest.memory().read64(at + 8));
    assertEquals(List.of(new Injection(guest.vcpu(0), 31)), hyp.gic().injections());
    assertEquals(2, held(5));
  }

  @Test
  void aVcpuThatHadNoneBeginsWithZeros() {
    guest.memory().write64(guest.page(6) + 16, -1);
    assertEquals(0, register(0, 1, guest.gfn() + 6, 0));
    assertEquals(0, guest.memory().read64(guest.page(6) + 16));
    assertEquals(frame(6) << 12, guest.vcpu(1).info());
  }

  @Test
  void allOfALargerOneMovesAndListenersHearOfIt() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    FakeDomain pvh = other.domU(2, 2);
    other.install("vcpu", new VcpuComponent());
    List<String> heard = new ArrayList<>();
    other.port(DomainsPort.class).listen(new DomainListener() {
      @Override
      public void moved(Vcpu vcpu) {
        heard.add("v%d at 0x%x".formatted(vcpu.id(), vcpu.info()));
      }
    }, other.context("vcpu").sibling(".listener"));
    other.memory().write64(pvh.sharedInfo() + 64 + 56, 0x1234_5678);
    pvh.memory().write64(pvh.page(0), pvh.gfn() + 5);
    pvh.memory().write32(pvh.page(0) + 8, 4096 - 63);
    assertEquals(-XEN_EINVAL, pvh.vcpu(0).call(CALL, VcpuOp.VCPUOP_register_vcpu_info, 1, pvh.page(0)));
    pvh.memory().write32(pvh.page(0) + 8, 4096 - 64);
    assertEquals(0, pvh.vcpu(0).call(CALL, VcpuOp.VCPUOP_register_vcpu_info, 1, pvh.page(0)));
    assertEquals(0x1234_5678, pvh.memory().read64(pvh.page(6) - 8));
    assertEquals(1, pvh.memory().read8(pvh.page(6) - 64));
    assertEquals(-1, pvh.memory().read64(pvh.page(6) - 56));
    long at = other.p2m().translate(pvh, pvh.page(6) - 64, false);
    other.destroy(pvh);
    assertEquals(List.of("v1 at 0x%x".formatted(at), "v1 at 0x0"), heard);
  }

  @Test
  void itMovesOnceAndOnlyByItselfOrBeforeItRuns() {
    assertEquals(0, register(0, 0, guest.gfn() + 5, 0));
    assertEquals(-XEN_EINVAL, register(0, 0, guest.gfn() + 6, 0));
    guest.vcpu(1).powerOn(0, 0);
    assertEquals(-XEN_EINVAL, register(0, 1, guest.gfn() + 6, 0));
    assertEquals(0, register(1, 1, guest.gfn() + 6, 0));
    assertEquals(0, register(1, 2, guest.gfn() + 6, 64));
    assertEquals(1 + 2, held(6));
  }

  @Test
  void thePageMustBeTheDomainsOwnRamAndHaveRoom() {
    assertEquals(-XEN_EINVAL, register(0, 0, 0x1234, 0));
    assertEquals(-XEN_EINVAL, register(0, 0, -1, 0));
    assertEquals(-XEN_EINVAL, register(0, 0, 1L << 50 | guest.gfn(), 0));
    hyp.p2m().map(guest, 0x99, frame(9), 1, PageType.FOREIGN);
    assertEquals(-XEN_EINVAL, register(0, 0, 0x99, 0));
    assertEquals(-XEN_EINVAL, register(0, 0, guest.gfn() + 5, 4096 - 47));
    assertEquals(-XEN_EINVAL, register(0, 0, guest.gfn() + 5, -1));
    assertEquals(-XEN_ENOENT, register(0, 3, guest.gfn() + 5, 0));
    assertEquals(1, held(5));
    assertEquals(0, register(0, 0, guest.gfn() + 5, 4096 - 48));
  }

  @Test
  void runstateIsWrittenAtOnceAndRemembered() {
    long[] times = guest.vcpu(0).runstate();
    for (int i = 0; i < 5; i++) {
      times[i] = 100 + i;
    }
    guest.vcpu(0).runstateKind(VcpuOp.RUNSTATE_running);
    guest.memory().write64(guest.page(0), guest.page(7) + 8);
    assertEquals(0, guest.vcpu(0).call(CALL, VcpuOp.VCPUOP_register_runstate_memory_area, 0, guest.page(0)));
    assertEquals(guest.page(7) + 8, guest.vcpu(0).runstateArea());
    assertEquals(VcpuOp.RUNSTATE_running, guest.memory().read64(guest.page(7) + 8));
    assertEquals(104, guest.memory().read64(guest.page(7) + 16));
    assertEquals(100, guest.memory().read64(guest.page(7) + 24));
    assertEquals(103, guest.memory().read64(guest.page(7) + 48));
    guest.memory().write64(guest.page(0), 0);
    assertEquals(0, guest.vcpu(0).call(CALL, VcpuOp.VCPUOP_register_runstate_memory_area, 0, guest.page(0)));
    assertEquals(0, guest.vcpu(0).runstateArea());
  }

  @Test
  void nothingElseIsThereOnArm() {
    for (int op = -1; op < 16; op++) {
      if (op != 5 && op != 10) {
        assertEquals(-XEN_EINVAL, guest.vcpu(0).call(CALL, op, 0, guest.page(0)), "operation " + op);
      }
    }
    assertEquals(-XEN_EFAULT, guest.vcpu(0).call(CALL, 5, 0, 0x10));
    assertEquals(-XEN_EFAULT, guest.vcpu(0).call(CALL, 10, 0, 0x10));
  }

  @Test
  void whatNobodyServesIsAnsweredAsTheArchitectureHasIt() {
    hyp.port(ArchitectureFactsPort.class).attach((ArchitectureFacts) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {
        ArchitectureFacts.class}, (facts, method, arguments) -> {
          assertEquals("unknownVcpuOperation", method.getName());
          return ((Domain) arguments[0]).id() * -1000 - (int) arguments[1];
        }), hyp.context("vcpu").sibling(".other"));
    assertEquals(-2007, guest.vcpu(0).call(CALL, 99, 7, guest.page(0)));
    assertEquals(-XEN_ENOENT, guest.vcpu(0).call(CALL, VcpuOp.VCPUOP_register_vcpu_info, 7, guest.page(0)));
  }

  @Test
  void noArgumentsBringItDown() {
    long seed = 24;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      register(random.nextInt(3), random.nextInt(-1, 5), random.nextBoolean() ? random.nextLong() : guest.gfn()
          + random.nextInt(70), random.nextInt(-100, 5000));
    }
    assertTrue(hyp.port(HypercallsPort.class).served(CALL));
  }

  @Test
  void aDomainThatGoesLeavesNoFrameHeld() {
    register(0, 0, guest.gfn() + 5, 0);
    long frame = frame(5);
    hyp.destroy(guest);
    assertEquals(0, hyp.port(FrameHeapPort.class).held(frame));
    assertEquals(0, hyp.port(FrameHeapPort.class).owner(frame));
  }

  @Test
  void anotherVersionKnowsWhatWasRegistered() {
    register(0, 0, guest.gfn() + 5, 0);
    hyp.replace("vcpu", new VcpuComponent());
    assertEquals(-XEN_EINVAL, register(0, 0, guest.gfn() + 6, 0));
    assertEquals(2, held(5));
  }

  @Test
  void aDomainThatWentMeanwhileIsTidiedUp() {
    register(0, 0, guest.gfn() + 5, 0);
    long frame = frame(5);
    StateRecord record = hyp.remove("vcpu");
    assertEquals(-XEN_ENOSYS, register(0, 1, guest.gfn() + 6, 0));
    hyp.destroy(guest);
    assertEquals(1, hyp.port(FrameHeapPort.class).held(frame));
    hyp.bringBack("vcpu", new VcpuComponent(), record);
    assertEquals(0, hyp.port(FrameHeapPort.class).held(frame));
  }

  @Test
  void aNarrowCallersRunstateHasItsLayoutAndItsAddress() {
    long[] times = guest.vcpu(0).runstate();
    for (int i = 0; i < 5; i++) {
      times[i] = 100 + i;
    }
    guest.vcpu(0).runstateKind(VcpuOp.RUNSTATE_running);
    long area = guest.page(7) + 4;
    guest.memory().write32(guest.page(0), (int) area);
    guest.memory().write32(guest.page(0) + 4, 0x1234_5678);
    guest.memory().write32(area + 44, 0x7777);
    assertEquals(0, guest.vcpu(0).callNarrow(CALL, VcpuOp.VCPUOP_register_runstate_memory_area, 0, guest.page(0)));
    assertEquals(area, guest.vcpu(0).runstateArea());
    assertEquals(VcpuOp.RUNSTATE_running, guest.memory().read32(area));
    assertEquals(104, guest.memory().read64(area + 4));
    assertEquals(103, guest.memory().read64(area + 12 + 24));
    assertEquals(0x7777, guest.memory().read32(area + 44), "it has 44 bytes");
  }

  @Test
  void infoOfADomainThatLatchedNarrowWordsHasItsSelectorThere() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    FakeDomain pvh = other.domU(2, 2);
    other.install("vcpu", new VcpuComponent());
    pvh.latch(4);
    pvh.memory().write64(pvh.page(0), pvh.gfn() + 5);
    pvh.memory().write32(pvh.page(0) + 8, 0);
    assertEquals(0, pvh.vcpu(0).callNarrow(CALL, VcpuOp.VCPUOP_register_vcpu_info, 1, pvh.page(0)));
    assertEquals(0xFFFF_FFFF_0000_0001L, pvh.memory().read64(pvh.page(5)));
    assertEquals(0, pvh.memory().read64(pvh.page(5) + 8));
  }
}
