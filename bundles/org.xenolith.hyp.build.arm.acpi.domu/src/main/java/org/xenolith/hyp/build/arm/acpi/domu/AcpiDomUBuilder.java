// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import java.util.Optional;
import org.xenolith.efi.api.GuestServicesPort;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.arm.kit.ArmHost;
import org.xenolith.hyp.arm.kit.ArmKernelImage;
import org.xenolith.hyp.arm.kit.BuildRefusals;
import org.xenolith.hyp.arm.kit.DomUMap;
import org.xenolith.hyp.arm.kit.DomUMemory;
import org.xenolith.hyp.arm.kit.GuestSeed;
import org.xenolith.hyp.arm.kit.GuestTables;
import org.xenolith.hyp.arm.kit.PlacedKernel;
import org.xenolith.hyp.arm.kit.VcpuAffinity;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.build.kit.ServiceRings;
import org.xenolith.machine.api.DeviceContext;

/** Builds a domain that sees no hardware of the host and is described by ACPI: option {@code acpi} = {@code 1}. */
final class AcpiDomUBuilder implements DomainBuilder {
  /** As {@code arm.acpi.domu} this builder is asked for. */
  static final String NAME = "arm.acpi.domu";

  private final DeviceContext context;
  private final BuildPorts ports;
  private final ArmHost arm;
  private final ServiceRings rings;
  private final GuestServicesPort services;

  AcpiDomUBuilder(DeviceContext context, BuildPorts ports) {
    this.context = context;
    this.ports = ports;
    arm = ArmHost.of(context, ports);
    rings = new ServiceRings(context);
    services = context.port(GuestServicesPort.class);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "a guest with ACPI tables, from an arm64 Image";
  }

  @Override
  public Optional<String> refusal(DomainSpec spec, DomainImage image) {
    return BuildRefusals.of(spec, DomainSpec.Kind.DOMU, "it builds guests only", image).or(() -> {
      if (!"1".equals(image.options().get("acpi"))) {
        return Optional.of("it describes guests by ACPI: ask for that with acpi = 1");
      }
      if ("1".equals(image.options().get(DomainImage.FIRMWARE))) {
        return Optional.of("what it builds has no tree for firmware; the builder by device tree gives firmware tables, too");
      }
      if (image.options().containsKey("pci")) {
        return Optional.of("its tables have no PCI host bridge: leave out pci, or acpi");
      }
      return image.options().containsKey("vuart") ? Optional.of("its tables have no serial port: leave out vuart, or acpi")
          : Optional.empty();
    });
  }

  @Override
  public Domain build(int id, DomainSpec spec, DomainImage image) {
    return NewDomain.build(context, id, spec, made -> furnish(made, spec, image));
  }

  private void furnish(NewDomain made, DomainSpec spec, DomainImage image) {
    ArmKernelImage kernel = ArmKernelImage.of(image).on(arm.cpu(), BuildRefusals::granules);
    DomUMemory memory = DomUMemory.give(made, ports, image.memory());
    GuestDescription description = new GuestDescription(GuestTables.of(VcpuAffinity.of(spec.vcpus()), arm.gic().facts(made.domain()),
        DomUMap.ACPI.base()), DomUMap.ACPI, memory.banks(), services.supported(), image.commandLine());
    DomUMemory.populate(made, ports, description.place());
    made.copy(description.place().base(), description.bytes(), "ACPI tables");
    description.services().ifPresent(placed -> services.placed(made.domain().serial(), placed));
    Optional<FdtWindow> initrd = image.ramdisk().length == 0 ? Optional.empty() : Optional.of(new FdtWindow(0, image.ramdisk().length));
    // the tree's size doesn't depend on the addresses in it
    PlacedKernel placed = PlacedKernel.in(memory.banks(), kernel, tree(description, spec, image, initrd).length, image
        .ramdisk().length);
    DomUMemory.connect(made, rings);
    placed.load(made, image, tree(description, spec, image, placed.modules().initrd()));
  }

  private static byte[] tree(GuestDescription description, DomainSpec spec, DomainImage image, Optional<FdtWindow> initrd) {
    return FdtWriter.write(description.tree(image.commandLine(), initrd, GuestSeed.of(spec)));
  }
}
