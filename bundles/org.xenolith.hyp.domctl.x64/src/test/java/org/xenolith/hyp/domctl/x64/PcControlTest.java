// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.domctl.x64.CpuidPolicy.Leaf;
import org.xenolith.hyp.x64.api.CpuidAnswer;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.CpuPolicyIndex;
import org.xenolith.xen.abi.CpuidLeaf;
import org.xenolith.xen.abi.DomctlCpuPolicy;
import org.xenolith.xen.abi.DomctlTscInfo;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MsrEntry;
import org.xenolith.xen.abi.SysctlCpuFeatureset;
import org.xenolith.xen.abi.SysctlCpuPolicy;
import org.xenolith.xen.abi.XenErrno;

/** CPU policies of a machine whose processors are a table, what tools may set of them, and what CPUID answers then. */
class PcControlTest {
  private static final String ROLE = "x64.control";
  private static final int DOMCTL = HypercallNumber.__HYPERVISOR_domctl;
  private static final int SYSCTL = HypercallNumber.__HYPERVISOR_sysctl;
  /** AES, as the processors have it, and a bit that they haven't. */
  private static final int AES = 1 << 25;
  private static final int FMA = 1 << 12;
  private static final int SMAP = 1 << 20;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final FakeDomain guest = hypervisor.domU(5, 2);
  private final ControlOperationsPort operations = hypervisor.port(ControlOperationsPort.class);
  private final long at = dom0.page(1);
  private final long room = dom0.page(2);
  private final long registers = dom0.page(4);
  private final DeviceModel model = hypervisor.install(ROLE, new Factory());

  PcControlTest() {
    guest.state(DomainState.BUILDING);
  }

  /** With processors as the table below. */
  private static final class Factory implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return PcControlComponent.DESCRIPTION;
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new PcControl(context, PcControlTest::processor);
    }
  }

  private static int[] processor(int leaf, int subleaf) {
    return switch (leaf) {
      case 0 -> new int[] {0x16, 1, 2, 3};
      case 1 -> new int[] {0x306C3, 0x07_01_08_00, AES | CpuidFeatures.OSXSAVE, 1 | CpuidFeatures.APIC};
      case 4 -> subleaf < 2 ? new int[] {1 + subleaf, 0, 0, 0} : new int[4];
      case 7 -> new int[] {0, SMAP, 0, 0};
      case 0xB -> new int[] {subleaf, 1, subleaf, 7};
      // x87, SSE and PKRU.
      case 0xD -> subleaf == 0 ? new int[] {0x203, 0, 0, 0} : subleaf == 9 ? new int[] {8, 0xA80, 0, 0} : new int[4];
      case 0x8000_0000 -> new int[] {0x8000_0008, 0, 0, 0};
      case 0x8000_0002 -> new int[] {0x41, 0x42, 0x43, 0x44};
      default -> new int[4];
    };
  }

  private <S extends AbiStruct> S argument(S view) {
    view.at(dom0.memory(), at);
    view.zero();
    return view;
  }

  private long call(int hypercall, int operation, Domain target) {
    FramedOperation served = operations.find(hypercall, operation);
    served.argument().at(dom0.memory(), at);
    return operations.serve(hypercall, operation, new FakeHypercall(dom0.vcpu(0), hypercall, at), target);
  }

  private List<Leaf> read(int count) {
    byte[] bytes = new byte[count * CpuidLeaf.SIZE];
    dom0.memory().read(room, bytes, 0, bytes.length);
    return CpuidPolicy.leaves(bytes);
  }

  private DomctlCpuPolicy policy(List<Leaf> leaves) {
    byte[] bytes = new CpuidPolicy(leaves).bytes();
    dom0.memory().write(room, bytes, 0, bytes.length);
    DomctlCpuPolicy argument = argument(new DomctlCpuPolicy());
    argument.nrLeaves(leaves.size());
    argument.leaves(room);
    return argument;
  }

  private CpuidPolicy system(int index) {
    SysctlCpuPolicy argument = argument(new SysctlCpuPolicy());
    argument.index(index);
    argument.nrLeaves(CpuidPolicy.MOST);
    argument.leaves(room);
    assertEquals(0, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
    assertEquals(2, argument.nrMsrs());
    return new CpuidPolicy(read(argument.nrLeaves()));
  }

  private CpuidPolicy of(Domain domain) {
    DomctlCpuPolicy argument = argument(new DomctlCpuPolicy());
    argument.nrLeaves(CpuidPolicy.MOST);
    argument.leaves(room);
    assertEquals(0, call(DOMCTL, ControlOp.XEN_DOMCTL_get_cpu_policy, domain));
    return new CpuidPolicy(read(argument.nrLeaves()));
  }

  private long set(List<Leaf> leaves) {
    policy(leaves);
    return call(DOMCTL, ControlOp.XEN_DOMCTL_set_cpu_policy, guest);
  }

  private int[] cpuid(int leaf, int subleaf) {
    int[] r = processor(leaf, subleaf);
    CpuidAnswer answer = new CpuidAnswer() {
      @Override
      public int eax() {
        return r[0];
      }

      @Override
      public int ebx() {
        return r[1];
      }

      @Override
      public int ecx() {
        return r[2];
      }

      @Override
      public int edx() {
        return r[3];
      }

      @Override
      public void set(int eax, int ebx, int ecx, int edx) {
        r[0] = eax;
        r[1] = ebx;
        r[2] = ecx;
        r[3] = edx;
      }
    };
    hypervisor.port(GuestProcessorsPort.class).cpuid(guest.vcpu(0), leaf, subleaf, answer);
    return r;
  }

  // ---- The machine's

  @Test
  void theHostsPolicyIsWhatTheProcessorsAnswerAsFarAsItIsTheSameForAll() {
    CpuidPolicy host = system(CpuPolicyIndex.XEN_SYSCTL_cpu_policy_host);
    assertEquals(new Leaf(0, -1, 0xD, 1, 2, 3), host.leaves().getFirst());
    assertEquals(new Leaf(1, -1, 0x306C3, 0x01_08_00, AES, 1 | CpuidFeatures.APIC), host.find(1, 0));
    assertEquals(List.of(0, 1, 2), host.leaves().stream().filter(each -> each.leaf() == 4).map(Leaf::subleaf).toList());
    assertEquals(0, host.find(0xB, 1).d(), "which processor asks");
    // Tools write one for each state up to the last one, and have no more room than they have read.
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), host.leaves().stream().filter(each -> each.leaf() == 0xD).map(Leaf::subleaf)
        .toList());
    assertEquals(0xA80, host.find(0xD, 9).b());
    assertEquals(0x8000_0008, host.leaves().getLast().leaf());
    assertEquals(0x4000_0005, host.find(0x4000_0000, 0).a());
    for (Leaf each : host.leaves()) {
      assertTrue(CpuidPolicy.possible(each.leaf(), each.subleaf()), each.toString());
    }
  }

  @Test
  void guestsHaveLocalApicsAndTheHypervisorBesides() {
    Leaf one = system(CpuPolicyIndex.XEN_SYSCTL_cpu_policy_hvm_default).find(1, 0);
    assertEquals(AES | CpuidFeatures.X2APIC | CpuidFeatures.DEADLINE | CpuidFeatures.HYPERVISOR, one.c());
    assertEquals(one, system(CpuPolicyIndex.XEN_SYSCTL_cpu_policy_hvm_max).find(1, 0));
    assertEquals(one, of(guest).find(1, 0), "until a tool says otherwise");
  }

  @Test
  void wrongQuestionsAreRefused() {
    SysctlCpuPolicy argument = argument(new SysctlCpuPolicy());
    assertEquals(0, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
    assertEquals(CpuidPolicy.MOST, argument.nrLeaves(), "without room for them it is told how many there may be");
    argument.index(CpuPolicyIndex.XEN_SYSCTL_cpu_policy_pv_default);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
    argument.index(6);
    assertEquals(-XenErrno.XEN_EINVAL, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
    argument.index(0);
    argument.rsvd(1);
    assertEquals(-XenErrno.XEN_EINVAL, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
    argument.rsvd(0);
    argument.leaves(room);
    argument.nrLeaves(3);
    assertEquals(-XenErrno.XEN_ENOBUFS, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
    argument.nrLeaves(CpuidPolicy.MOST);
    argument.leaves(0x10);
    assertEquals(-XenErrno.XEN_EFAULT, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_policy, dom0));
  }

  @Test
  void featuresetsAreTheSameInXensOrder() {
    SysctlCpuFeatureset argument = argument(new SysctlCpuFeatureset());
    argument.index(ControlOp.XEN_SYSCTL_cpu_featureset_host);
    assertEquals(0, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_featureset, dom0));
    assertEquals(19, argument.nrFeatures());
    argument.features(room);
    assertEquals(0, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_featureset, dom0));
    assertEquals(1 | CpuidFeatures.APIC, dom0.memory().read32(room));
    assertEquals(AES, dom0.memory().read32(room + 4));
    assertEquals(SMAP, dom0.memory().read32(room + 20));
    argument.nrFeatures(18);
    assertEquals(-XenErrno.XEN_ENOBUFS, call(SYSCTL, ControlOp.XEN_SYSCTL_get_cpu_featureset, dom0));
  }

  // ---- A domain's

  @Test
  void cpuidFollowsAPolicyThatWasSet() {
    assertEquals(SMAP, cpuid(7, 0)[1]);
    assertEquals(0, set(List.of(new Leaf(0, -1, 7, 1, 2, 3), new Leaf(1, -1, 0x306C3, 0xFF_02_08_00, FMA, 1), new Leaf(7, 0, 0, 0, 0, 0),
        new Leaf(0x8000_0002, -1, 0x58, 0, 0, 0))));
    int[] one = cpuid(1, 0);
    assertEquals(0x07_02_08_00, one[1], "the identifier is the virtual CPU's");
    assertEquals(CpuidFeatures.OSXSAVE, one[2],
        "neither what it leaves out, nor what no processor has; what the guest has switched on is its own");
    assertEquals(1, one[3]);
    assertEquals(0, of(guest).find(1, 0).c(), "told as it came out");
    assertEquals(0, cpuid(7, 0)[1]);
    assertEquals(7, cpuid(0, 0)[0]);
    assertEquals(0, cpuid(0xB, 0)[1], "behind the last leaf");
    assertEquals(0x58, cpuid(0x8000_0002, 0)[0]);
    FakeDomain other = hypervisor.domU(6, 1);
    assertEquals(AES, of(other).find(1, 0).c() & AES, "another domain has its own");
  }

  @Test
  void leavesThatThereCantBeAreNamed() {
    assertEquals(-XenErrno.XEN_ERANGE, set(List.of(new Leaf(1, -1, 0, 0, 0, 0), new Leaf(0x20, -1, 0, 0, 0, 0))));
    DomctlCpuPolicy told = new DomctlCpuPolicy();
    told.at(dom0.memory(), at);
    assertEquals(0x20, told.errLeaf());
    assertEquals(-1, told.errSubleaf());
    assertEquals(-1, told.errMsr());
    assertEquals(-XenErrno.XEN_ERANGE, set(List.of(new Leaf(7, 3, 0, 0, 0, 0))));
    assertEquals(3, told.errSubleaf());
    assertEquals(-XenErrno.XEN_EINVAL, set(List.of(new Leaf(0, -1, 0xE, 1, 2, 3))), "more leaves than there are");
    assertEquals(0, told.errLeaf());
    assertEquals(1 | CpuidFeatures.APIC, of(guest).find(1, 0).d(), "nothing was set");
  }

  @Test
  void registersHaveNoBits() {
    DomctlCpuPolicy argument = policy(List.of());
    argument.msrs(registers);
    argument.nrMsrs(1);
    MsrEntry entry = new MsrEntry();
    entry.at(dom0.memory(), registers);
    entry.zero();
    entry.idx(0x10A);
    assertEquals(0, call(DOMCTL, ControlOp.XEN_DOMCTL_set_cpu_policy, guest));
    entry.val(1);
    assertEquals(-XenErrno.XEN_EINVAL, call(DOMCTL, ControlOp.XEN_DOMCTL_set_cpu_policy, guest));
    assertEquals(0x10A, argument.errMsr());
    entry.val(0);
    entry.idx(0x10B);
    assertEquals(-XenErrno.XEN_ERANGE, call(DOMCTL, ControlOp.XEN_DOMCTL_set_cpu_policy, guest));
  }

  @Test
  void onlyWhoNeverRanCanBeGivenOne() {
    guest.state(DomainState.RUNNING);
    assertEquals(-XenErrno.XEN_EEXIST, set(List.of()));
    policy(List.of());
    assertEquals(-XenErrno.XEN_EINVAL, call(DOMCTL, ControlOp.XEN_DOMCTL_set_cpu_policy, dom0));
    guest.state(DomainState.BUILDING);
    policy(List.of()).nrLeaves(CpuidPolicy.MOST + 1);
    assertEquals(-XenErrno.XEN_E2BIG, call(DOMCTL, ControlOp.XEN_DOMCTL_set_cpu_policy, guest));
  }

  @Test
  void theCounterIsTheMachines() {
    DomctlTscInfo info = argument(new DomctlTscInfo());
    info.tscMode(2);
    info.incarnation(3);
    assertEquals(0, call(DOMCTL, ControlOp.XEN_DOMCTL_settscinfo, guest));
    argument(new DomctlTscInfo());
    assertEquals(0, call(DOMCTL, ControlOp.XEN_DOMCTL_gettscinfo, guest));
    assertEquals(2, info.tscMode());
    assertEquals(3, info.incarnation());
    info.tscMode(1);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, call(DOMCTL, ControlOp.XEN_DOMCTL_settscinfo, guest));
    info.tscMode(0);
    info.gtscKhz(12345);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, call(DOMCTL, ControlOp.XEN_DOMCTL_settscinfo, guest));
    assertEquals(-XenErrno.XEN_EINVAL, call(DOMCTL, ControlOp.XEN_DOMCTL_settscinfo, dom0));
  }

  // ---- Live change

  @Test
  void policiesOutliveTheVersionAndAreKeptForTheNextOne() {
    assertEquals(0, set(List.of(new Leaf(7, 0, 0, 0, 0, 0))));
    var next = hypervisor.replace(ROLE, new Factory());
    assertEquals(model.state().save(), next.state().save());
    assertEquals(0, cpuid(7, 0)[1]);
    var record = hypervisor.remove(ROLE);
    assertEquals(-XenErrno.XEN_ENOSYS, operations.serve(DOMCTL, ControlOp.XEN_DOMCTL_get_cpu_policy, new FakeHypercall(dom0.vcpu(0), DOMCTL,
        at), guest));
    assertEquals(SMAP, cpuid(7, 0)[1]);
    hypervisor.bringBack(ROLE, new Factory(), record);
    assertEquals(0, cpuid(7, 0)[1]);
    hypervisor.destroy(guest);
    assertEquals(hypervisor.replace(ROLE, new Factory()).state().save(), new FakeHypervisor(1).install(ROLE, new Factory()).state().save(),
        "nothing is left of a domain that is gone");
  }
}
