// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.BitSet;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlNodeAffinity;
import org.xenolith.xen.abi.DomctlVcpuAffinity;
import org.xenolith.xen.abi.XenErrno;

/** On which CPUs and nodes vCPUs are to run. */
final class Affinities {
  private static final long HARD = Domctl.ARGUMENT + DomctlVcpuAffinity.CPUMAP_HARD;
  private static final long SOFT = Domctl.ARGUMENT + DomctlVcpuAffinity.CPUMAP_SOFT;
  private static final long NODES = Domctl.ARGUMENT + DomctlNodeAffinity.NODEMAP;

  private final DomainsPort domains;
  private final ControlledDomains controlled;
  private final DomctlVcpuAffinity argument = new DomctlVcpuAffinity();
  private final GuestBitmap bitmap = new GuestBitmap();

  Affinities(DomainsPort domains, ControlledDomains controlled) {
    this.domains = domains;
    this.controlled = controlled;
  }

  void register(Registration operations) {
    operations.serve(ControlOp.XEN_DOMCTL_setvcpuaffinity, this::set);
    operations.serve(ControlOp.XEN_DOMCTL_getvcpuaffinity, this::get);
    operations.serve(ControlOp.XEN_DOMCTL_setnodeaffinity, this::setNodes);
    operations.serve(ControlOp.XEN_DOMCTL_getnodeaffinity, this::getNodes);
  }

  private int cpus() {
    return Math.min(domains.domains().processors().size(), ControlledDomain.CPUS);
  }

  private BitSet online() {
    BitSet all = new BitSet();
    all.set(0, cpus());
    return all;
  }

  private long wrong(Request request) {
    request.argument(argument);
    int vcpu = argument.vcpu();
    boolean hardMissing = hard() && bitmap.missing(request.memory(), HARD);
    boolean softMissing = soft() && bitmap.missing(request.memory(), SOFT);
    boolean noVcpu = vcpu < 0 || vcpu >= request.target().vcpus().size();
    return noVcpu || argument.flags() == 0 || hardMissing || softMissing ? -XenErrno.XEN_EINVAL : 0;
  }

  private boolean hard() {
    return (argument.flags() & DomctlArgument.XEN_VCPUAFFINITY_HARD) != 0;
  }

  private boolean soft() {
    return (argument.flags() & DomctlArgument.XEN_VCPUAFFINITY_SOFT) != 0;
  }

  /** Takes the sets, and answers with what they come to: CPUs that there are, for the soft one within the hard one. */
  private long set(Request request) {
    long wrong = wrong(request);
    if (wrong != 0) {
      return wrong;
    }
    ControlledDomain own = controlled.of(request.target());
    int vcpu = argument.vcpu();
    BitSet hard = hard() ? bitmap.read(request.call(), request.memory(), HARD, cpus()) : own.hard(vcpu);
    if (hard == null) {
      return -XenErrno.XEN_EFAULT;
    }
    if (hard() && !hard.intersects(online())) {
      return -XenErrno.XEN_EINVAL;
    }
    BitSet soft = soft() ? bitmap.read(request.call(), request.memory(), SOFT, cpus()) : own.soft(vcpu);
    if (soft == null) {
      return -XenErrno.XEN_EFAULT;
    }
    own.hard(vcpu, hard);
    own.soft(vcpu, soft);
    hard.and(online());
    soft.and(hard);
    boolean told = (!hard() || bitmap.write(request.call(), request.memory(), HARD, hard))
        && (!soft() || bitmap.write(request.call(), request.memory(), SOFT, soft));
    return told ? 0 : -XenErrno.XEN_EFAULT;
  }

  private long get(Request request) {
    long wrong = wrong(request);
    if (wrong != 0) {
      return wrong;
    }
    ControlledDomain own = controlled.of(request.target());
    BitSet hard = own.hard(argument.vcpu());
    BitSet soft = own.soft(argument.vcpu());
    hard.and(online());
    soft.and(online());
    boolean told = (!hard() || bitmap.write(request.call(), request.memory(), HARD, hard))
        && (!soft() || bitmap.write(request.call(), request.memory(), SOFT, soft));
    return told ? 0 : -XenErrno.XEN_EFAULT;
  }

  /** There is one node, and no domain can be without it. */
  private long setNodes(Request request) {
    BitSet nodes = bitmap.read(request.call(), request.memory(), NODES, 1);
    if (nodes == null) {
      return -XenErrno.XEN_EFAULT;
    }
    return nodes.get(0) ? 0 : -XenErrno.XEN_EINVAL;
  }

  private long getNodes(Request request) {
    BitSet nodes = new BitSet();
    nodes.set(0);
    return bitmap.write(request.call(), request.memory(), NODES, nodes) ? 0 : -XenErrno.XEN_EFAULT;
  }
}
