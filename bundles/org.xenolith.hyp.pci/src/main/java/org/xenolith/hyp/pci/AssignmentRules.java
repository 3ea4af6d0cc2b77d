// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.RequesterId;
import org.xenolith.xen.abi.XenErrno;

/** What must be so before a function goes to a domain that isn't trusted. */
final class AssignmentRules {
  private static final int DEVICES = 32;

  private final DeviceContext context;
  private final Registry registry;
  private final Topology topology;
  private final FunctionReset resets;
  private final IommusPort iommu;
  private final DeviceMessagesPort messages;
  private final MessageSharesPort shares;
  private final VirtualPciPort vpci;
  private final boolean unsafeMessages;
  private final boolean strictXen;

  AssignmentRules(DeviceContext context, Registry registry, Topology topology, FunctionReset resets) {
    this.context = context;
    this.registry = registry;
    this.topology = topology;
    this.resets = resets;
    iommu = context.port(IommusPort.class);
    messages = context.port(DeviceMessagesPort.class);
    shares = context.port(MessageSharesPort.class);
    vpci = context.port(VirtualPciPort.class);
    unsafeMessages = context.options().flag(PciDevicesComponent.UNSAFE_MSI);
    strictXen = context.options().flag(PciDevicesComponent.STRICT_XEN);
  }

  static HypervisorException refusal(int errno, int sbdf, String why) {
    return new HypervisorException(-errno, Sbdf.text(sbdf) + ": " + why);
  }

  boolean strictXen() {
    return strictXen;
  }

  /** The function at an address. @throws HypervisorException if none is known there that a driver reaches */
  PciFunction known(int sbdf) {
    Known known = registry.at(sbdf);
    PciFunction function = known == null ? null : registry.function(known);
    if (function == null) {
      throw refusal(XenErrno.XEN_ENODEV, sbdf, "the hypervisor knows no such function: Dom0 must have told of it");
    }
    if (!function.bridge().covers(Sbdf.bus(sbdf))) {
      throw refusal(XenErrno.XEN_ENODEV, sbdf, "no driver for its host bridge " + function.bridge().node().path()
          + ": install a bundle with a subsystem pcihost that serves " + function.bridge().node().compatible());
    }
    return function;
  }

  /** Bridges are Dom0's: who has one has what is behind it. */
  static void endpoint(PciFunction function) {
    if (!Topology.endpoint(function)) {
      throw refusal(XenErrno.XEN_EINVAL, function.sbdf(), "it isn't an endpoint: bridges stay Dom0's");
    }
  }

  /** @param target serial of who is to have it, 0 if that isn't said; members of its group may be its own already */
  void check(int sbdf, Domain hardware, int target) {
    PciFunction function = known(sbdf);
    if (hardware == null || function.owner() != hardware.serial()) {
      throw refusal(XenErrno.XEN_EBUSY, sbdf, function.owner() == 0 ? "it is in quarantine: set it aside again"
          : "another domain has it");
    }
    endpoint(function);
    if (!strictXen) {
      setAside(function, hardware, target);
      if (resets.way(function) == FunctionReset.Way.NONE) {
        throw refusal(XenErrno.XEN_EOPNOTSUPP, sbdf, "it can't be reset, neither by itself nor with its bus (others are on it, or no"
            + " bridge is above): the domain would have what the one before left in it");
      }
    }
    if (!iommu.covers(function.bridge(), function.rid())) {
      throw refusal(XenErrno.XEN_ENODEV, sbdf, "no SMMU stands between it and memory: a domain that had it could reach all of the"
          + " machine's");
    }
    if (isolated(function)) {
      return;
    }
    if (!unsafeMessages) {
      throw refusal(XenErrno.XEN_EPERM, sbdf, "nothing tells whose its messages are (" + controller(function)
          + "): a domain that had it could raise interrupts of others; allow that with " + PciDevicesComponent.UNSAFE_MSI + "=true");
    }
    if (!shares.covers(function.bridge(), function.rid())) {
      throw refusal(XenErrno.XEN_EOPNOTSUPP, sbdf, "its messages would be lost (" + controller(function) + "): with "
          + PciDevicesComponent.UNSAFE_MSI
          + "=true a domain has a share of a frame of messages that has more than 16 interrupts, or of a controller"
          + " apm,xgene1-msi, and of nothing else");
    }
  }

  /** Whether the messages of a function are told from those of others. */
  private boolean isolated(PciFunction function) {
    return messages.device(function.bridge(), function.rid()).isPresent() || iommu.guardsMessages(function.bridge(), function.rid());
  }

  private void setAside(PciFunction function, Domain hardware, int target) {
    if (!function.assignable()) {
      throw refusal(XenErrno.XEN_EPERM, function.sbdf(), "it isn't set aside for domains: xl pci-assignable-add "
          + Sbdf.text(function.sbdf()));
    }
    for (int member : topology.group(function)) {
      Known other = registry.at(member);
      if (!other.assignable) {
        throw refusal(XenErrno.XEN_EPERM, function.sbdf(), Sbdf.text(member) + " goes with it, as nothing keeps them apart, and isn't set"
            + " aside for domains: xl pci-assignable-add " + Sbdf.text(member));
      }
      if (other.owner != hardware.serial() && (target == 0 || other.owner != target)) {
        throw refusal(XenErrno.XEN_EBUSY, function.sbdf(), Sbdf.text(member) + " goes with it, as nothing keeps them apart, and another"
            + " domain has that");
      }
    }
  }

  /** Who takes the messages of a function's, for people. */
  private String controller(PciFunction function) {
    String unnamed = "its host bridge names no controller for them";
    try {
      return RequesterId.message(context.platform(), function.bridge().node(), function.rid()).map(RequesterId::at)
          .map(c -> "they go to " + c.path() + ", " + Stream.concat(c.compatible().stream(), Stream.of("?")).findFirst().get()
              + ", which the hypervisor doesn't drive or which can't tell devices apart").orElse(unnamed);
    } catch (PlatformException broken) {
      return unnamed;
    }
  }

  /** The domain can have one. */
  void host(int sbdf, Domain domain) {
    if (domain.kind() != DomainSpec.Kind.DOMU) {
      throw refusal(XenErrno.XEN_EINVAL, sbdf, "domain " + domain.id() + " is no guest");
    }
    if (domain.state() == DomainState.DYING) {
      throw refusal(XenErrno.XEN_EINVAL, sbdf, "domain " + domain.id() + " is being destroyed");
    }
    if (vpci.facts(domain) == null) {
      throw refusal(XenErrno.XEN_EOPNOTSUPP, sbdf, "domain " + domain.id() + " has no virtual PCI bus: it gets one if its configuration"
          + " has pci=[...]");
    }
    if (!isolated(known(sbdf)) && shares.facts(domain) == null) {
      throw refusal(XenErrno.XEN_EBUSY, sbdf, "domain " + domain.id() + " has no share of what takes messages: there is one, and another"
          + " domain got it when it was created");
    }
  }

  /** The address on a domain's virtual bus. @param slot devfn, or -1 for the next free one */
  int place(int sbdf, Domain domain, int slot) {
    if (slot < -1 || slot >= DEVICES << 3 || slot > 0 && (slot & 7) != 0) {
      throw refusal(XenErrno.XEN_EINVAL, sbdf, "slot " + slot + ": expected function 0 of a device 0 to 31, or -1");
    }
    Set<Integer> taken = new HashSet<>();
    registry.of(domain.serial()).forEach(f -> taken.add(f.guestSbdf));
    if (slot >= 0) {
      if (taken.contains(slot)) {
        throw refusal(XenErrno.XEN_EBUSY, sbdf, "slot " + Sbdf.text(slot) + " of domain " + domain.id() + " is taken");
      }
      return slot;
    }
    for (int device = 0; device < DEVICES; device++) {
      if (!taken.contains(device << 3)) {
        return device << 3;
      }
    }
    throw refusal(XenErrno.XEN_ENOSPC, sbdf, "all 32 slots of domain " + domain.id() + " are taken");
  }
}
