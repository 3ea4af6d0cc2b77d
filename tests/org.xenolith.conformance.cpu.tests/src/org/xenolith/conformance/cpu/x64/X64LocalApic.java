// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.x64.arch.Core;

/** The local APIC of {@code hw.lapic} at a processor that has no machine. */
final class X64LocalApic implements ViewContext {
  private static final String COMPATIBLE = "intel,ce4100-lapic";
  private static final long BASE = 0xFEE0_0000L;
  private static final long SIZE = 0x10_0000;

  private final FakeContext context = new FakeContext(FakeNode.at("/lapic@fee00000").compatible(COMPATIBLE).window(BASE, SIZE).build(), 1);

  X64LocalApic(Core cpu) {
    CpuView view = cpu.view(this);
    context.cpus().getFirst().platformObject(view);
    context.create(factory());
    view.commit();
  }

  /** The service, or its class without OSGi. */
  private static DeviceModelFactory factory() {
    Bundle bundle = FrameworkUtil.getBundle(X64LocalApic.class);
    try {
      if (bundle == null) {
        return (DeviceModelFactory) Class.forName("org.xenolith.hw.lapic.LapicComponent").getConstructor().newInstance();
      }
      BundleContext services = bundle.getBundleContext();
      for (ServiceReference<DeviceModelFactory> reference : services.getServiceReferences(DeviceModelFactory.class, "(xenolith.compatible="
          + COMPATIBLE + ")")) {
        return services.getService(reference);
      }
      throw new AssertionError("no service DeviceModelFactory with xenolith.compatible=" + COMPATIBLE);
    } catch (InvalidSyntaxException | ReflectiveOperationException e) {
      throw new AssertionError("hw.lapic", e);
    }
  }

  /** Whether its registers are at a physical address. */
  boolean has(long address) {
    return address >= BASE && address < BASE + SIZE;
  }

  long read(long address, int size) {
    return context.read(0, address - BASE, size);
  }

  void write(long address, int size, long value) {
    context.write(0, address - BASE, size, value);
  }

  @Override
  public String instance() {
    return context.instance();
  }

  @Override
  public int order() {
    return 0;
  }

  @Override
  public void failed(Throwable bug) {
    throw new AssertionError(bug);
  }

  @Override
  public void entered(int cpu) {
    context.initiator(cpu);
  }
}
