// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.hvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Injection;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.HvmParam;

class ParameterTest {
  private static final int CALL = 34;
  private static final int SET = 0;
  private static final int GET = 1;
  private static final int[] OWN = {0, 1, 2, 17, 18};

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);
  private final FakeDomain guest = hyp.domU(2, 1);

  ParameterTest() {
    hyp.install("hvm", new ParameterComponent());
  }

  private static long call(FakeDomain caller, int op, int domid, int index, long value) {
    long at = caller.page(0) + 0x100;
    caller.memory().write64(at, domid | (long) index << 32);
    caller.memory().write64(at + 8, value);
    return caller.vcpu(0).call(CALL, op, at);
  }

  private static long get(FakeDomain caller, int domid, int index) {
    long result = call(caller, GET, domid, index, -1);
    return result < 0 ? result : caller.memory().read64(caller.page(0) + 0x108);
  }

  @Test
  void eventInterruptIsThePpiOfTheDomain() {
    assertEquals(0x0200_0000_0000_0210L, get(dom0, DomainId.DOMID_SELF, HvmParam.HVM_PARAM_CALLBACK_IRQ));
    assertEquals(0x0200_0000_0000_021FL, get(guest, DomainId.DOMID_SELF, HvmParam.HVM_PARAM_CALLBACK_IRQ));
    assertEquals(0x0200_0000_0000_021FL, get(dom0, 2, HvmParam.HVM_PARAM_CALLBACK_IRQ));
  }

  @Test
  void aDomainReadsFiveOfItsOwnAndSetsNone() {
    for (int index = -1; index < 45; index++) {
      int i = index;
      boolean own = Arrays.stream(OWN).anyMatch(o -> o == i);
      long read = get(guest, DomainId.DOMID_SELF, index);
      assertEquals(own, read >= 0, "get " + index);
      boolean tools = index == HvmParam.HVM_PARAM_MONITOR_RING_PFN;
      assertEquals(own || tools ? -XEN_EPERM : -XEN_EINVAL, call(guest, SET, DomainId.DOMID_SELF, index, 1), "set " + index);
      assertEquals(own || tools ? -XEN_EPERM : -XEN_EINVAL, call(dom0, SET, 0, index, 1), "Dom0's own " + index);
    }
    assertEquals(-XEN_EPERM, get(guest, 2, HvmParam.HVM_PARAM_MONITOR_RING_PFN));
    assertEquals(-XEN_EINVAL, get(guest, 2, HvmParam.HVM_PARAM_PAE_ENABLED));
  }

  @Test
  void toolsSetWhatTheGuestFinds() {
    assertEquals(0, call(dom0, SET, 2, HvmParam.HVM_PARAM_STORE_EVTCHN, 7));
    assertEquals(7, get(guest, DomainId.DOMID_SELF, HvmParam.HVM_PARAM_STORE_EVTCHN));
    assertEquals(7, guest.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN));
    assertEquals(0, call(dom0, SET, 2, HvmParam.HVM_PARAM_MONITOR_RING_PFN, 9));
    assertEquals(9, get(dom0, 2, HvmParam.HVM_PARAM_MONITOR_RING_PFN));
    assertEquals(-XEN_EINVAL, call(dom0, SET, 2, HvmParam.HVM_PARAM_IDENT_PT, 9));
  }

  @Test
  void othersAreNoBusinessOfAGuest() {
    assertEquals(-XEN_EPERM, call(guest, GET, 0, 1, 0));
    assertEquals(-XEN_EPERM, call(guest, SET, 0, 1, 0));
    assertEquals(-XEN_ESRCH, call(guest, GET, 9, 1, 0));
  }

  @Test
  void nonsenseIsRefused() {
    assertEquals(-XEN_EFAULT, guest.vcpu(0).call(CALL, GET, 0x10));
    assertEquals(-XEN_ENOSYS, guest.vcpu(0).call(CALL, 5, guest.page(0)));
    assertEquals(-XEN_ENOSYS, guest.vcpu(0).call(CALL, 1L << 32 | GET, guest.page(0)));
    assertEquals(0, guest.vcpu(0).call(CALL, 24, 0));
    assertEquals(-XEN_EINVAL, guest.vcpu(0).call(CALL, 24, guest.page(0)));
    long seed = 34;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      call(random.nextBoolean() ? guest : dom0, random.nextInt(-1, 26), random.nextInt(4), random.nextInt(-2, 45),
          random.nextLong());
    }
    assertTrue(hyp.port(HypercallsPort.class).served(CALL));
  }

  @Test
  void parametersOutliveIt() {
    call(dom0, SET, 2, HvmParam.HVM_PARAM_STORE_PFN, 0x39001);
    hyp.replace("hvm", new ParameterComponent());
    assertEquals(0x39001, get(guest, DomainId.DOMID_SELF, HvmParam.HVM_PARAM_STORE_PFN));
    hyp.remove("hvm");
    assertEquals(-XEN_ENOSYS, get(guest, DomainId.DOMID_SELF, HvmParam.HVM_PARAM_STORE_PFN));
    hyp.install("hvm", new ParameterComponent());
    assertEquals(0x39001, get(guest, DomainId.DOMID_SELF, HvmParam.HVM_PARAM_STORE_PFN));
  }

  private static FakeDomain withoutInterrupt(FakeHypervisor other) {
    return other.create(2, new DomainSpec("pc", new UUID(0, 2), 2, 512, DomainSpec.Kind.DOMU, 0, 256, 0));
  }

  @Test
  void aDomainThatTellsHowItHearsOfEventsLatchesItsWordsWithIt() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    FakeDomain pc = withoutInterrupt(other);
    other.p2m().populate(pc, pc.gfn(), 16);
    other.install("hvm", new ParameterComponent());
    long at = pc.page(0);
    pc.memory().write64(at, DomainId.DOMID_SELF | (long) HvmParam.HVM_PARAM_CALLBACK_IRQ << 32);
    pc.memory().write64(at + 8, 0x0200_0000_0000_00F3L);
    assertEquals(0, pc.vcpu(0).callNarrow(CALL, SET, at));
    assertEquals(SharedLayouts.IA32, pc.sharedLayout());
    assertEquals(0x0200_0000_0000_00F3L, pc.parameter(HvmParam.HVM_PARAM_CALLBACK_IRQ));
    assertEquals(List.of(pc.vcpu(0), pc.vcpu(1)), other.gic().injections().stream().map(Injection::vcpu).toList(), "what waits is told");
    assertEquals(0, pc.vcpu(0).call(CALL, SET, at));
    assertEquals(SharedLayouts.X64, pc.sharedLayout());
  }

  /** Of Xen 4.17 on x86, hvm_allow_set_param and hvm_allow_get_param as facts: 0 for yes. */
  @Test
  void whatSuchADomainMayDoWithItsParametersIsAsOnX86() {
    List<Integer> both = List.of(0, 2, 15, 18, 34, 36, 37);
    List<Integer> never = List.of(4, 13, 20, 21, 22, 23, 24, 25, 26, 30);
    for (int index = -1; index < 45; index++) {
      boolean none = index < 0 || index >= 39 || never.contains(index);
      boolean get = both.contains(index) || index == 1 || index == 17 || index == 19 || index == 35;
      assertEquals(none ? -XEN_EINVAL : get ? 0 : -XEN_EPERM, PcParameters.refused(index, false, true), "get " + index);
      assertEquals(none ? -XEN_EINVAL : both.contains(index) || index == 19 ? 0 : -XEN_EPERM, PcParameters.refused(index, true, true),
          "set " + index);
      assertEquals(none ? -XEN_EINVAL : 0, PcParameters.refused(index, true, false), "a tool sets " + index);
    }
    assertEquals(-XEN_EINVAL, PcParameters.refusedValue(36, 5));
    assertEquals(0, PcParameters.refusedValue(36, 8));
  }
}
