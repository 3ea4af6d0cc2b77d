// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.machine.control.Machine;

/** Offers to look into machines, with whoever looks into their processors. */
@Component
public final class MachineInspectorComponent implements MachineInspector {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ProcessorInspector> inspectors = List.of();

  /** For the framework. */
  public MachineInspectorComponent() {}

  /** With these inspectors. */
  MachineInspectorComponent(List<ProcessorInspector> inspectors) {
    this.inspectors = inspectors;
  }

  @Override
  public InspectedMachine of(Machine machine) {
    return new MachineView(machine, inspectors);
  }
}
