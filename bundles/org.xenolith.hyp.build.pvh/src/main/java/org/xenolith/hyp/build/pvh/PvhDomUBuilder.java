// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh;

import static org.xenolith.command.api.OptionName.option;

import java.util.Optional;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.build.kit.ServiceRings;
import org.xenolith.hyp.build.pvh.kit.ContainerCheck;
import org.xenolith.hyp.build.pvh.kit.ImageKernel;
import org.xenolith.hyp.build.pvh.kit.PvhContainer;
import org.xenolith.hyp.build.pvh.kit.PvhMap;
import org.xenolith.hyp.build.pvh.kit.PvhPlaces;
import org.xenolith.hyp.build.pvh.kit.PvhTables;
import org.xenolith.hyp.build.pvh.kit.StartData;
import org.xenolith.hyp.build.pvh.kit.StartPages;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.xen.abi.XenErrno;

/**
 * Builds a domain that sees no hardware of the host, from a kernel with a PVH entry: memory from 0 on, pages and ports for its console and its store, whose other end is the service domain, and a start_info
 * of version 1.
 */
final class PvhDomUBuilder implements DomainBuilder {
  /** Option of an image. */
  private static final String CONTAINER = "container";
  /** Option of an image: it gets functions of PCI. */
  private static final String PCI = "pci";

  private final DeviceContext context;
  private final P2mPort p2m;
  private final VirtualPciPort pci;
  private final ServiceRings rings;
  /** Only containers that Xen has. */
  private final boolean strict;

  PvhDomUBuilder(DeviceContext context) {
    this.context = context;
    p2m = context.port(P2mPort.class);
    pci = context.port(VirtualPciPort.class);
    rings = new ServiceRings(context);
    String containers = context.options().text(PvhBuildersComponent.CONTAINERS);
    strict = switch (containers) {
      case "xen" -> true;
      case "any" -> false;
      default -> throw new ModelException(context.instance() + ": " + PvhBuildersComponent.CONTAINERS + "=" + containers
          + ": expected xen or any");
    };
  }

  @Override
  public String name() {
    return "pvh.domu";
  }

  @Override
  public String description() {
    return "a guest that is entered by the PVH boot ABI, from a bzImage or vmlinux for x86";
  }

  @Override
  public Optional<String> refusal(DomainSpec spec, DomainImage image) {
    if (spec.kind() != DomainSpec.Kind.DOMU) {
      return Optional.of("it builds guests only");
    }
    return ImageKernel.refusal(image);
  }

  @Override
  public Domain build(int id, DomainSpec spec, DomainImage image) {
    PvhContainer container = container(spec, image);
    return NewDomain.build(context, id, spec.withEmulation(container.emulation()), made -> ImageKernel.use(image, kernel -> furnish(made,
        container, kernel, image)));
  }

  private PvhContainer container(DomainSpec spec, DomainImage image) {
    String name = image.options().getOrDefault(CONTAINER, PvhContainer.LAPIC.name());
    PvhContainer container = PvhContainer.of(name);
    if (container == null) {
      throw refused(XenErrno.XEN_EINVAL, spec, "expected " + String.join(", ", PvhContainer.names()) + ", got '" + name + "'");
    }
    int answer = strict ? EmulationFlags.answer(EmulationFlags.Guest.PVH, container.emulation()) : 0;
    if (answer != 0) {
      throw refused(-answer, spec, "Xen makes PVH guests with local APICs and nothing else, and " + name
          + " is another set; leave the key out, or allow all containers with " + option("set") + " /xenolith-hypervisor:"
          + PvhBuildersComponent.CONTAINERS
          + "=any");
    }
    if (image.options().containsKey(PCI) && !container.hasPci()) {
      throw refused(XenErrno.XEN_EOPNOTSUPP, spec, "functions of PCI need container = \"" + PvhContainer.PASSTHROUGH.name()
          + "\", and it is "
          + name + "; leave out pci, or set the key");
    }
    return container;
  }

  private static HypervisorException refused(int error, DomainSpec spec, String why) {
    return new HypervisorException(-error, "domain " + spec.name() + ": container: " + why);
  }

  private void furnish(NewDomain made, PvhContainer container, PvhKernel kernel, DomainImage image) {
    int vcpus = made.domain().vcpus().size();
    if (vcpus > 1 && !container.hasLocalApics()) {
      made.missing(
          "container %s: a kernel that counts processors by the MADT, as Linux does, uses one of its %d virtual CPUs; say vcpus = 1 or container = \"lapic\""
              .formatted(container.name(), vcpus));
    }
    Optional<VirtualPci.Bridge> bridge = container.hasPci() ? Optional.of(bridge(made)) : Optional.empty();
    PvhContainer whole = bridge.map(container::with).orElse(container);
    PvhMap map = map(PvhMap.of(image.memory(), vcpus, kernel), bridge);
    PvhPlaces places = PvhPlaces.of(kernel, image.ramdisk().length, image.commandLine(), map);
    StartData data = places.data();
    map.populated().forEach(range -> made.demand(p2m.populate(made.domain(), range.from() >>> 12, range.size() >>> 12),
        "populating 0x%x bytes at 0x%x".formatted(range.size(), range.from())));
    made.domain().memoryMap(map.e820());
    rings.connect(made, PvhMap.CONSOLE >>> 12, PvhMap.STORE >>> 12);
    StartPages pages = new StartPages(made);
    pages.kernel(kernel);
    if (image.ramdisk().length > 0) {
      made.copy(places.ramdisk(), image.ramdisk(), "initial RAM disk");
    }
    PvhTables tables = PvhTables.of(whole, vcpus, map, bridge);
    made.copy(map.rootPointer(), tables.rootPointer(), "RSDP");
    made.copy(PvhMap.TABLES, tables.tables(), "ACPI tables");
    ContainerCheck.demand(whole, vcpus, pages::read, map.rootPointer());
    pages.start(kernel, data);
  }

  private VirtualPci.Bridge bridge(NewDomain made) {
    VirtualPci.Bridge bridge = pci.bridge(made.domain());
    if (bridge == null) {
      throw new IllegalArgumentException(
          "its container has PCI, and nobody makes it a virtual host bridge: install a bundle with the subsystem vpci");
    }
    return bridge;
  }

  /** RAM has a hole from the first of the bridge's windows on. */
  private static PvhMap map(PvhMap map, Optional<VirtualPci.Bridge> bridge) {
    return bridge.map(found -> map.below(Math.min(found.memory().base(), found.ecam().base())).with(new PvhMap.Range(found.ecam().base(),
        found.ecam().size()))).orElse(map);
  }
}
