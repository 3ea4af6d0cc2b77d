// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.List;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceBus;
import org.xenolith.machine.api.DeviceLines;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.DeviceProcessors;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;

/** The facets of a {@link FakeContext}: what a model sees of it. */
final class FakeFacets implements DeviceOptions, DeviceBus, DeviceLines, DeviceTime, DeviceMemory, DeviceProcessors {
  private final FakeContext context;
  private final Environment environment;
  private final FakeWindows windows;
  private final FakeAlarms alarms;
  InterruptInputs inputs;
  DmaTranslator translator;

  FakeFacets(FakeContext context, Environment environment, FakeWindows windows, FakeAlarms alarms) {
    this.context = context;
    this.environment = environment;
    this.windows = windows;
    this.alarms = alarms;
  }

  @Override
  public boolean flag(String name) {
    return Boolean.parseBoolean(text(name));
  }

  @Override
  public long number(String name) {
    return Long.decode(text(name));
  }

  @Override
  public String text(String name) {
    String set = context.node().options().get(name);
    return set != null ? set : context.description().options().stream().filter(o -> o.name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("option " + name + " is not in the model's description")).initial();
  }

  @Override
  public void window(int index, AccessRule rule, MmioHandler handler) {
    windows.claim(index, rule, handler);
  }

  @Override
  public void window(AddressWindow range, AccessRule rule, MmioHandler handler) {
    windows.claim(range, rule, handler);
  }

  @Override
  public FakeDirectWindow direct(int index, int blank, AccessRule rule, MmioHandler handler) {
    FakeDirectWindow memory = environment.memory(context.node().path(), index, context.node().windows().get(index).size(), blank);
    memory.direct(false);
    windows.claim(index, rule, handler, memory);
    return memory;
  }

  @Override
  public int windows() {
    return context.node().windows().size();
  }

  @Override
  public void messages(int index, MessageInput input) {
    windows.messages(index, input);
  }

  @Override
  public FakeAccess access() {
    return environment.access;
  }

  @Override
  @Deprecated
  public int initiator() {
    return Math.max(0, environment.access.cpu());
  }

  @Override
  public FakeLine line(InterruptSpecifier specifier) {
    return context.line(specifier);
  }

  @Override
  public FakeLine interrupt(int index) {
    return context.interrupt(index);
  }

  @Override
  public FakeLine interrupt(int index, int cpu) {
    return context.interrupt(index, cpu);
  }

  @Override
  public int interrupts() {
    return context.node().interrupts().size();
  }

  @Override
  public List<InterruptSpecifier> incoming() {
    return List.copyOf(environment.incoming);
  }

  @Override
  public void controller(InterruptInputs newInputs) {
    inputs = newInputs;
  }

  @Override
  public FakeClock clock() {
    return environment.clock;
  }

  @Override
  public Alarm alarm(String name, Runnable action) {
    return alarms.make(name, action);
  }

  @Override
  public FakeMemory dma() {
    return environment.memory;
  }

  @Override
  public DmaPort dma(int requester) {
    return environment.requester(requester);
  }

  @Override
  public void translator(DmaTranslator newTranslator) {
    translator = newTranslator;
  }

  @Override
  public PhysicalBus physical(int cpu) {
    return environment.physical.apply(cpu);
  }

  @Override
  public List<FakeCpu> cpus() {
    return environment.cpus;
  }
}
