// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Iommu;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Virtual PCI and an SMMU driver as far as a builder asks them. */
final class Passthrough implements VirtualPci, Iommu {
  final List<String> asked = new ArrayList<>();
  List<String> smmus = List.of();
  List<AddressWindow> withheld = List.of();
  Bridge bridge = new Bridge(new AddressWindow(0x1000_0000L, 0x1000_0000L), new AddressWindow(0x2300_0000L, 0x1000_0000L),
      new AddressWindow(0x1_0000_0000L, 0x1_0000_0000L));

  void attach(FakeHypervisor hypervisor) {
    hypervisor.port(VirtualPciPort.class).attach(this, hypervisor.context("build.arm.dt"));
    for (String smmu : smmus) {
      hypervisor.port(IommusPort.class).at(FakeNode.at(smmu).build(), hypervisor.context("build.arm.dt")).attach(this, hypervisor.context(
          "build.arm.dt"));
    }
  }

  @Override
  public Bridge bridge(Domain domain) {
    asked.add("bridge of d" + domain.id());
    return bridge;
  }

  @Override
  public List<AddressWindow> withheld() {
    return withheld;
  }

  @Override
  public Bridge facts(Domain domain) {
    throw new AssertionError("a builder makes bridges");
  }

  @Override
  public int plug(PciFunction function, Domain owner) {
    throw new AssertionError("a builder plugs nothing in");
  }

  @Override
  public void unplug(PciFunction function) {
    throw new AssertionError("a builder takes nothing out");
  }

  @Override
  public void reset(PciFunction function) {
    throw new AssertionError("a builder resets nothing");
  }

  @Override
  public boolean driven() {
    return true;
  }

  @Override
  public boolean covers(long stream) {
    throw new AssertionError("a builder isolates nothing");
  }

  @Override
  public int attach(int sbdf, long stream, Domain domain) {
    throw new AssertionError("a builder isolates nothing");
  }

  @Override
  public void detach(int sbdf) {
    throw new AssertionError("a builder isolates nothing");
  }
}
