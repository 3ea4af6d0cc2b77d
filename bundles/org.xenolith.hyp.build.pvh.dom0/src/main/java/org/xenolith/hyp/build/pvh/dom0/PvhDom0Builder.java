// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.DeviceWindows;
import org.xenolith.hyp.build.kit.DirectMemory;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.build.pvh.kit.ImageKernel;
import org.xenolith.hyp.build.pvh.kit.StartData;
import org.xenolith.hyp.build.pvh.kit.StartPages;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;
import org.xenolith.xen.abi.XenErrno;
import org.xenolith.xen.abi.XenFeature;

/**
 * Builds the hardware domain from a kernel with a PVH entry: RAM at the machine's own addresses, so that what devices write reaches it without an IOMMU; the machine's devices but for those that the
 * hypervisor drives; ACPI tables; a start_info of version 0, as Xen's own builder leaves it.
 */
final class PvhDom0Builder implements DomainBuilder {
  /** The kernel can be the hardware domain. */
  private static final long XENFEAT_DOM0 = 1L << XenFeature.XENFEAT_dom0;
  private static final int PRIVILEGED = 1;
  private static final int INITIAL_DOMAIN = 2;
  private static final int SHIFT = NewDomain.PAGE_SHIFT;
  private static final int LINE_ALIGNMENT = 8;
  /** The area of the BIOS, in which firmware's tables are. */
  private static final long BIOS = 0xE_0000;
  /** What the hypervisor has for itself, or shows in another way: interrupt controllers, and the timers that it counts by. */
  private static final Set<String> OWN = Set.of("intel,ce4100-lapic", "intel,ce4100-ioapic", "intel,ce4100-hpet");

  private final DeviceContext context;
  private final BuildPorts ports;

  PvhDom0Builder(DeviceContext context) {
    this.context = context;
    ports = BuildPorts.of(context);
  }

  @Override
  public String name() {
    return "pvh.dom0";
  }

  @Override
  public String description() {
    return "the hardware domain, entered by the PVH boot ABI, from a bzImage or vmlinux for x86";
  }

  @Override
  public Optional<String> refusal(DomainSpec spec, DomainImage image) {
    if (spec.kind() != DomainSpec.Kind.DOM0) {
      return Optional.of("it builds the hardware domain only");
    }
    return ImageKernel.refusal(image);
  }

  @Override
  public Domain build(int id, DomainSpec spec, DomainImage image) {
    try {
      PvhHostTables host = PvhHostTables.read(new MachineMemory(ports.bus()));
      return NewDomain.build(context, id, spec, made -> furnish(made, image, host));
    } catch (AcpiException | IllegalArgumentException e) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "domain " + spec.name() + ": the machine's ACPI: " + e.getMessage());
    }
  }

  private void furnish(NewDomain made, DomainImage image, PvhHostTables host) {
    List<AddressWindow> machine = ports.domains().platform().memory().stream().filter(bank -> bank.size() != 0).sorted(Comparator
        .comparingLong(AddressWindow::base)).toList();
    List<AddressWindow> ram = Dom0Map.ram(image.memory(), machine);
    PvhDom0Tables tables = PvhDom0Tables.of(host, made.domain().vcpus().size(), Dom0Map.lowEnd(ram));
    Dom0Map map = new Dom0Map(ram, machine, tables.rsdp(), ports.bridges().all().stream().flatMap(bridge -> bridge.configuration()
        .stream())
        .filter(window -> !window.ports()).toList());
    giveMemory(made, map);
    giveDevices(made);
    made.domain().memoryMap(map.entries());
    made.copy(tables.rsdp(), tables.bytes(), "ACPI tables");
    ImageKernel.use(image, kernel -> {
      doubt(kernel).ifPresent(text -> context.events().announce("config-warning", made.domain().name(), text));
      load(made, kernel, image, tables.rsdp());
    });
  }

  /** What a kernel that runs as a guest, but has no drivers of Dom0, doesn't say of itself. Linux says it with CONFIG_XEN_DOM0. */
  static Optional<String> doubt(PvhKernel kernel) {
    return (kernel.features() & XENFEAT_DOM0) != 0 ? Optional.empty() : Optional.of("the kernel isn't made to be Dom0: its note 17"
        + " (XEN_ELFNOTE_SUPPORTED_FEATURES) has " + (kernel.features() == 0 ? "no features" : "features 0x" + Long.toHexString(kernel
            .features())) + " without XENFEAT_dom0. It may find no device and no console; take one with CONFIG_XEN_DOM0");
  }

  private void giveMemory(NewDomain made, Dom0Map map) {
    for (AddressWindow bank : map.ram()) {
      long frame = bank.base() >>> SHIFT;
      long count = bank.size() >>> SHIFT;
      if (!ports.frames().allocateAt(made.domain().serial(), frame, count)) {
        throw new IllegalArgumentException("the domain's memory: expected free RAM from 0x%x to 0x%x; give it less, or the machine more"
            .formatted(bank.base(), bank.base() + bank.size() - 1));
      }
      DirectMemory.clear(new MachineMemory(ports.bus()), List.of(window(bank)));
      made.demand(ports.p2m().map(made.domain(), frame, frame, count, PageType.RAM), "mapping its RAM at 0x" + Long.toHexString(bank
          .base()));
    }
    // Tables that firmware left, where the domain looks for them.
    made.demand(ports.p2m().map(made.domain(), BIOS >>> SHIFT, BIOS >>> SHIFT, Dom0Map.MEGABYTE - BIOS >>> SHIFT, PageType.RAM_READ_ONLY),
        "mapping the area of the BIOS");
  }

  private void giveDevices(NewDomain made) {
    List<FdtWindow> kept = Stream.concat(ports.kept().stream(), ports.pci().withheld().stream()).filter(window -> !window
        .ports()).map(PvhDom0Builder::window).toList();
    for (PlatformNode node : ports.domains().platform().nodes()) {
      // Memory and host bridges have a type, and are given otherwise.
      if (node.enabled() && OWN.stream().noneMatch(node::isCompatible) && !node.has("device_type")) {
        List<FdtWindow> windows = node.windows().stream().filter(window -> !window.ports() && window.size() != 0).map(
            PvhDom0Builder::window).toList();
        for (FdtWindow window : DeviceWindows.pages(windows, kept)) {
          made.domain().permissions().permit(new Frames(window.base() >>> SHIFT, (window.base() + window.size() - 1) >>> SHIFT));
          ports.give(made, window);
        }
      }
    }
  }

  private static FdtWindow window(AddressWindow window) {
    return new FdtWindow(window.base(), window.size());
  }

  // ---- What it starts

  /** Below the ACPI tables: the kernel where it is linked; behind it the initial RAM disk, an empty text as its command line, and on the next page the start_info with what it names: Xen's places. */
  private static void load(NewDomain made, PvhKernel kernel, DomainImage image, long rsdp) {
    int size = image.ramdisk().length;
    long disk = StartPages.up(kernel.end());
    long line = disk + size + LINE_ALIGNMENT - 1 & -LINE_ALIGNMENT;
    StartData data = StartData.ofHardwareDomain(StartPages.up(size == 0 ? disk : line + 1), PRIVILEGED | INITIAL_DOMAIN, image
        .commandLine(), size == 0 ? Optional.empty() : Optional.of(new StartInfo.Module(disk, size, line)), rsdp);
    if (data.address() + data.bytes().length > rsdp) {
      throw new IllegalArgumentException(
          "the kernel and its initial RAM disk end at 0x%x, and the domain's RAM for them at 0x%x; give it more memory"
              .formatted(data.address() + data.bytes().length, rsdp));
    }
    StartPages pages = new StartPages(made);
    pages.kernel(kernel);
    if (size > 0) {
      made.copy(disk, image.ramdisk(), "initial RAM disk");
    }
    pages.start(kernel, data);
  }
}
