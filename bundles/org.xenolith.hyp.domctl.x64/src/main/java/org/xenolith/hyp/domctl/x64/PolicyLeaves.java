// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.domctl.x64.CpuidPolicy.Leaf;
import org.xenolith.hyp.x64.api.CpuidAnswer;
import org.xenolith.hyp.x64.api.CpuidTrap;

/** CPUID of domains whose policy a tool has set: features that it hasn't are gone, leaves behind its last ones are zero, and what says how many threads share something is its own. */
final class PolicyLeaves implements CpuidTrap {
  private final DomainPolicies policies;

  PolicyLeaves(DomainPolicies policies) {
    this.policies = policies;
  }

  @Override
  public void answer(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer) {
    CpuidPolicy policy = policies.of(vcpu.domain());
    if (policy == null || leaf >= CpuidPolicy.XEN && leaf > 0) {
      return;
    }
    Leaf last = policy.find(leaf < 0 ? CpuidPolicy.EXTENDED : 0, 0);
    if (last == null || Integer.compareUnsigned(leaf, last.a()) > 0) {
      answer.set(0, 0, 0, 0);
      return;
    }
    Leaf own = policy.find(leaf, subleaf);
    if (own == null) {
      return;
    }
    switch (leaf) {
      case 1 -> answer.set(own.a(), own.b() & ~CpuidFeatures.APIC_ID | answer.ebx() & CpuidFeatures.APIC_ID, answer.ecx() & (own.c()
          | CpuidFeatures.OSXSAVE), answer.edx() & own.d());
      case CpuidPolicy.STRUCTURED -> answer.set(own.a(), answer.ebx() & own.b(), answer.ecx() & (own.c() | CpuidFeatures.OSPKE), answer
          .edx() & own.d());
      case CpuidPolicy.TOPOLOGY -> {
        // Which virtual CPU asks is in all of it.
      }
      case CpuidPolicy.STATES -> {
        if (subleaf == 1) {
          answer.set(answer.eax() & own.a(), answer.ebx(), answer.ecx(), answer.edx());
        }
      }
      default -> answer.set(own.a(), own.b(), own.c(), own.d());
    }
  }
}
