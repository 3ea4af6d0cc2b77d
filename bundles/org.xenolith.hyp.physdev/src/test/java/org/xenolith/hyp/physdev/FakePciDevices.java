// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.PciDevices;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.pci.kit.Sbdf;

/** Remembers what it is told. */
final class FakePciDevices implements PciDevices {
  final List<String> told = new ArrayList<>();
  int answer;

  @Override
  public int add(int sbdf, int flags, int physical) {
    told.add("add " + Sbdf.text(sbdf) + " " + flags + " " + Sbdf.text(physical));
    return answer;
  }

  @Override
  public int remove(int sbdf) {
    told.add("remove " + Sbdf.text(sbdf));
    return answer;
  }

  @Override
  public int reset(int sbdf, int kind) {
    told.add("reset " + Sbdf.text(sbdf) + " " + kind);
    return answer;
  }

  @Override
  public void ready(HostBridgePort bridge) {
    told.add("ready " + bridge.node().path());
  }

  @Override
  public List<PciFunction> functions() {
    return List.of();
  }

  @Override
  public PciFunction at(int sbdf) {
    return null;
  }

  @Override
  public List<Integer> group(int sbdf) {
    return List.of(sbdf);
  }

  @Override
  public void assignable(int sbdf, boolean on) {}

  @Override
  public void testAssign(int sbdf) {}

  @Override
  public int assign(int sbdf, Domain domain, int slot) {
    return 0;
  }

  @Override
  public void deassign(int sbdf, Domain domain) {}
}
