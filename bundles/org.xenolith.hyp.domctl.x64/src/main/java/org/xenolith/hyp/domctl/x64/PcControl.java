// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;

/** Serves what of domctl and sysctl only x86 has: creation of PVH guests, CPU policies, which CPUID follows, and time-stamp counters. */
final class PcControl implements DeviceModel, DomainListener {
  private final DeviceState state = new DeviceState();
  private final DomainPolicies policies = new DomainPolicies();
  private final PolicyLeaves leaves = new PolicyLeaves(policies);
  private final DeviceContext context;
  private final DomainsPort domains;
  private final ControlOperationsPort operations;
  private final GuestProcessorsPort processors;
  private final DomainCreationPort creation;
  private final PcCreation rules = new PcCreation();

  /** @param host what the processors answer to CPUID */
  PcControl(DeviceContext context, HostCpuid host) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    operations = context.port(ControlOperationsPort.class);
    processors = context.port(GuestProcessorsPort.class);
    creation = context.port(DomainCreationPort.class);
    policies.declare(state);
    PolicyOperations cpu = new PolicyOperations(host, policies);
    List<SubOperation<?>> time = new TscOperations(domains, context.port(ArchitectureFactsPort.class), policies).operations();
    operations.claim(HypercallNumber.__HYPERVISOR_domctl, context, Stream.concat(cpu.ofDomains().stream(), time.stream()).toList());
    operations.claim(HypercallNumber.__HYPERVISOR_sysctl, context, cpu.ofTheHost());
    processors.claim(leaves, context);
    creation.attach(rules, context);
    domains.listen(this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    if (domains.domains() != null) {
      policies.keepOnly(domains.domains());
    }
  }

  @Override
  public void removed() {
    operations.release(context);
    processors.release(leaves);
    creation.detach(rules);
    domains.forget(this);
  }

  @Override
  public void destroyed(Domain domain) {
    policies.forget(domain);
  }
}
