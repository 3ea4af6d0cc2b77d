// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.SubCommand;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.net.api.OutsideNetwork;

/** Offers {@code from-qemu} to the command line. */
@Component
public final class FromQemuComponent implements SubCommand {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<CpuDescription> processors = List.of();
  private final Set<String> networks = ConcurrentHashMap.newKeySet();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addNetwork(OutsideNetwork network, Map<String, Object> properties) {
    networks.add(String.valueOf(properties.get(OutsideNetwork.WORD)));
  }

  void removeNetwork(OutsideNetwork network, Map<String, Object> properties) {
    networks.remove(String.valueOf(properties.get(OutsideNetwork.WORD)));
  }

  @Override
  public Object command() {
    return new FromQemuCommand(processors.stream().map(CpuDescription::name).sorted().toList(), Set.copyOf(networks));
  }
}
