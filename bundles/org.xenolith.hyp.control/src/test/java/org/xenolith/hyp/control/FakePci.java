// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciDevices;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.XenErrno;

/** PCI functions of Dom0 and virtual bridges, as the roles {@code pci} and {@code vpci} keep them. */
final class FakePci implements DeviceModelFactory, PciDevices, VirtualPci, DomainListener {
  private final Map<Integer, PciFunction> functions = new TreeMap<>();
  private final Map<Integer, Bridge> bridges = new TreeMap<>();
  private final int dom0;
  /** What refuses to be assigned, if not -1. */
  int stubborn = -1;

  FakePci(int dom0, int... found) {
    this.dom0 = dom0;
    for (int sbdf : found) {
      functions.put(sbdf, new PciFunction(sbdf, null, dom0, sbdf, false));
    }
  }

  @Override
  public ModelDescription description() {
    return new ModelDescription("PCI", "", "");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    context.port(PciDevicesPort.class).attach(this, context);
    context.port(VirtualPciPort.class).attach(this, context);
    context.port(DomainsPort.class).listen(this, context);
    DeviceState none = new DeviceState();
    return new DeviceModel() {
      @Override
      public DeviceState state() {
        return none;
      }

      @Override
      public void reset() {}
    };
  }

  private void put(int sbdf, int owner, int guest, boolean assignable) {
    functions.put(sbdf, new PciFunction(sbdf, null, owner, guest, assignable));
  }

  @Override
  public List<PciFunction> functions() {
    return List.copyOf(functions.values());
  }

  @Override
  public PciFunction at(int sbdf) {
    return functions.get(sbdf);
  }

  @Override
  public List<Integer> group(int sbdf) {
    return List.of(sbdf);
  }

  @Override
  public void assignable(int sbdf, boolean on) {
    if (functions.get(sbdf).owner() != dom0) {
      throw new HypervisorException(-XenErrno.XEN_EBUSY, "in use");
    }
    put(sbdf, dom0, sbdf, on);
  }

  @Override
  public void testAssign(int sbdf) {
    throw new AssertionError("the tools try it");
  }

  @Override
  public int assign(int sbdf, Domain domain, int slot) {
    if (sbdf == stubborn) {
      throw new HypervisorException(-XenErrno.XEN_ENODEV, "nothing isolates it");
    }
    int at = slot >= 0 ? slot : (int) functions.values().stream().filter(f -> f.owner() == domain.serial()).count() + 1 << 3;
    put(sbdf, domain.serial(), at, true);
    return at;
  }

  @Override
  public void deassign(int sbdf, Domain domain) {
    put(sbdf, dom0, sbdf, true);
  }

  @Override
  public void destroyed(Domain domain) {
    bridges.remove(domain.serial());
    functions().stream().filter(f -> f.owner() == domain.serial()).forEach(f -> put(f.sbdf(), dom0, f.sbdf(), true));
  }

  @Override
  public Bridge bridge(Domain domain) {
    AddressWindow window = new AddressWindow(0, 0);
    Bridge bridge = new Bridge(window, window, window);
    bridges.put(domain.serial(), bridge);
    return bridge;
  }

  @Override
  public Bridge facts(Domain domain) {
    return bridges.get(domain.serial());
  }

  @Override
  public int add(int sbdf, int flags, int physical) {
    throw new AssertionError("the tools find nothing");
  }

  @Override
  public int remove(int sbdf) {
    throw new AssertionError("the tools lose nothing");
  }

  @Override
  public int reset(int sbdf, int kind) {
    throw new AssertionError("the tools reset nothing");
  }

  @Override
  public int plug(PciFunction function, Domain owner) {
    throw new AssertionError("the role pci plugs in");
  }

  @Override
  public void unplug(PciFunction function) {
    throw new AssertionError("the role pci takes out");
  }

  @Override
  public void reset(PciFunction function) {
    throw new AssertionError("the role pci resets");
  }

  @Override
  public List<AddressWindow> withheld() {
    return List.of();
  }
}
