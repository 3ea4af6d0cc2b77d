// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/** PCI functions that domains are given. Whose a function is, the role {@code pci} knows: nothing is kept here. */
final class PassedFunctions {
  private final Toolstack tools;
  private final PciDevicesPort devices;
  private final VirtualPciPort bridges;

  PassedFunctions(Toolstack tools, DeviceContext context) {
    this.tools = tools;
    devices = context.port(PciDevicesPort.class);
    bridges = context.port(VirtualPciPort.class);
  }

  /**
   * Gives a function to a domain.
   *
   * @throws HypervisorException if that can't be; the function stays whose it was
   */
  void attach(Domain domain, PciSpec spec) {
    if (domain.kind() != DomainSpec.Kind.DOMU) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, domain.name() + " takes no functions: they are given to guests");
    }
    PciFunction function = known(spec.sbdf());
    if (bridges.facts(domain) == null) {
      throw new HypervisorException(-XenErrno.XEN_ENODEV, domain.name() + " has no PCI host bridge: write pci = [ ] in its "
          + "configuration and create it again");
    }
    Domain owner = guest(function);
    if (owner != null) {
      throw new HypervisorException(-XenErrno.XEN_EBUSY, Sbdf.text(spec.sbdf()) + " belongs to " + owner.name()
          + " already; detach it first: xl pci-detach " + owner.name() + " " + Sbdf.text(spec.sbdf()));
    }
    if (!function.assignable()) {
      throw new HypervisorException(-XenErrno.XEN_EBUSY, Sbdf.text(spec.sbdf()) + " isn't set aside for guests; have Dom0's driver "
          + "let go of it, then: xl pci-assignable-add " + Sbdf.text(spec.sbdf()));
    }
    devices.assign(spec.sbdf(), domain, spec.slot());
  }

  /** Takes a function from the domain that has it. */
  void detach(Domain domain, int sbdf) {
    if (known(sbdf).owner() != domain.serial() || domain.kind() != DomainSpec.Kind.DOMU) {
      throw new HypervisorException(-XenErrno.XEN_ENOENT, domain.name() + " was given no function " + Sbdf.text(sbdf)
          + "; it has " + names(given(domain)));
    }
    devices.deassign(sbdf, domain);
  }

  /** Sets a function aside for guests, or takes that back. */
  void assignable(int sbdf, boolean on) {
    known(sbdf);
    devices.assignable(sbdf, on);
  }

  /** As {@code xl pci-assignable-list} writes it. */
  String assignable() {
    return devices.functions().stream().filter(f -> f.assignable() && guest(f) == null).map(f -> Sbdf.text(f.sbdf()) + "\n")
        .collect(Collectors.joining());
  }

  /** As {@code xl pci-list} writes it. */
  String list(Domain domain) {
    return "Vdev Device\n" + given(domain).stream().map(f -> "%02x.%x %s%n".formatted(f.guestSbdf() >>> 3 & 0x1F,
        f.guestSbdf() & 7, Sbdf.text(f.sbdf()))).collect(Collectors.joining());
  }

  private List<PciFunction> given(Domain domain) {
    return domain.kind() != DomainSpec.Kind.DOMU ? List.of()
        : devices.functions().stream().filter(f -> f.owner() == domain.serial()).toList();
  }

  /** The guest that has a function; null if none has. */
  private Domain guest(PciFunction function) {
    return tools.all().stream().filter(d -> d.kind() == DomainSpec.Kind.DOMU && d.serial() == function.owner()).findFirst().orElse(null);
  }

  private PciFunction known(int sbdf) {
    if (!devices.present()) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "nobody knows PCI functions: install a bundle with the subsystem pci");
    }
    PciFunction function = devices.at(sbdf);
    if (function == null) {
      throw new HypervisorException(-XenErrno.XEN_ENODEV, "there is no PCI function " + Sbdf.text(sbdf) + "; Dom0 has found "
          + names(devices.functions()));
    }
    return function;
  }

  private static String names(List<PciFunction> functions) {
    return functions.isEmpty() ? "none" : functions.stream().map(f -> Sbdf.text(f.sbdf())).collect(Collectors.joining(", "));
  }
}
