// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What tools have set of each domain, by serial. */
final class DomainPolicies {
  private final Map<Integer, Kept> bySerial = new TreeMap<>();

  /** Of one domain. */
  static final class Kept {
    private final DeviceState state = new DeviceState();
    /** Who answers RDTSC, as XEN_DOMCTL_settscinfo says. */
    final LongCell tscMode = state.cell("tsc-mode", 0);
    /** How often the domain moved, as tools count. */
    final LongCell incarnation = state.cell("incarnation", 0);
    private CpuidPolicy policy;

    private Kept() {
      state.varying("policy", () -> policy = null, () -> policy == null ? new byte[0] : policy.bytes(), bytes -> policy = bytes.length == 0
          ? null
          : new CpuidPolicy(CpuidPolicy.leaves(bytes)));
    }
  }

  void declare(DeviceState state) {
    state.children("domains", bySerial::clear, () -> bySerial.entrySet().stream().collect(Collectors.toMap(
        e -> e.getKey().toString(), e -> e.getValue().state, (a, b) -> a, LinkedHashMap::new)), name -> {
          Kept kept = new Kept();
          bySerial.put(Integer.parseInt(name), kept);
          return kept.state;
        });
  }

  /** The policy that was set of a domain; null if none was. */
  CpuidPolicy of(Domain domain) {
    Kept kept = bySerial.get(domain.serial());
    return kept == null ? null : kept.policy;
  }

  void set(Domain domain, CpuidPolicy policy) {
    kept(domain).policy = policy;
  }

  Kept kept(Domain domain) {
    return bySerial.computeIfAbsent(domain.serial(), serial -> new Kept());
  }

  void forget(Domain domain) {
    bySerial.remove(domain.serial());
  }

  /** Drops what belongs to domains that are gone. */
  void keepOnly(Domains domains) {
    bySerial.keySet().retainAll(domains.all().stream().map(Domain::serial).toList());
  }
}
