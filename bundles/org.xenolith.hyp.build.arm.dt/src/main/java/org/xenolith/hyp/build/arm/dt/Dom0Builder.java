// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.xenolith.command.api.OptionName.option;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimeServicesTable;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.arm.kit.ArmHost;
import org.xenolith.hyp.arm.kit.ArmKernelImage;
import org.xenolith.hyp.arm.kit.BuildRefusals;
import org.xenolith.hyp.arm.kit.EfiPages;
import org.xenolith.hyp.arm.kit.ExtendedRegions;
import org.xenolith.hyp.arm.kit.HardwareMemory;
import org.xenolith.hyp.arm.kit.HypervisorFacts;
import org.xenolith.hyp.arm.kit.PlacedKernel;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.arm.kit.VcpuAffinity;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.DeviceWindows;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Builds the hardware domain from the host's devicetree: RAM, windows and interrupts at the machine's own places.
 *
 * <p>Option {@code disabled}, full paths of nodes, a line each: what the domain is shown as disabled, because nobody answers
 * there.
 */
final class Dom0Builder implements DomainBuilder {
  /** As {@code arm.dt.dom0} this builder is asked for. */
  static final String NAME = "arm.dt.dom0";
  static final String XEN_VERSION = "4.17";
  private static final String DISABLED = "disabled";
  /** What has a hypercall: memory is mapped and machines are reset by the hypervisor. */
  private static final Set<RuntimeFunction> CALLABLE = EnumSet.complementOf(EnumSet.of(RuntimeFunction.SET_VIRTUAL_ADDRESS_MAP,
      RuntimeFunction.CONVERT_POINTER, RuntimeFunction.RESET_SYSTEM));

  private final DeviceContext context;
  private final BuildPorts ports;
  private final ArmHost arm;
  private final boolean strictXen;

  /** @param strictXen whether Dom0 is told of nothing that it wouldn't have on Xen */
  Dom0Builder(DeviceContext context, BuildPorts ports, boolean strictXen) {
    this.context = context;
    this.strictXen = strictXen;
    this.ports = ports;
    arm = ArmHost.of(context, ports);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "the hardware domain with the machine's devicetree, from an arm64 Image";
  }

  @Override
  public Optional<String> refusal(DomainSpec spec, DomainImage image) {
    return BuildRefusals.of(spec, DomainSpec.Kind.DOM0, "it builds the hardware domain only", image);
  }

  /** Who has firmware leave tables gets no Dom0 without them unasked. */
  @Override
  public Optional<String> lacks(DomainSpec spec, DomainImage image) {
    return Optional.of(image.options()).filter(options -> options.containsKey(DomainImage.EFI_SYSTEM_TABLE)).map(options -> "it would have"
        + " nothing of the ACPI tables that the machine's firmware left; add a bundle that builds by them, as"
        + " org.xenolith.hyp.build.arm.acpi, or have it without by " + option("dom0-builder") + " " + NAME);
  }

  @Override
  public Domain build(int id, DomainSpec spec, DomainImage image) {
    return NewDomain.build(context, id, spec, made -> furnish(made, spec, image));
  }

  private void furnish(NewDomain made, DomainSpec spec, DomainImage image) {
    Domain domain = made.domain();
    ArmKernelImage kernel = ArmKernelImage.of(image).on(arm.cpu(), BuildRefusals::granules);
    Platform platform = ports.domains().platform();
    boolean efi = hasEfi(platform);
    int efiPages = efi ? EfiPages.ROOM : 0;
    HardwareMemory memory = HardwareMemory.give(made, ports, image, List.of(), efiPages);
    List<FdtWindow> ram = memory.ram();
    List<FdtWindow> banks = memory.banks();
    FdtWindow grants = memory.behind(efiPages);
    made.grantRegion(grants);
    List<FdtWindow> taken = Stream.concat(banks.stream(), Stream.of(memory.grants())).toList();
    Optional<EfiPages> efiMemory = efi ? Optional.of(efi(domain, memory)) : Optional.empty();
    HypervisorFacts hypervisor = new HypervisorFacts(XEN_VERSION, grants, ExtendedRegions.of(ram, Stream.concat(taken
        .stream(), HardwareMemory.reserved(ports).stream()).toList()),
        spec.eventInterrupt());
    Fdt host = host(platform, image);
    FdtIndex index = host.index();
    Dom0Facts facts = new Dom0Facts(hypervisor, banks, Optional.of(image.commandLine()).filter(a -> !a.isEmpty()),
        initrd(image, 0), VcpuAffinity.of(spec.vcpus()), own(host, index),
        v2mFrames(index, ports.bus()), pci(domain), efiMemory.map(EfiPages::places));
    Dom0Plan plan = plan(made, host, facts);
    // the tree's size doesn't depend on the addresses in it
    PlacedKernel placed = PlacedKernel.in(banks, kernel, FdtWriter.write(plan.tree()).length,
        image.ramdisk().length);
    byte[] tree = FdtWriter.write(Dom0Tree.of(host, facts.with(placed.modules().initrd()), (path, what, remedy) -> {}).tree());
    permit(made, plan, ram);
    efiMemory.ifPresent(pages -> pages.show(made, ports));
    give(made, plan, Stream.concat(ram.stream(), facts.pci().trapped().stream()).toList());
    placed.load(made, image, tree);
  }

  /** Whether the machine has EFI firmware that the domain can call. Xen on Arm has no calls for it, and says nothing of it in a tree. */
  private boolean hasEfi(Platform platform) {
    return !strictXen && platform.node(FirmwareNode.PATH).filter(PlatformNode::enabled).isPresent();
  }

  /** A kernel that is told of EFI knows no other RAM than that in the memory map. */
  private EfiPages efi(Domain domain, HardwareMemory memory) {
    FdtWindow room = memory.first(EfiPages.ROOM);
    return EfiPages.of(room, new EfiPages.Contents(RuntimeServicesTable.properties(CALLABLE),
        Map.of(EfiSystemTable.RUNTIME_PROPERTIES, room.base()), memory.banks(), List.of(), ports.messages().its(domain) != null));
  }

  private static Dom0Plan plan(NewDomain made, Fdt host, Dom0Facts facts) {
    return Dom0Tree.of(host, facts, (path, what, remedy) -> made.missing(path + ": " + what + "; " + remedy));
  }

  private static Fdt host(Platform platform, DomainImage image) {
    Fdt host = platform.source();
    // A node's name may have any character that is printed, commas above all.
    for (String path : image.options().getOrDefault(DISABLED, "").split("\n")) {
      if (!path.isBlank()) {
        host = host.edit(path, n -> n.withProperty(FdtProperty.ofStrings("status", "disabled")));
      }
    }
    return host;
  }

  private static Optional<FdtWindow> initrd(DomainImage image, long base) {
    return image.ramdisk().length == 0 ? Optional.empty() : Optional.of(new FdtWindow(base, image.ramdisk().length));
  }

  /** All of each but what is kept for guests. */
  private List<V2mFrame> v2mFrames(FdtIndex index, PhysicalBus bus) {
    List<Integer> kept = ports.shares().kept();
    return MessageFrames.of(index, HostGic.of(index).v2mFrames(), bus).stream().map(f -> f.before(kept))
        .filter(f -> f.count() > 0).toList();
  }

  private Dom0Pci pci(Domain domain) {
    Map<String, Integer> segments = new TreeMap<>();
    if (ports.bridges().all().stream().anyMatch(HostBridgePort::present)) {
      ports.bridges().all().forEach(bridge -> segments.put(bridge.node().path(), bridge.segment()));
    }
    return new Dom0Pci(segments, Optional.ofNullable(ports.messages().its(domain)).map(its -> window(its.registers())),
        Stream.concat(ports.pci().withheld().stream(), ports.shares().withheld().stream()).map(Dom0Builder::window).toList());
  }

  static FdtWindow window(AddressWindow window) {
    return new FdtWindow(window.base(), window.size());
  }

  /**
   * Paths of the devices that the hypervisor uses: those whose interrupt a part of it serves, such as the console's UART, and
   * the SMMUs that it drives.
   */
  private Set<String> own(Fdt host, FdtIndex index) {
    Set<String> paths = new TreeSet<>(ports.iommu().nodes());
    HostDevices devices = new HostDevices(host, index, HostGic.of(index).node(), (path, what, remedy) -> {});
    index.byPath().forEach((path, node) -> {
      if (devices.of(node).interrupts().stream().anyMatch(i -> arm.gic().host(i.intid()) != null)) {
        paths.add(path);
      }
    });
    return paths;
  }

  /**
   * Permits all windows of its devices, those too that are mapped later: BARs under some policies. Not what configures others' functions,
   * and what is kept for guests.
   */
  private void permit(NewDomain made, Dom0Plan plan, List<FdtWindow> ram) {
    for (FdtWindow window : DeviceWindows.pages(plan.windows(), Stream.concat(ram.stream(), ports.kept().stream().map(
        Dom0Builder::window)).toList())) {
      long frame = window.base() >>> NewDomain.PAGE_SHIFT;
      Frames frames = new Frames(frame, frame + (window.size() >>> NewDomain.PAGE_SHIFT) - 1);
      if (!made.domain().permissions().permit(frames)) {
        made.missing("frames " + frames + " aren't permitted: there are too many ranges");
      }
    }
  }

  /** Maps the windows of its devices, permits and routes their interrupts; what can't be given is said and left out. */
  private void give(NewDomain made, Dom0Plan plan, List<FdtWindow> kept) {
    DeviceWindows.pages(plan.windows(), kept).forEach(window -> ports.give(made, window));
    plan.interrupts().forEach(interrupt -> arm.give(made, interrupt.intid(), interrupt.edge()));
  }
}
