// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.MinimalTree;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DeviceMessages;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.ArmHost;
import org.xenolith.hyp.arm.kit.ArmKernelImage;
import org.xenolith.hyp.arm.kit.BuildRefusals;
import org.xenolith.hyp.arm.kit.EfiPages;
import org.xenolith.hyp.arm.kit.HardwareMemory;
import org.xenolith.hyp.arm.kit.PlacedKernel;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.arm.kit.VcpuAffinity;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.DeviceWindows;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.xen.abi.XenErrno;

/**
 * Builds the hardware domain from the machine's ACPI tables, as Xen 4.17 does: some are made anew, the others are mapped where firmware
 * left them, a tree without hardware says where they are. It may have all of the machine but what the hypervisor uses itself.
 */
final class AcpiDom0Builder implements DomainBuilder {
  /** As {@code arm.acpi.dom0} this builder is asked for. */
  static final String NAME = "arm.acpi.dom0";
  static final String XEN_VERSION = "4.17";
  private static final int RANK = 1;

  /** Of an interrupt of a GIC: kind, number, flags. */
  private static final int GIC_CELLS = 3;
  private static final int FIRST_PPI = 16;
  private static final int FIRST_SPI = 32;

  private final DeviceContext context;
  private final BuildPorts ports;
  private final ArmHost arm;
  private final TableVariants variants;
  private final DeviceMappingPolicy ways;
  private final boolean strictXen;

  /** @param strictXen whether the domain is told of nothing that it wouldn't have on Xen */
  AcpiDom0Builder(DeviceContext context, BuildPorts ports, TableVariants variants, DeviceMappingPolicy ways, boolean strictXen) {
    this.strictXen = strictXen;
    this.context = context;
    this.ports = ports;
    arm = ArmHost.of(context, ports);
    this.variants = variants;
    this.ways = ways;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "the hardware domain with the machine's ACPI tables, from an arm64 Image";
  }

  /** Where firmware has tables, they are there to be used. */
  @Override
  public int rank() {
    return RANK;
  }

  @Override
  public Optional<String> refusal(DomainSpec spec, DomainImage image) {
    Optional<String> refusal = BuildRefusals.of(spec, DomainSpec.Kind.DOM0, "it builds the hardware domain only", image);
    return refusal.isPresent() || image.options().containsKey(DomainImage.EFI_SYSTEM_TABLE) ? refusal
        : Optional.of("the machine's firmware left no ACPI tables; boot with " + option("firmware") + " acpi");
  }

  @Override
  public Domain build(int id, DomainSpec spec, DomainImage image) {
    HostFirmware firmware;
    HostTables host;
    try {
      firmware = new HostFirmware(new MachineMemory(ports.bus()), image.options());
      host = HostTables.read(firmware);
      return NewDomain.build(context, id, FreePpi.in(host, spec), made -> furnish(made, spec, image, firmware, host));
    } catch (AcpiException | IllegalArgumentException e) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "domain " + spec.name() + ": the machine's ACPI: " + e.getMessage());
    }
  }

  private void furnish(NewDomain made, DomainSpec spec, DomainImage image, HostFirmware firmware, HostTables host) {
    Domain domain = made.domain();
    ArmKernelImage kernel = ArmKernelImage.of(image).on(arm.cpu(), BuildRefusals::granules);
    HardwareMemory memory = HardwareMemory.give(made, ports, image,
        firmware.tables().stream().map(range -> new FdtWindow(range.base(), range.size())).toList(), EfiPages.ROOM);
    FdtWindow room = memory.first(EfiPages.ROOM);
    FdtWindow grants = memory.behind(EfiPages.ROOM);
    made.grantRegion(grants);
    GicFacts gic = arm.gic().facts(domain);
    Optional<AddressWindow> its = Optional.ofNullable(ports.messages().its(domain)).map(DeviceMessages.Its::registers);
    List<V2mFrame> frames = gic.version() == 2 && !strictXen ? GivenFrames.of(host, ports) : List.of();
    Dom0Tables tables = new Dom0Tables(host, variants,
        new Dom0Tables.Facts(gic, VcpuAffinity.of(spec.vcpus()), its, frames, domain.eventInterrupt(), console(host).isPresent(), smmus()
            .stream().map(FdtWindow::base).toList(), room.base(), grants));
    EfiPages description = EfiPages.of(room, new EfiPages.Contents(tables.bytes(), Map.of(EfiSystemTable.ACPI, tables.rsdp()),
        memory.banks(), firmware.tables(), its.isPresent()));
    description.show(made, ports);
    showMachines(made, tables);
    permit(made, host);
    giveDevices(made, host, memory.ram(), its, frames);
    giveInterrupts(made, gic.lines());
    PlacedKernel placed = PlacedKernel.in(memory.banks(), kernel, tree(image, description, 0).length, image.ramdisk().length);
    placed.load(made, image, tree(image, description, placed.modules().initrd().map(FdtWindow::base).orElse(0L)));
  }

  /** Its size doesn't depend on the addresses in it. */
  private static byte[] tree(DomainImage image, EfiPages description, long initrd) {
    boolean disk = image.ramdisk().length != 0;
    return FdtWriter.write(new MinimalTree(image.commandLine(), disk ? OptionalLong.of(initrd) : OptionalLong.empty(),
        disk ? OptionalLong.of(initrd + image.ramdisk().length) : OptionalLong.empty(), description.places()).domain(XEN_VERSION));
  }

  private void showMachines(NewDomain made, Dom0Tables tables) {
    List<FdtWindow> mapped = tables.mapped().stream().map(each -> new FdtWindow(each.address(), each.table().length())).toList();
    for (FdtWindow window : DeviceWindows.pages(mapped, List.of())) {
      long frame = window.base() >>> NewDomain.PAGE_SHIFT;
      made.demand(ports.p2m().map(made.domain(), frame, frame, window.size() >>> NewDomain.PAGE_SHIFT, PageType.RAM_READ_ONLY),
          "mapping the machine's tables at 0x" + Long.toHexString(window.base()));
    }
  }

  private void permit(NewDomain made, HostTables host) {
    List<FdtWindow> denied = Stream.concat(DeniedWindows.of(host, console(host)).stream(), ports.kept().stream().map(
        AcpiDom0Builder::window)).toList();
    List<FdtWindow> served = ports.domains().platform().nodes().stream().filter(this::isServed)
        .flatMap(node -> node.windows().stream()).map(AcpiDom0Builder::window).toList();
    new AllBut(Stream.of(denied, served, smmus()).flatMap(List::stream).toList()).permit(made);
  }

  /** Registers of the UART that the SPCR names, if it is the one that the hypervisor drives: one that nobody does is the domain's. */
  private OptionalLong console(HostTables host) {
    OptionalLong uart = DeniedWindows.console(host);
    boolean driven = uart.isPresent() && ports.domains().platform().node(context.port(ConsolesPort.class).board())
        .filter(node -> node.windows().stream().anyMatch(window -> window.base() == uart.getAsLong())).isPresent();
    return driven ? uart : OptionalLong.empty();
  }

  /** Registers of the SMMUs that the hypervisor drives. */
  private List<FdtWindow> smmus() {
    List<String> driven = ports.iommu().nodes();
    return ports.domains().platform().nodes().stream().filter(node -> driven.contains(node.path()))
        .flatMap(node -> node.windows().stream()).map(AcpiDom0Builder::window).toList();
  }

  /** Whether a part of the hypervisor serves an interrupt of a device: its console's, whatever the SPCR says. */
  private boolean isServed(PlatformNode node) {
    return node.interrupts().stream().map(InterruptSpecifier::cells).filter(cells -> cells.length == GIC_CELLS)
        .anyMatch(cells -> arm.gic().host(cells[1] + (cells[0] == 0 ? FIRST_SPI : FIRST_PPI)) != null);
  }

  private void giveDevices(NewDomain made, HostTables host, List<FdtWindow> ram, Optional<AddressWindow> its, List<V2mFrame> frames) {
    List<FdtWindow> trapped = Stream.concat(ports.pci().withheld().stream(), its.stream()).map(AcpiDom0Builder::window).toList();
    List<FdtWindow> kept = Stream.concat(ram.stream(), trapped.stream()).toList();
    // Configuration space that isn't trapped is the domain's, and nothing that it is permitted to map elsewhere.
    DeviceWindows.pages(ports.bridges().all().stream().flatMap(bridge -> bridge.configuration().stream())
        .map(AcpiDom0Builder::window).toList(), kept).forEach(window -> ports.give(made, window));
    // No _CRS has message frames, and a function may send to one before a CPU looks at it.
    givePermitted(made, DeviceWindows.pages(frames.stream().map(V2mFrame::registers).toList(), kept));
    if (ways == DeviceMappingPolicy.PREFAULT) {
      givePermitted(made, DeviceWindows.pages(NamespaceWindows.of(host.set(), made::missing), kept));
    }
    ports.p2m().deviceMapping(made.domain(), ways.later());
  }

  private void givePermitted(NewDomain made, List<FdtWindow> windows) {
    windows.stream().flatMap(window -> AllBut.permitted(made.domain(), window)).forEach(window -> ports.give(made, window));
  }

  /**
   * All shared interrupts that nobody serves, not even in part: no table has the controllers that guests share. How one is triggered the
   * domain itself says, when it lets it through.
   */
  private void giveInterrupts(NewDomain made, int lines) {
    List<Integer> kept = ports.shares().kept();
    for (int intid = FIRST_SPI; intid < lines; intid++) {
      if (arm.gic().host(intid) == null && !arm.gic().isShared(intid) && !kept.contains(intid)) {
        arm.give(made, intid, false);
      }
    }
  }

  private static FdtWindow window(AddressWindow window) {
    return new FdtWindow(window.base(), window.size());
  }
}
