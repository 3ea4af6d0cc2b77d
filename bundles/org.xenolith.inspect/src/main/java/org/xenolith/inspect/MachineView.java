// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.HypervisorPorts;
import org.xenolith.hyp.kit.NamedRegisters;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;

/** One machine, with the inspectors that there were when it was asked for. */
final class MachineView implements InspectedMachine {
  /** By {@code RUNSTATE_*} of vcpu.h. */
  private static final List<String> STATES = List.of("running", "runnable", "blocked", "offline");

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

  private boolean hypervisor() {
    return HypervisorPorts.has(machine);
  }

  private List<Domain> domains() {
    Domains domains = machine.port(HypervisorNode.PATH, DomainsPort.class).domains();
    // Null only while the core is being replaced.
    return domains == null ? List.of() : List.copyOf(domains.all());
  }

  @Override
  public Optional<List<String>> guests() {
    return hypervisor() ? Optional.of(domains().stream().map(each -> "d" + each.id()).toList()) : Optional.empty();
  }

  @Override
  public List<GuestProcessor> guestProcessors() {
    return hypervisor() ? domains().stream().flatMap(domain -> domain.vcpus().stream().map(this::guestProcessor)).toList() : List.of();
  }

  private GuestProcessor guestProcessor(Vcpu vcpu) {
    String guest = "d" + vcpu.domain().id();
    CpuPort has = vcpu.loaded();
    // Its registers stay with a processor that has nothing else to do, too.
    OptionalInt on = has == null ? OptionalInt.empty() : processor(has.index()).filter(each -> guest(each.place()).equals(guest)).map(
        each -> OptionalInt.of(each.index())).orElse(OptionalInt.empty());
    return new GuestProcessor(guest, vcpu.id(), on, STATES.get(vcpu.runstateKind()));
  }

  @Override
  public Map<String, Long> registers(GuestProcessor waiting) {
    return hypervisor() ? domains().stream().flatMap(domain -> domain.vcpus().stream()).filter(each -> each.online() && guestProcessor(each)
        .on().isEmpty()
        && waiting.guest().equals("d" + each.domain().id()) && waiting.number() == each.id()).findFirst().filter(
            NamedRegisters.class::isInstance).map(each -> ((NamedRegisters) each).registers()).orElse(Map.of()) : Map.of();
  }

  @Override
  public String guest(ProcessorPlace place) {
    if (place.guestTables() != 0 && hypervisor()) {
      P2mPort p2m = machine.port(HypervisorNode.PATH, P2mPort.class);
      for (Domain domain : domains()) {
        if (p2m.root(domain) == place.guestTables()) {
          return "d" + domain.id();
        }
      }
    }
    return InspectedMachine.super.guest(place);
  }
}
