// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.IommuStream;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/** How a function changes hands: memory, messages, what is seen of it, in this order; and back. */
final class Handover {
  private final Registry registry;
  private final FunctionReset resets;
  private final IommusPort iommu;
  private final DeviceMessagesPort messages;
  private final VirtualPciPort vpci;
  private final HypervisorLogPort log;

  Handover(DeviceContext context, Registry registry, FunctionReset resets) {
    this.registry = registry;
    this.resets = resets;
    iommu = context.port(IommusPort.class);
    messages = context.port(DeviceMessagesPort.class);
    vpci = context.port(VirtualPciPort.class);
    log = context.port(HypervisorLogPort.class);
  }

  /**
   * A function that nobody sees becomes a domain's.
   *
   * @throws HypervisorException if a step fails: earlier ones stay, for the next owner's to replace
   */
  void give(Known known, Domain domain, int guestSbdf) {
    PciFunction function = registry.function(known);
    if (iommu.covers(function.bridge(), function.rid())) {
      check(known, attach(known, domain), "the SMMU's driver doesn't take it");
    }
    OptionalInt device = messages.device(function.bridge(), function.rid());
    if (device.isPresent()) {
      int guestDevice = domain.directMapped() ? device.getAsInt() : Sbdf.rid(guestSbdf);
      check(known, messages.give(device.getAsInt(), domain, guestDevice), "the ITS's driver doesn't take it");
    }
    known.owner = domain.serial();
    known.guestSbdf = guestSbdf;
    check(known, vpci.plug(registry.function(known), domain), "virtual PCI doesn't take it");
  }

  /**
   * Lets a function reach a domain's memory. Functions with the same stream reach the same: while a guest has one of them, those of the
   * hardware domain reach nothing of its.
   */
  private int attach(Known known, Domain domain) {
    PciFunction function = registry.function(known);
    List<Known> mates = mates(known);
    if (!domain.directMapped()) {
      for (Known mate : mates) {
        if (mate.owner != domain.serial()) {
          iommu.detach(registry.function(mate).bridge(), Sbdf.rid(mate.sbdf));
        }
      }
    } else if (mates.stream().anyMatch(mate -> mate.owner != 0 && mate.owner != domain.serial())) {
      iommu.detach(function.bridge(), function.rid());
      return 0;
    }
    int result = iommu.attach(function.bridge(), function.rid(), domain);
    if (result == 0 && domain.directMapped()) {
      for (Known mate : mates) {
        if (mate.owner == domain.serial()) {
          iommu.attach(registry.function(mate).bridge(), Sbdf.rid(mate.sbdf), domain);
        }
      }
    }
    return result;
  }

  /** Other functions with one of its streams. */
  private List<Known> mates(Known known) {
    PciFunction function = registry.function(known);
    List<IommuStream> streams = iommu.streams(function.bridge(), function.rid());
    List<Known> mates = new ArrayList<>();
    for (Known other : registry.all()) {
      PciFunction mate = registry.function(other);
      if (other.sbdf != known.sbdf && mate != null && iommu.streams(mate.bridge(), mate.rid()).stream().anyMatch(streams::contains)) {
        mates.add(other);
      }
    }
    return mates;
  }

  private static void check(Known known, int result, String what) {
    if (result != 0) {
      throw new HypervisorException(result, Sbdf.text(known.sbdf) + ": " + what + " (" + result + ")");
    }
  }

  /** Gives a function from one domain to another: it is reset between. If that fails it is the first one's again. */
  void move(Known known, Domain from, Domain to, int guestSbdf, boolean mustReset) {
    int before = known.guestSbdf;
    vpci.unplug(registry.function(known));
    try {
      if (!resets.reset(registry.function(known)) && mustReset) {
        throw new HypervisorException(-XenErrno.XEN_EIO, Sbdf.text(known.sbdf) + ": it doesn't come back from its reset");
      }
      give(known, to, guestSbdf);
    } catch (HypervisorException e) {
      restore(known, from, before);
      throw e;
    }
  }

  private void restore(Known known, Domain owner, int guestSbdf) {
    try {
      give(known, owner, guestSbdf);
    } catch (HypervisorException e) {
      quarantine(known, e.getMessage());
    }
  }

  /**
   * A function goes back from a domain to the hardware domain, or to nobody.
   *
   * @param hardware the hardware domain, or null
   * @return whether the hardware domain has it
   */
  boolean giveBack(Known known, Domain hardware) {
    vpci.unplug(registry.function(known));
    if (!resets.reset(registry.function(known))) {
      quarantine(known, "it can't be reset");
      return false;
    }
    if (hardware == null) {
      quarantine(known, "there is no hardware domain");
      return false;
    }
    try {
      give(known, hardware, known.sbdf);
      return true;
    } catch (HypervisorException e) {
      quarantine(known, e.getMessage());
      return false;
    }
  }

  /** Nobody has a function any more: it reaches nothing and raises nothing. */
  void quarantine(Known known, String why) {
    take(known);
    known.owner = 0;
    known.guestSbdf = known.sbdf;
    log.add("PCI: " + Sbdf.text(known.sbdf) + " is in quarantine: " + why);
  }

  /** Takes a function from whoever has it. */
  void take(Known known) {
    PciFunction function = registry.function(known);
    if (function == null) {
      return;
    }
    vpci.unplug(function);
    messages.device(function.bridge(), function.rid()).ifPresent(messages::take);
    if (iommu.covers(function.bridge(), function.rid())) {
      iommu.detach(function.bridge(), function.rid());
    }
  }

  /**
   * Takes a function that a guest had from whoever has it. If it still answers it is reset: the hardware domain may find it again, and
   * mustn't find what the guest chose.
   */
  void takeAndClean(Known known) {
    take(known);
    PciFunction function = registry.function(known);
    if (function != null && function.read(0, 4) != -1 && !resets.reset(function)) {
      log.add("PCI: " + Sbdf.text(known.sbdf) + " is left as its domain left it: it can't be reset");
    }
  }
}
