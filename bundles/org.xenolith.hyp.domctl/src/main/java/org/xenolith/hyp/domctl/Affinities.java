// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.BitSet;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlNodeAffinity;
import org.xenolith.xen.abi.DomctlVcpuAffinity;
import org.xenolith.xen.abi.XenErrno;

/** On which CPUs and nodes vCPUs are to run. */
final class Affinities {
  private static final int HARD = DomctlVcpuAffinity.CPUMAP_HARD;
  private static final int SOFT = DomctlVcpuAffinity.CPUMAP_SOFT;
  private static final int NODES = DomctlNodeAffinity.NODEMAP;

  private final DomainsPort domains;
  private final ControlledDomains controlled;
  private final GuestBitmap bitmap = new GuestBitmap();

  Affinities(DomainsPort domains, ControlledDomains controlled) {
    this.domains = domains;
    this.controlled = controlled;
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_DOMCTL_setvcpuaffinity, "setvcpuaffinity", new DomctlVcpuAffinity(), this::set),
        SubOperation.of(ControlOp.XEN_DOMCTL_getvcpuaffinity, "getvcpuaffinity", new DomctlVcpuAffinity(), this::get),
        SubOperation.of(ControlOp.XEN_DOMCTL_setnodeaffinity, "setnodeaffinity", new DomctlNodeAffinity(), this::setNodes),
        SubOperation.of(ControlOp.XEN_DOMCTL_getnodeaffinity, "getnodeaffinity", new DomctlNodeAffinity(), this::getNodes));
  }

  private int cpus() {
    return Math.min(domains.domains().processors().size(), ControlledDomain.CPUS);
  }

  private BitSet online() {
    BitSet all = new BitSet();
    all.set(0, cpus());
    return all;
  }

  private long wrong(DomctlVcpuAffinity argument, Domain target) {
    int vcpu = argument.vcpu();
    boolean hardMissing = hard(argument) && bitmap.missing(argument, HARD);
    boolean softMissing = soft(argument) && bitmap.missing(argument, SOFT);
    boolean noVcpu = vcpu < 0 || vcpu >= target.vcpus().size();
    return noVcpu || argument.flags() == 0 || hardMissing || softMissing ? -XenErrno.XEN_EINVAL : 0;
  }

  private static boolean hard(DomctlVcpuAffinity argument) {
    return (argument.flags() & DomctlArgument.XEN_VCPUAFFINITY_HARD) != 0;
  }

  private static boolean soft(DomctlVcpuAffinity argument) {
    return (argument.flags() & DomctlArgument.XEN_VCPUAFFINITY_SOFT) != 0;
  }

  /** Takes the sets, and answers with what they come to: CPUs that there are, for the soft one within the hard one. */
  private long set(Hypercall call, DomctlVcpuAffinity argument, Domain target) {
    long wrong = wrong(argument, target);
    if (wrong != 0) {
      return wrong;
    }
    ControlledDomain own = controlled.of(target);
    int vcpu = argument.vcpu();
    BitSet hard = hard(argument) ? bitmap.read(call, argument, HARD, cpus()) : own.hard(vcpu);
    if (hard == null) {
      return -XenErrno.XEN_EFAULT;
    }
    if (hard(argument) && !hard.intersects(online())) {
      return -XenErrno.XEN_EINVAL;
    }
    BitSet soft = soft(argument) ? bitmap.read(call, argument, SOFT, cpus()) : own.soft(vcpu);
    if (soft == null) {
      return -XenErrno.XEN_EFAULT;
    }
    own.hard(vcpu, hard);
    own.soft(vcpu, soft);
    hard.and(online());
    soft.and(hard);
    boolean told = (!hard(argument) || bitmap.write(call, argument, HARD, hard))
        && (!soft(argument) || bitmap.write(call, argument, SOFT, soft));
    return told ? 0 : -XenErrno.XEN_EFAULT;
  }

  private long get(Hypercall call, DomctlVcpuAffinity argument, Domain target) {
    long wrong = wrong(argument, target);
    if (wrong != 0) {
      return wrong;
    }
    ControlledDomain own = controlled.of(target);
    BitSet hard = own.hard(argument.vcpu());
    BitSet soft = own.soft(argument.vcpu());
    hard.and(online());
    soft.and(online());
    boolean told = (!hard(argument) || bitmap.write(call, argument, HARD, hard))
        && (!soft(argument) || bitmap.write(call, argument, SOFT, soft));
    return told ? 0 : -XenErrno.XEN_EFAULT;
  }

  /** There is one node, and no domain can be without it. */
  private long setNodes(Hypercall call, DomctlNodeAffinity argument, Domain target) {
    BitSet nodes = bitmap.read(call, argument, NODES, 1);
    if (nodes == null) {
      return -XenErrno.XEN_EFAULT;
    }
    return nodes.get(0) ? 0 : -XenErrno.XEN_EINVAL;
  }

  private long getNodes(Hypercall call, DomctlNodeAffinity argument, Domain target) {
    BitSet nodes = new BitSet();
    nodes.set(0);
    return bitmap.write(call, argument, NODES, nodes) ? 0 : -XenErrno.XEN_EFAULT;
  }
}
