package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;

/** A hypervisor with Dom0 (two vCPUs) and domain 5 (two vCPUs), and Dom0's side of domctl: a frame in its page 1. */
final class Tools {
  final FakeHypervisor hypervisor = new FakeHypervisor(4);
  final FakeDomain dom0 = hypervisor.dom0(2);
  final FakeDomain guest = hypervisor.domU(5, 2);
  final DeviceModel model;
  final Domctl frame = new Domctl();
  /** Where Dom0's frame is. */
  final long at = dom0.page(1);
  /** Where Dom0 has room for what a frame points to: two pages. */
  final long room = dom0.page(2);

  Tools() {
    hypervisor.port(DomainsPort.class).attach(new WithPlatform(hypervisor), hypervisor.context("domctl"));
    model = hypervisor.install("domctl", new DomctlComponent());
    frame.at(dom0.memory(), at);
  }

  /** Points a view at the argument of Dom0's frame. */
  <T extends AbiStruct> T argument(T view) {
    view.at(dom0.memory(), at + Domctl.ARGUMENT);
    return view;
  }

  /** Points a view at Dom0's room. */
  <T extends AbiStruct> T room(T view) {
    view.at(dom0.memory(), room);
    return view;
  }

  /** Dom0's first vCPU calls. */
  long call(int operation, int domid) {
    return call(dom0.vcpu(0), operation, domid);
  }

  /** A vCPU calls; the frame is in its domain's page 1. */
  long call(FakeVcpu vcpu, int operation, int domid) {
    Domctl own = new Domctl();
    own.at(vcpu.domain().memory(), vcpu.domain().page(1));
    own.cmd(operation);
    own.interfaceVersion(ControlOp.XEN_DOMCTL_INTERFACE_VERSION);
    own.domain(domid);
    return vcpu.call(36, vcpu.domain().page(1));
  }

  void works(int operation, int domid) {
    assertEquals(0, call(operation, domid));
  }

  void refuses(int errno, int operation, int domid) {
    assertEquals(-errno, call(operation, domid));
  }

  /** The fake one has no description of its machine. */
  private record WithPlatform(FakeHypervisor fake) implements Domains {
    @Override public List<FakeDomain> all() {
      return fake.all();
    }

    @Override public Domain byId(int id) {
      return fake.byId(id);
    }

    @Override public Domain create(int id, DomainSpec spec) {
      return fake.create(id, spec);
    }

    @Override public void destroy(Domain domain) {
      fake.destroy(domain);
    }

    @Override public Vcpu current() {
      return fake.current();
    }

    @Override public Platform platform() {
      PlatformNode timer = FakeNode.at("/timer").compatible("arm,armv8-timer").cells("clock-frequency", 62_500_000).build();
      PlatformNode ram = new PlatformNode("/memory@40000000", "memory@40000000", "/", FakeNode.at("/memory@40000000")
          .property(org.xenolith.fdt.FdtProperty.ofStrings("device_type", "memory")).build().properties(), List.of(), true,
          List.of(new AddressWindow(FakeMachine.RAM, FakeMachine.SIZE)), List.of(), Map.of());
      return new Platform("fake", null, List.of(timer, ram), Platform.Timing.STANDARD);
    }

    @Override public List<Cpu> processors() {
      return fake.processors();
    }

    @Override public long now() {
      return fake.now();
    }
  }
}
