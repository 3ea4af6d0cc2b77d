// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;

/** A fake hypervisor on QEMU's board, whose RAM is as small as the fake's and which has a LED and no PCI. */
final class Board implements Domains {
  final FakeHypervisor hypervisor;
  private final Platform platform;

  Board() {
    this(List.of(), Map.of());
  }

  /** The same machine with EFI firmware. @param options of the hypervisor's node */
  static Board withEfi(Map<String, String> options) {
    return new Board(List.of(FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build()), options);
  }

  private Board(List<PlatformNode> firmware, Map<String, String> options) {
    hypervisor = new FakeHypervisor(1, options);
    Fdt tree = Golden.tree("host-gic2.dtb").edit("/memory@40000000",
        n -> n.withProperty(FdtProperty.ofU64("reg", FakeMachine.RAM, FakeMachine.SIZE)));
    FdtNode root = tree.root().withoutChild("pcie@10000000")
        .withChild(new FdtNode("led@8,0", List.of(FdtProperty.ofStrings("compatible", "register-bit-led")), List.of()));
    List<PlatformNode> nodes = new ArrayList<>();
    nodes.add(FakeNode.at("/memory@40000000").property(FdtProperty.ofStrings("device_type", "memory"))
        .window(FakeMachine.RAM, FakeMachine.SIZE).build());
    nodes.add(FakeNode.at("/cpus/cpu@0").compatible("arm,cortex-a57")
        .property(FdtProperty.ofStrings("device_type", "cpu"))
        .property(FdtProperty.ofStrings("compatible", "arm,cortex-a57")).build());
    nodes.addAll(firmware);
    platform = new Platform("virt", tree.withRoot(root), nodes, Platform.Timing.STANDARD);
    hypervisor.port(DomainsPort.class).attach(this, hypervisor.context("test"));
  }

  @Override
  public CpuEntry entry() {
    return new ArmEntry(0, 0);
  }

  @Override
  public List<? extends Domain> all() {
    return hypervisor.all();
  }

  @Override
  public FakeDomain byId(int id) {
    return hypervisor.byId(id);
  }

  @Override
  public Domain create(int id, DomainSpec spec) {
    return hypervisor.create(id, spec);
  }

  @Override
  public void destroy(Domain domain) {
    hypervisor.destroy(domain);
  }

  @Override
  public Vcpu current() {
    return null;
  }

  @Override
  public Platform platform() {
    return platform;
  }

  @Override
  public List<Cpu> processors() {
    return hypervisor.processors();
  }

  @Override
  public long now() {
    return 0;
  }
}
