// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Vcpu;

/**
 * One domain as the workbench shows it: a copy, taken on the machine's thread.
 *
 * @param id     domid
 * @param name   its name
 * @param state  where it is in its life
 * @param vcpus  virtual CPUs that are up, and all
 * @param memory most memory that it may own, in MiB
 * @param paused whether somebody paused it
 * @param destroyable whether the machine can do without it
 */
record DomainFact(int id, String name, String state, String vcpus, long memory, boolean paused, boolean destroyable) {
  private static final int PAGES_OF_A_MIB_SHIFT = 8;

  static DomainFact of(Domain domain) {
    long up = domain.vcpus().stream().filter(Vcpu::online).count();
    return new DomainFact(domain.id(), domain.name(), state(domain), up + " of " + domain.vcpus().size(),
        domain.maxPages() >> PAGES_OF_A_MIB_SHIFT, domain.pauseCount() > 0, domain.kind() == DomainSpec.Kind.DOMU);
  }

  private static String state(Domain domain) {
    return switch (domain.state()) {
      case BUILDING -> "building";
      case RUNNING -> domain.pauseCount() > 0 ? "paused"
          : domain.vcpus().stream().allMatch(v -> !v.online() || v.blocked()) ? "blocked" : "running";
      case SHUTDOWN -> "shut down, reason " + domain.shutdownReason();
      case DYING -> "dying";
    };
  }
}
