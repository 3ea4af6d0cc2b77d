// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.regs.DeviceState;

/** What domctl keeps of each domain, by serial. */
final class ControlledDomains {
  private final Map<Integer, ControlledDomain> bySerial = new TreeMap<>();

  void declare(DeviceState state) {
    state.children("domains", bySerial::clear, () -> bySerial.entrySet().stream().collect(Collectors.toMap(
        e -> e.getKey().toString(), e -> e.getValue().state(), (a, b) -> a, LinkedHashMap::new)), name -> {
          ControlledDomain domain = new ControlledDomain();
          bySerial.put(Integer.parseInt(name), domain);
          return domain.state();
        });
  }

  ControlledDomain of(Domain domain) {
    return bySerial.computeIfAbsent(domain.serial(), serial -> new ControlledDomain());
  }

  void forget(Domain domain) {
    bySerial.remove(domain.serial());
  }

  /** Drops what belongs to domains that are gone. */
  void keepOnly(Domains domains) {
    bySerial.keySet().retainAll(domains.all().stream().map(Domain::serial).toList());
  }
}
