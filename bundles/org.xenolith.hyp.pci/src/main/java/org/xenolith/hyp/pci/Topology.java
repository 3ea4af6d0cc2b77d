// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.xenolith.hyp.api.IommuStream;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.pci.kit.Sbdf;

/** What is above a function, and which functions can't be told apart for it. */
final class Topology {
  /** ACS: source validation, request and completion redirect, upstream forwarding (PCI Express Base 4.0, 7.7.8). */
  private static final int REDIRECT = 0x1D;
  private static final int ACS_CAPABILITY = 4;
  private static final int ACS_CONTROL = 6;

  private final Registry registry;
  private final IommusPort iommu;

  Topology(Registry registry, IommusPort iommu) {
    this.registry = registry;
    this.iommu = iommu;
  }

  static boolean endpoint(PciFunction function) {
    return Header.endpoint(function.read(Header.TYPE, 1));
  }

  static boolean bridge(PciFunction function) {
    return function.read(0, 2) != 0xFFFF && Header.bridge(function.read(Header.TYPE, 1));
  }

  private List<PciFunction> all() {
    List<PciFunction> all = new ArrayList<>();
    for (Known known : registry.all()) {
      PciFunction function = registry.function(known);
      if (function != null) {
        all.add(function);
      }
    }
    return all;
  }

  /** The bridge whose secondary bus a function is on; null on a root bus, or if nobody told of the bridge. */
  PciFunction above(PciFunction function) {
    int bus = Sbdf.bus(function.sbdf());
    if (bus == function.bridge().firstBus()) {
      return null;
    }
    for (PciFunction candidate : all()) {
      if (candidate.bridge() == function.bridge() && Sbdf.bus(candidate.sbdf()) < bus && bridge(candidate)
          && candidate.read(Header.SECONDARY, 1) == bus) {
        return candidate;
      }
    }
    return null;
  }

  /** Whether a function is the only one that is known on its bus. */
  boolean alone(PciFunction function) {
    return registry.all().stream().noneMatch(k -> k.sbdf != function.sbdf() && k.sbdf >>> 8 == function.sbdf() >>> 8);
  }

  private static boolean separates(PciFunction function) {
    int acs = Capabilities.extended(function, Capabilities.ACS);
    return acs != 0 && (function.read(acs + ACS_CAPABILITY, 2) & REDIRECT) == REDIRECT;
  }

  /** Has everything above a function send requests up, where the SMMU sees them, not across. */
  void redirect(PciFunction function) {
    for (PciFunction at = function; at != null; at = above(at)) {
      int acs = Capabilities.extended(at, Capabilities.ACS);
      if (acs != 0) {
        at.write(acs + ACS_CONTROL, 2, at.read(acs + ACS_CONTROL, 2) | at.read(acs + ACS_CAPABILITY, 2) & REDIRECT);
      }
    }
  }

  /** Its device's functions reach each other: there are several, and this one doesn't redirect. */
  private boolean mixed(PciFunction function) {
    boolean several = Header.severalFunctions(function.read(Header.TYPE, 1))
        || registry.all().stream().anyMatch(k -> k.sbdf != function.sbdf() && k.sbdf >>> 3 == function.sbdf() >>> 3);
    return several && !separates(function);
  }

  /**
   * What a function shares with those that reach each other without the SMMU: the topmost bridge on its way that doesn't redirect, else
   * itself; the whole device of either if its functions reach each other.
   */
  private int isolation(PciFunction function) {
    PciFunction shared = function;
    for (PciFunction bridge = above(function); bridge != null; bridge = above(bridge)) {
      if (!separates(bridge)) {
        shared = bridge;
      }
    }
    return mixed(shared) ? shared.sbdf() & ~7 : shared.sbdf();
  }

  /** Addresses of the endpoints that go together with a function, ascending; at least its own. Bridges stay Dom0's. */
  List<Integer> group(PciFunction function) {
    List<PciFunction> endpoints = all().stream().filter(Topology::endpoint).toList();
    TreeSet<Integer> group = new TreeSet<>(Integer::compareUnsigned);
    group.add(function.sbdf());
    List<PciFunction> look = new ArrayList<>(List.of(function));
    while (!look.isEmpty()) {
      PciFunction member = look.removeLast();
      int isolation = isolation(member);
      List<IommuStream> streams = iommu.streams(member.bridge(), member.rid());
      for (PciFunction other : endpoints) {
        if (!group.contains(other.sbdf()) && (other.bridge() == member.bridge() && isolation(other) == isolation
            || iommu.streams(other.bridge(), other.rid()).stream().anyMatch(streams::contains))) {
          group.add(other.sbdf());
          look.add(other);
        }
      }
    }
    return List.copyOf(group);
  }
}
