// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntConsumer;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.domctl.x64.CpuidPolicy.Leaf;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.CpuPolicyIndex;
import org.xenolith.xen.abi.CpuidLeaf;
import org.xenolith.xen.abi.DomctlCpuPolicy;
import org.xenolith.xen.abi.MsrEntry;
import org.xenolith.xen.abi.SysctlCpuFeatureset;
import org.xenolith.xen.abi.SysctlCpuLevellingCaps;
import org.xenolith.xen.abi.SysctlCpuPolicy;
import org.xenolith.xen.abi.XenErrno;

/** CPU policies of the machine and of domains. What is refused, and in which order, is as in Xen 4.17. */
final class PolicyOperations {
  private static final int EINVAL = -XenErrno.XEN_EINVAL;
  private static final int EFAULT = -XenErrno.XEN_EFAULT;
  /** Model-specific registers of a policy: MSR_INTEL_PLATFORM_INFO and MSR_ARCH_CAPABILITIES, which have no bits here. */
  private static final int[] REGISTERS = {0xCE, 0x10A};

  private final HostCpuid host;
  private final DomainPolicies policies;

  PolicyOperations(HostCpuid host, DomainPolicies policies) {
    this.host = host;
    this.policies = policies;
  }

  List<SubOperation<?>> ofDomains() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_get_cpu_policy, "get_cpu_policy", new DomctlCpuPolicy(), this::get).answers(),
        SubOperation.of(ControlOp.XEN_DOMCTL_set_cpu_policy, "set_cpu_policy", new DomctlCpuPolicy(), this::set).answers().always());
  }

  List<SubOperation<?>> ofTheHost() {
    return List.of(SubOperation.of(ControlOp.XEN_SYSCTL_get_cpu_policy, "get_cpu_policy", new SysctlCpuPolicy(), this::system),
        SubOperation.of(ControlOp.XEN_SYSCTL_get_cpu_featureset, "get_cpu_featureset", new SysctlCpuFeatureset(), this::features),
        SubOperation.of(ControlOp.XEN_SYSCTL_get_cpu_levelling_caps, "get_cpu_levelling_caps", new SysctlCpuLevellingCaps(),
            // They are of PV guests, which there aren't.
            (call, levelling, caller) -> {
              levelling.caps(0);
              return 0;
            }));
  }

  private CpuidPolicy most() {
    return CpuidPolicy.host(host).forGuests();
  }

  // ---- The machine

  private long system(Hypercall call, SysctlCpuPolicy argument, Domain caller) {
    if (argument.rsvd() != 0) {
      return EINVAL;
    }
    CpuidPolicy policy;
    switch (argument.index()) {
      case CpuPolicyIndex.XEN_SYSCTL_cpu_policy_raw, CpuPolicyIndex.XEN_SYSCTL_cpu_policy_host -> policy = CpuidPolicy.host(host);
      case CpuPolicyIndex.XEN_SYSCTL_cpu_policy_hvm_max, CpuPolicyIndex.XEN_SYSCTL_cpu_policy_hvm_default -> policy = most();
      case CpuPolicyIndex.XEN_SYSCTL_cpu_policy_pv_max, CpuPolicyIndex.XEN_SYSCTL_cpu_policy_pv_default -> {
        return -XenErrno.XEN_EOPNOTSUPP;
      }
      default -> {
        return EINVAL;
      }
    }
    return tell(call, policy, new Room(argument.leaves(), argument.nrLeaves(), argument::nrLeaves), new Room(argument.msrs(), argument
        .nrMsrs(),
        argument::nrMsrs));
  }

  private long features(Hypercall call, SysctlCpuFeatureset argument, Domain caller) {
    CpuidPolicy policy;
    switch (argument.index()) {
      case ControlOp.XEN_SYSCTL_cpu_featureset_raw, ControlOp.XEN_SYSCTL_cpu_featureset_host -> policy = CpuidPolicy.host(host);
      case ControlOp.XEN_SYSCTL_cpu_featureset_hvm, ControlOp.XEN_SYSCTL_cpu_featureset_hvm_max -> policy = most();
      case ControlOp.XEN_SYSCTL_cpu_featureset_pv, ControlOp.XEN_SYSCTL_cpu_featureset_pv_max -> {
        return -XenErrno.XEN_EOPNOTSUPP;
      }
      default -> {
        return EINVAL;
      }
    }
    int room = argument.nrFeatures();
    argument.nrFeatures(CpuidFeatures.WORDS);
    if (argument.features() == 0) {
      return 0;
    }
    if (Integer.compareUnsigned(room, CpuidFeatures.WORDS) < 0) {
      return -XenErrno.XEN_ENOBUFS;
    }
    ByteBuffer words = ByteBuffer.allocate(CpuidFeatures.WORDS * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : CpuidFeatures.of(policy)) {
      words.putInt(word);
    }
    return call.write(argument.features(), words.array(), 0, words.capacity()) ? 0 : EFAULT;
  }

  /**
   * Where a caller has room for a list.
   *
   * @param to    0: it only asks how many there are
   * @param count entries that there is room for
   * @param writeCount  takes how many there are
   */
  private record Room(long to, int count, IntConsumer writeCount) {}

  private static long tell(Hypercall call, CpuidPolicy policy, Room leaves, Room registers) {
    if (leaves.to == 0) {
      leaves.writeCount.accept(CpuidPolicy.MOST);
    } else {
      long wrong = leaves(call, policy, leaves.to, leaves.count);
      if (wrong != 0) {
        return wrong;
      }
      leaves.writeCount.accept(policy.leaves().size());
    }
    if (registers.to != 0) {
      long wrong = registers(call, registers.to, registers.count);
      if (wrong != 0) {
        return wrong;
      }
    }
    registers.writeCount.accept(REGISTERS.length);
    return 0;
  }

  private static long leaves(Hypercall call, CpuidPolicy policy, long to, int room) {
    if (Integer.compareUnsigned(room, policy.leaves().size()) < 0) {
      return -XenErrno.XEN_ENOBUFS;
    }
    byte[] bytes = policy.bytes();
    return call.write(to, bytes, 0, bytes.length) ? 0 : EFAULT;
  }

  private static long registers(Hypercall call, long to, int room) {
    if (Integer.compareUnsigned(room, REGISTERS.length) < 0) {
      return -XenErrno.XEN_ENOBUFS;
    }
    ByteBuffer bytes = ByteBuffer.allocate(REGISTERS.length * MsrEntry.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (int register : REGISTERS) {
      bytes.putInt(register).putInt(0).putLong(0);
    }
    return call.write(to, bytes.array(), 0, bytes.capacity()) ? 0 : EFAULT;
  }

  // ---- Domains

  private CpuidPolicy current(Domain domain) {
    CpuidPolicy own = policies.of(domain);
    return own == null ? most() : own;
  }

  private long get(Hypercall call, DomctlCpuPolicy argument, Domain target) {
    CpuidPolicy policy = current(target);
    return tell(call, policy, new Room(argument.leaves(), argument.nrLeaves(), argument::nrLeaves), new Room(argument.msrs(), argument
        .nrMsrs(),
        argument::nrMsrs));
  }

  private long set(Hypercall call, DomctlCpuPolicy argument, Domain target) {
    if (target == call.domain()) {
      return EINVAL;
    }
    if (target.state() != DomainState.BUILDING) {
      return -XenErrno.XEN_EEXIST;
    }
    argument.errLeaf(-1);
    argument.errSubleaf(-1);
    argument.errMsr(-1);
    int count = argument.nrLeaves();
    if (Integer.compareUnsigned(count, CpuidPolicy.MOST) > 0 || Integer.compareUnsigned(argument.nrMsrs(), REGISTERS.length) > 0) {
      return -XenErrno.XEN_E2BIG;
    }
    byte[] bytes = new byte[count * CpuidLeaf.SIZE];
    byte[] registers = new byte[argument.nrMsrs() * MsrEntry.SIZE];
    if (!call.read(argument.leaves(), bytes, 0, bytes.length) || !call.read(argument.msrs(), registers, 0, registers.length)) {
      return EFAULT;
    }
    List<Leaf> given = CpuidPolicy.leaves(bytes);
    for (Leaf leaf : given) {
      if (!CpuidPolicy.possible(leaf.leaf(), leaf.subleaf())) {
        return wrong(argument, leaf, -XenErrno.XEN_ERANGE);
      }
    }
    long wrong = registers(argument, registers);
    if (wrong != 0) {
      return wrong;
    }
    CpuidPolicy most = most();
    CpuidPolicy next = current(target).with(given, most);
    Leaf beyond = next.beyond(most);
    if (beyond != null) {
      return wrong(argument, beyond, EINVAL);
    }
    policies.set(target, next);
    return 0;
  }

  private static long wrong(DomctlCpuPolicy argument, Leaf leaf, long error) {
    argument.errLeaf(leaf.leaf());
    argument.errSubleaf(leaf.subleaf());
    return error;
  }

  /** None of them can have a bit set. */
  private static long registers(DomctlCpuPolicy argument, byte[] entries) {
    ByteBuffer from = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      int register = from.getInt();
      int flags = from.getInt();
      long value = from.getLong();
      boolean known = register == REGISTERS[0] || register == REGISTERS[1];
      if (!known || flags != 0 || value != 0) {
        argument.errMsr(register);
        return known ? EINVAL : -XenErrno.XEN_ERANGE;
      }
    }
    return 0;
  }
}
