// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.change.BundleChange;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder;
import org.xenolith.machine.hang.CodeOwners;
import org.xenolith.machine.hang.Suspects;
import org.xenolith.machine.hang.Watchdog;
import org.xenolith.machine.kit.ProcessorFactory;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.Whiteboard;

/** Offers the core: builds machines from what is installed and changes it under them. */
@Component(service = {MachineBuilder.class, LiveChange.class})
public final class MachineCoreComponent implements MachineBuilder, LiveChange {
  private final Offers offers = new Offers();
  private final Machines machines = new Machines();
  private final Whiteboard whiteboard;
  private final BundleChange change;
  private final Watchdog watchdog;

  /** Made by declarative services. */
  @Activate
  public MachineCoreComponent(BundleContext context) {
    whiteboard = new Whiteboard(context, offers);
    watchdog = new Watchdog(new Suspects(CodeOwners.in(context), offers));
    change = new BundleChange(context, machines, watchdog);
  }

  @Reference(service = DeviceModelFactory.class, cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addModel(ServiceReference<DeviceModelFactory> reference) {
    whiteboard.modelCame(reference);
  }

  void removeModel(ServiceReference<DeviceModelFactory> reference) {
    whiteboard.went(reference);
  }

  @Reference(service = ProcessorFactory.class, cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addProcessor(ServiceReference<ProcessorFactory> reference) {
    whiteboard.processorCame(reference);
  }

  void removeProcessor(ServiceReference<ProcessorFactory> reference) {
    whiteboard.went(reference);
  }

  @Reference(service = CpuEngineFactory.class, cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addEngine(ServiceReference<CpuEngineFactory> reference) {
    whiteboard.engineCame(reference);
  }

  void removeEngine(ServiceReference<CpuEngineFactory> reference) {
    whiteboard.went(reference);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addInputKind(InputKind kind) {
    offers.add(kind);
  }

  void removeInputKind(InputKind kind) {
    offers.remove(kind);
  }

  @Override
  public Machine build(MachineRequest request) {
    return build(request, (kind, place, text) -> {});
  }

  @Override
  public Machine build(MachineRequest request, EventLog events) {
    CoreMachine machine = new Assembly(offers, change::replay, machines::closed, watchdog).build(request, events);
    machines.opened(machine);
    return machine;
  }

  @Override
  public Change replace(String symbolicName, InputStream jar) throws IOException {
    return change.replace(symbolicName, jar);
  }

  @Override
  public Change remove(String symbolicName) {
    return change.remove(symbolicName);
  }

  @Override
  public Change add(InputStream jar) throws IOException {
    return change.add(jar);
  }

  @Override
  public byte[] content(String symbolicName) throws IOException {
    return change.content(symbolicName);
  }

  @Override
  public boolean installed(String symbolicName) {
    return change.installed(symbolicName);
  }

  @Override
  public void begin(Path journal, Consumer<String> progress) throws IOException {
    change.begin(journal, progress);
  }
}
