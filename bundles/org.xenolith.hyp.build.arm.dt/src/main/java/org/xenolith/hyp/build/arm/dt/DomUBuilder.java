// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.arm.kit.ArmHost;
import org.xenolith.hyp.arm.kit.ArmKernelImage;
import org.xenolith.hyp.arm.kit.BuildRefusals;
import org.xenolith.hyp.arm.kit.DomUMap;
import org.xenolith.hyp.arm.kit.DomUMemory;
import org.xenolith.hyp.arm.kit.ExtendedRegions;
import org.xenolith.hyp.arm.kit.GuestSeed;
import org.xenolith.hyp.arm.kit.GuestTables;
import org.xenolith.hyp.arm.kit.HypervisorFacts;
import org.xenolith.hyp.arm.kit.PlacedKernel;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.arm.kit.VcpuAffinity;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.build.kit.ServiceRings;
import org.xenolith.machine.api.DeviceContext;

/**
 * Builds a domain that sees no hardware of the host, with pages and ports for its console and its store, whose other end
 * is the service domain.
 *
 * <p>Option {@code vuart}: {@code sbsa_uart} gives it a serial port at {@link DomUMap#UART}. Option {@code pci}: {@code 1} gives it a virtual
 * PCI host bridge, and an ITS if the machine's is driven, or a share of its message frame if there is one left. Option
 * {@link DomainImage#MOST_TREE} is kept to; with {@link DomainImage#FIRMWARE} a GICv2 has other names, and with {@code acpi} there are tables
 * besides, which the firmware hands on.
 */
final class DomUBuilder implements DomainBuilder {
  /** As {@code arm.dt.domu} this builder is asked for. */
  static final String NAME = "arm.dt.domu";
  private static final String VUART = "vuart";
  private static final String PCI = "pci";
  private static final String ACPI = "acpi";
  private static final String SBSA_UART = "sbsa_uart";

  private final DeviceContext context;
  private final BuildPorts ports;
  private final ArmHost arm;
  private final ServiceRings rings;

  DomUBuilder(DeviceContext context, BuildPorts ports) {
    this.context = context;
    this.ports = ports;
    arm = ArmHost.of(context, ports);
    rings = new ServiceRings(context);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "a guest with a devicetree, from an arm64 Image";
  }

  @Override
  public Optional<String> refusal(DomainSpec spec, DomainImage image) {
    return BuildRefusals.of(spec, DomainSpec.Kind.DOMU, "it builds guests only", image).or(() -> {
      if (!isOn(image, ACPI)) {
        return Optional.empty();
      }
      if (!isOn(image, DomainImage.FIRMWARE)) {
        return Optional.of("it describes guests by device tree, and the domain is to be described by ACPI");
      }
      return isOn(image, PCI) || image.options().containsKey(VUART) ? Optional.of(
          "its tables have no PCI host bridge and no serial port: leave out pci and vuart, or acpi") : Optional.empty();
    });
  }

  private static boolean isOn(DomainImage image, String option) {
    return "1".equals(image.options().get(option));
  }

  @Override
  public Domain build(int id, DomainSpec spec, DomainImage image) {
    return NewDomain.build(context, id, spec, made -> furnish(made, spec, image));
  }

  private void furnish(NewDomain made, DomainSpec spec, DomainImage image) {
    Domain domain = made.domain();
    ArmKernelImage kernel = ArmKernelImage.of(image).on(arm.cpu(), BuildRefusals::granules);
    List<FdtWindow> banks = DomUMemory.give(made, ports, image.memory()).banks();
    Optional<DomUPci> pci = isOn(image, PCI) ? Optional.of(pci(domain, banks)) : Optional.empty();
    DomUFacts facts = facts(spec, image, banks, image.ramdisk().length == 0 ? Optional.empty()
        : Optional.of(new FdtWindow(0, image.ramdisk().length)), domain, pci);
    Optional<GuestTables> tables = isOn(image, ACPI) ? Optional.of(GuestTables.of(VcpuAffinity.of(spec.vcpus()), facts.gic(), DomUMap.ACPI
        .base())) : Optional.empty();
    tables.ifPresent(acpi -> {
      DomUMemory.populate(made, ports, acpi.pages());
      made.copy(acpi.rsdp(), acpi.bytes(), "ACPI tables");
    });
    // the tree's size doesn't depend on the addresses in it
    int treeSize = tree(facts, image, tables).length;
    requireRoom(treeSize, image);
    PlacedKernel placed = PlacedKernel.in(banks, kernel, treeSize, image.ramdisk().length);
    DomUMemory.connect(made, rings);
    placed.load(made, image, tree(facts(spec, image, banks, placed.modules().initrd(), domain, pci), image, tables));
  }

  /** For firmware a GICv2 has the names that Xen's tools give it: edk2 doesn't know the one that Xen itself gives. */
  private static byte[] tree(DomUFacts facts, DomainImage image, Optional<GuestTables> tables) {
    Fdt tree = tables.map(acpi -> DomUTree.of(facts).edit("/chosen", chosen -> chosen.withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(acpi.module()))).orElseGet(() -> DomUTree.of(facts));
    if (isOn(image, DomainImage.FIRMWARE) && facts.gic().version() == 2) {
      tree = tree.edit("/interrupt-controller@" + Long.toHexString(facts.gic().distributor()), gic -> gic.withProperty(FdtProperty
          .ofStrings(
              "compatible", "arm,cortex-a15-gic", "arm,cortex-a9-gic")));
    }
    return FdtWriter.write(tree);
  }

  /** Firmware that copies the tree to a place of its own may look for no end of it. */
  private static void requireRoom(int treeSize, DomainImage image) {
    String most = image.options().get(DomainImage.MOST_TREE);
    if (most != null && treeSize > Integer.parseInt(most)) {
      throw new IllegalArgumentException("the firmware has room for a devicetree of " + most + " bytes, and the domain's has " + treeSize
          + "; give the domain fewer vCPUs");
    }
  }

  private DomUPci pci(Domain domain, List<FdtWindow> banks) {
    VirtualPci.Bridge bridge = ports.pci().bridge(domain);
    DomUPci pci = new DomUPci(Dom0Builder.window(bridge.ecam()), Dom0Builder.window(bridge.memory()),
        Dom0Builder.window(bridge.prefetchable()),
        Optional.ofNullable(ports.messages().its(domain)).map(its -> Dom0Builder.window(its.registers())),
        Optional.ofNullable(ports.shares().share(domain))
            .map(f -> new V2mFrame(f.registers().base(), f.first(), f.count())));
    for (FdtWindow bank : banks) {
      pci.windows().stream().filter(w -> w.base() < bank.base() + bank.size() && bank.base() < w.base() + w.size())
          .findFirst().ifPresent(w -> {
            throw new IllegalArgumentException("the domain's virtual PCI window at 0x" + Long.toHexString(w.base())
                + " lies in its RAM; give the domain less memory");
          });
    }
    return pci;
  }

  private DomUFacts facts(DomainSpec spec, DomainImage image, List<FdtWindow> banks, Optional<FdtWindow> initrd,
      Domain domain, Optional<DomUPci> pci) {
    List<FdtWindow> taken = Stream.concat(banks.stream(), pci.stream().flatMap(p -> p.windows().stream())).toList();
    HypervisorFacts hypervisor = new HypervisorFacts(Dom0Builder.XEN_VERSION, DomUMap.GRANT_WINDOW,
        ExtendedRegions.of(DomUMap.RAM, taken), spec.eventInterrupt());
    return new DomUFacts(Optional.of(hypervisor), banks,
        Optional.of(image.commandLine()).filter(a -> !a.isEmpty()), initrd, Optional.of(GuestSeed.of(spec)), cpuCompatible(),
        VcpuAffinity.of(spec.vcpus()), arm.gic().facts(domain),
        SBSA_UART.equals(image.options().get(VUART)), pci);
  }

  private String cpuCompatible() {
    return ports.domains().platform().cpus().stream().flatMap(c -> c.property("compatible").stream())
        .filter(FdtProperty::looksLikeStrings).map(p -> p.strings().getFirst()).findFirst().orElse("arm,armv8");
  }
}
