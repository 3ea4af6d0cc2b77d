// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.PciDevices;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.XenErrno;

/** The functions that are known. All are the hardware domain's, but for those that it set aside and that were given to others. */
final class PciSubsystem implements DeviceModel, PciDevices, DomainListener {
  private static final int LAST_RESET_KIND = 3;

  private final DeviceState state = new DeviceState();
  private final PciDevicesPort port;
  private final DomainsPort domains;
  private final HostBridgesPort bridges;
  private final VirtualPciPort vpci;
  private final HypervisorLogPort log;
  private final Registry registry;
  private final Topology topology;
  private final AssignmentRules rules;
  private final Handover handover;
  private final boolean scans;

  PciSubsystem(DeviceContext context, boolean scans) {
    this.scans = scans;
    bridges = context.port(HostBridgesPort.class);
    vpci = context.port(VirtualPciPort.class);
    log = context.port(HypervisorLogPort.class);
    registry = new Registry(state, bridges);
    topology = new Topology(registry, context.port(IommusPort.class));
    FunctionReset resets = new FunctionReset(topology);
    rules = new AssignmentRules(context, registry, topology, resets);
    handover = new Handover(context, registry, resets);
    domains = context.port(DomainsPort.class);
    domains.listen(this, context);
    port = context.port(PciDevicesPort.class);
    port.attach(this, context);
  }

  /** The hardware domain; null if there is none. */
  private Domain hardware() {
    Domains core = domains.domains();
    if (core != null) {
      for (Domain domain : core.all()) {
        if (domain.kind() == DomainSpec.Kind.DOM0 && domain.state() != DomainState.DYING) {
          return domain;
        }
      }
    }
    return null;
  }

  // ---- what is known

  @Override
  public int add(int sbdf, int flags, int physical) {
    Domain hardware = hardware();
    HostBridgePort bridge = bridges.of(sbdf);
    Known old = registry.at(sbdf);
    if (old != null && old.owner != 0) {
      return 0;
    }
    if (bridge == null || hardware == null) {
      return -XenErrno.XEN_ENODEV;
    }
    Known known = old != null ? old : new Known(sbdf, bridge.node().path(), flags, physical);
    registry.add(known);
    try {
      topology.redirect(registry.function(known));
      handover.give(known, hardware, sbdf);
      log.add("PCI: " + Sbdf.text(sbdf) + " is domain " + hardware.id() + "'s");
      return 0;
    } catch (HypervisorException e) {
      log.add("PCI: " + e.getMessage());
      handover.take(known);
      known.owner = 0;
      if (old == null) {
        registry.remove(known);
      }
      return e.errno();
    }
  }

  @Override
  public int remove(int sbdf) {
    Known known = registry.at(sbdf);
    if (known == null) {
      return -XenErrno.XEN_ENODEV;
    }
    Domain hardware = hardware();
    if (hardware != null && known.owner == hardware.serial()) {
      handover.take(known);
    } else {
      handover.takeAndClean(known);
    }
    registry.remove(known);
    log.add("PCI: " + Sbdf.text(sbdf) + " is gone");
    return 0;
  }

  @Override
  public int reset(int sbdf, int kind) {
    PciFunction function = at(sbdf);
    if (kind < 0 || kind > LAST_RESET_KIND) {
      return -XenErrno.XEN_EINVAL;
    }
    if (function == null) {
      return -XenErrno.XEN_ENODEV;
    }
    vpci.reset(function);
    return 0;
  }

  @Override
  public void ready(HostBridgePort bridge) {
    if (scans) {
      BusScan.scan(bridge, sbdf -> add(sbdf, 0, 0));
    }
  }

  @Override
  public List<PciFunction> functions() {
    List<PciFunction> functions = new ArrayList<>();
    for (Known known : registry.all()) {
      PciFunction function = registry.function(known);
      if (function != null) {
        functions.add(function);
      }
    }
    return functions;
  }

  @Override
  public PciFunction at(int sbdf) {
    Known known = registry.at(sbdf);
    return known == null ? null : registry.function(known);
  }

  @Override
  public List<Integer> group(int sbdf) {
    PciFunction function = at(sbdf);
    return function == null ? List.of(sbdf) : topology.group(function);
  }

  // ---- whose they are

  @Override
  public void assignable(int sbdf, boolean on) {
    PciFunction function = rules.known(sbdf);
    AssignmentRules.endpoint(function);
    Known known = registry.at(sbdf);
    Domain hardware = hardware();
    if (known.owner == 0 && on && !handover.giveBack(known, hardware)) {
      throw AssignmentRules.refusal(XenErrno.XEN_EBUSY, sbdf, "it is in quarantine and stays there: xl dmesg says why");
    }
    if (known.owner != 0 && (hardware == null || known.owner != hardware.serial())) {
      throw AssignmentRules.refusal(XenErrno.XEN_EBUSY, sbdf, "a domain has it: take it from there first (xl pci-detach)");
    }
    known.assignable = on;
    log.add("PCI: " + Sbdf.text(sbdf) + (on ? " is set aside for domains" : " is Dom0's own again"));
  }

  @Override
  public void testAssign(int sbdf) {
    rules.check(sbdf, hardware(), 0);
  }

  @Override
  public int assign(int sbdf, Domain domain, int slot) {
    try {
      Domain hardware = hardware();
      rules.check(sbdf, hardware, domain.serial());
      rules.host(sbdf, domain);
      int place = rules.place(sbdf, domain, slot);
      handover.move(registry.at(sbdf), hardware, domain, place, !rules.strictXen());
      log.add("PCI: " + Sbdf.text(sbdf) + " is domain " + domain.id() + "'s, as " + Sbdf.text(place));
      return place;
    } catch (HypervisorException e) {
      log.add("PCI: not given to domain " + domain.id() + ": " + e.getMessage());
      throw e;
    }
  }

  @Override
  public void deassign(int sbdf, Domain domain) {
    try {
      PciFunction function = rules.known(sbdf);
      if (function.owner() != domain.serial() || domain.kind() == DomainSpec.Kind.DOM0) {
        throw AssignmentRules.refusal(XenErrno.XEN_ENODEV, sbdf, "domain " + domain.id() + " wasn't given it");
      }
      if (!handover.giveBack(registry.at(sbdf), hardware())) {
        throw AssignmentRules.refusal(XenErrno.XEN_EIO, sbdf, "domain " + domain.id() + " has it no more, but it is in quarantine");
      }
      log.add("PCI: " + Sbdf.text(sbdf) + " is back from domain " + domain.id());
    } catch (HypervisorException e) {
      log.add("PCI: " + e.getMessage());
      throw e;
    }
  }

  // ---- domains come and go

  @Override
  public void started(Domain domain) {
    if (scans && domain.kind() == DomainSpec.Kind.DOM0) {
      bridges.all().forEach(this::ready);
    }
  }

  @Override
  public void destroyed(Domain domain) {
    for (Known known : registry.of(domain.serial())) {
      if (domain.kind() == DomainSpec.Kind.DOM0) {
        handover.quarantine(known, "there is no hardware domain");
      } else if (registry.function(known) != null) {
        comeBack(known);
      }
    }
  }

  private void comeBack(Known known) {
    if (handover.giveBack(known, hardware())) {
      log.add("PCI: " + Sbdf.text(known.sbdf) + " is back from a domain that is gone");
    }
  }

  // ---- the model's life

  @Override
  public DeviceState state() {
    return state;
  }

  /** Domains may have gone while nobody was here to hear of it. */
  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core == null) {
      return;
    }
    for (Known known : registry.all()) {
      if (known.owner != 0 && registry.function(known) != null && core.all().stream().noneMatch(d -> d.serial() == known.owner)) {
        comeBack(known);
      }
    }
  }

  @Override
  public void removed() {
    domains.forget(this);
    port.detach(this);
  }
}
