// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;

/** One machine, with the inspectors that there were when it was asked for. */
final class MachineView implements InspectedMachine {
  private final Machine machine;
  private final InspectedMemory physical;
  private final List<InspectedProcessor> processors;
  private final StopPoints stops;

  MachineView(Machine machine, List<ProcessorInspector> inspectors) {
    this.machine = machine;
    physical = new PhysicalMemory(machine);
    stops = new MachineStops(machine);
    processors = machine.processors().stream().flatMap(cpu -> look(cpu, inspectors).stream()).toList();
  }

  private Optional<InspectedProcessor> look(CpuPort cpu, List<ProcessorInspector> inspectors) {
    return inspectors.stream().flatMap(inspector -> inspector.inspect(cpu, physical).stream()).findFirst().map(
        each -> new JournalledProcessor(
            machine, each));
  }

  @Override
  public List<InspectedDevice> devices() {
    return machine.devices().stream().<InspectedDevice>map(each -> new DeviceView(machine, each.instance(), each.model())).toList();
  }

  @Override
  public List<InspectedProcessor> processors() {
    return processors;
  }

  @Override
  public Optional<InspectedProcessor> processor(int index) {
    return processors.stream().filter(each -> each.index() == index).findFirst();
  }

  @Override
  public InspectedMemory physical() {
    return physical;
  }

  @Override
  public StopPoints stops() {
    return stops;
  }
}
