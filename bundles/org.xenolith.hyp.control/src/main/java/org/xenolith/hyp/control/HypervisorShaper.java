// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.kit.UnifiedGuest;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;

/** Puts the hypervisor under what is launched: a node for it in the board's tree, and domains in the place of the kernel. */
@Component
public final class HypervisorShaper implements LaunchShaper {
  private static final String VIRTUALIZATION = "virtualization";

  @Override
  public boolean serves(LaunchRequest request) {
    return HypervisorOptions.hypervisor(request);
  }

  /** What a hypervisor needs of a CPU is the same whether it is the kernel or isn't code of the guest's. */
  @Override
  public Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of(VIRTUALIZATION, "on");
  }

  @Override
  public Map<String, String> cpuOptions(LaunchRequest request) {
    return Map.of(VIRTUALIZATION, "true");
  }

  /** Domains without a Dom0 are all there is. */
  @Override
  public boolean startsAlone(LaunchRequest request) {
    return HypervisorOptions.noDom0(request);
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    FdtNode node = new FdtNode(HypervisorNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", HypervisorNode.COMPATIBLE));
    if (tree.node(LoaderNode.PATH).isPresent()) {
      node = node.withProperty(FdtProperty.ofFlag(LoaderNode.DEFERRED));
    }
    return tree.withRoot(tree.root().withChild(node));
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return start(machine, platform, image, request, Optional.empty());
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
      Optional<BoardDescription> description) {
    try {
      Map<String, String> firmware = description.map(left -> HostDescription.load(machine, left)).orElse(Map.of());
      serve(machine);
      FirstDomains domains = new FirstDomains(machine, platform, request);
      LaunchWarnings warnings = new LaunchWarnings(machine.eventLog());
      warnings.treesDomains(platform.source());
      if (!HypervisorOptions.noDom0(request)) {
        UnifiedGuest parts = parts(image.orElseThrow(() -> new BadInput(option("hypervisor") + ": Dom0 needs a kernel; name a guest or "
            + option("kernel"))), request, machine.eventLog());
        GuestImage guest = parts.image();
        if (!isDebian(guest)) { // which is known to, and a start needn't look through it
          warnings.kernelOfDom0(guest);
        }
        domains.dom0(guest.kernel(), guest.initrd().orElse(new byte[0]), line(guest, parts.words(), request), firmware);
      }
      domains.domUs();
      machine.start(machine.port(HypervisorNode.PATH, DomainsPort.class).domains().entry());
      return true;
    } catch (HypervisorException e) {
      throw new BadInput(e.getMessage());
    }
  }

  /** A unified kernel image's parts in its place. */
  private static UnifiedGuest parts(GuestImage image, LaunchRequest request, EventLog events) {
    try {
      return UnifiedGuest.of(image, append(request), request.text("kernel"), request.board(), (kind, text) -> events.announce(kind, "/",
          "Dom0's kernel " + text));
    } catch (BootException e) {
      throw new BadInput(option("hypervisor") + ": Dom0: " + e.getMessage());
    }
  }

  private static String line(GuestImage image, String words, LaunchRequest request) {
    return (hypervisorConsole(image) + " " + words.strip() + storeWord(image, request)).strip();
  }

  @Override
  public boolean resume(Machine machine, Platform platform, LaunchRequest request) {
    serve(machine);
    return true;
  }

  @Override
  public Optional<String> console(Machine machine) {
    return Optional.of(machine.port(HypervisorNode.PATH, ConsolesPort.class).board()).filter(path -> !path.isEmpty());
  }

  /** Has tools and consoles hear what comes from outside. */
  static void serve(Machine machine) {
    machine.port(HypervisorNode.PATH, ToolsPort.class).serve(machine);
    machine.port(HypervisorNode.PATH, ConsolesPort.class).serve(machine);
  }

  /** The guest's own words name the board's UART as console, or leave it to the tree; that is the hypervisor's now. */
  private static String hypervisorConsole(GuestImage image) {
    String line = image.commandLine().replaceAll("(^| )console=tty(AMA|S)\\S+", "$1console=hvc0").replaceAll("(^| )earlycon\\S*", "");
    return isDebian(image) && !line.contains("console=") ? "console=hvc0 " + line : line;
  }

  /** Words to add to the guest's own command line. */
  static String append(LaunchRequest request) {
    return request.text("append").orElse("");
  }

  private static boolean isDebian(GuestImage image) {
    return image.name().startsWith("debian");
  }

  /** Our Debian's init hands the store's ring over to the service domain when it is told to whom. */
  private static String storeWord(GuestImage image, LaunchRequest request) {
    boolean decided = append(request).contains("xl.store") || append(request).contains("xl.xenstored");
    return isDebian(image) && !decided ? " xl.store=" + ServiceEventsPort.DOMID : "";
  }
}
