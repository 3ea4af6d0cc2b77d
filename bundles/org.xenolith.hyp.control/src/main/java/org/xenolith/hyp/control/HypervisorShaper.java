// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;

/** Puts the hypervisor under what is launched: a node for it in the board's tree, and domains in the place of the kernel. */
@Component
public final class HypervisorShaper implements LaunchShaper {
  private static final long MEBIBYTE = 1 << 20;
  /** What Dom0 is given of a machine that has more than twice as much. */
  private static final long DOM0_MEMORY = 384 * MEBIBYTE;
  private static final int DOM0_EVENT_INTERRUPT = 16;
  private static final int USUAL_WEIGHT = 256;
  /** How the tools' answers begin a line that says what was left out. */
  private static final String WARNING = "warning: ";

  @Override
  public boolean serves(LaunchRequest request) {
    return request.hypervisor();
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    FdtNode node = new FdtNode(HypervisorNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", HypervisorNode.COMPATIBLE));
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
      ToolsPort tools = machine.port(HypervisorNode.PATH, ToolsPort.class);
      serve(machine);
      if (!request.noDom0()) {
        dom0(machine, platform, image.orElseThrow(() -> new BadInput(option("hypervisor") + ": Dom0 needs a kernel; name a guest or "
            + option("kernel"))),
            request, firmware).unpause();
      }
      for (var file : request.domUs()) {
        tools.execute(List.of("create", file.toString())).lines().filter(line -> line.startsWith(WARNING))
            .forEach(line -> machine.eventLog().report("config-warning", file.toString(), line.substring(WARNING.length())));
      }
      machine.start(0, 0);
      return true;
    } catch (HypervisorException e) {
      throw new BadInput(e.getMessage());
    }
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

  private static void serve(Machine machine) {
    machine.port(HypervisorNode.PATH, ToolsPort.class).serve(machine);
    machine.port(HypervisorNode.PATH, ConsolesPort.class).serve(machine);
  }

  private static Domain dom0(Machine machine, Platform platform, GuestImage image, LaunchRequest request,
      Map<String, String> firmware) {
    long total = platform.memory().stream().mapToLong(AddressWindow::size).sum();
    long memory = HypervisorOptions.dom0Memory(request).orElse(total >= 2 * DOM0_MEMORY ? DOM0_MEMORY : total / 2 & -2 * MEBIBYTE);
    int vcpus = HypervisorOptions.dom0Vcpus(request).orElse(platform.cpus().size());
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), vcpus, memory >> 12, DomainSpec.Kind.DOM0,
        DOM0_EVENT_INTERRUPT, USUAL_WEIGHT, 0);
    String line = (hypervisorConsole(image.commandLine()) + " " + request.append().strip() + storeWord(image, request)).strip();
    if (speaksToTheHypervisor(line) && machine.port(HypervisorNode.PATH, ConsolesPort.class).board().isEmpty()) {
      machine.eventLog().report("config-warning", "/chosen", "the hypervisor finds no UART for Dom0's console hvc0, which isn't shown: it"
          + " drives an arm,pl011 or arm,sbsa-uart that is enabled, the one of dtuart=PATH in xen,xen-bootargs or else of stdout-path; or"
          + " give Dom0 a UART of its own as console, as with " + option("append") + " console=ttyS0");
    }
    Map<String, String> options = new HashMap<>(firmware);
    options.put("disabled",
        machine.unmodelled().stream().filter(path -> !path.equals(HypervisorNode.PATH)).collect(Collectors.joining("\n")));
    return machine.port(HypervisorNode.PATH, DomainBuildersPort.class).build(HypervisorOptions.dom0Builder(request), 0, spec,
        new DomainImage(image.kernel(), image.initrd().orElse(new byte[0]), line, memory, options));
  }

  /** The guest's own words name the board's UART as console, which is the hypervisor's now. */
  private static String hypervisorConsole(String line) {
    return line.replaceAll("(^| )console=tty(AMA|S)\\S+", "$1console=hvc0").replaceAll("(^| )earlycon\\S*", "");
  }

  /** Whether the console that the kernel prefers, the last that it is told of, is the hypervisor's. */
  private static boolean speaksToTheHypervisor(String line) {
    int last = (" " + line).lastIndexOf(" console=");
    return last < 0 || line.startsWith("hvc0", last + "console=".length());
  }

  /** Our Debian's init hands the store's ring over to the service domain when it is told to whom. */
  private static String storeWord(GuestImage image, LaunchRequest request) {
    boolean decided = request.append().contains("xl.store") || request.append().contains("xl.xenstored");
    return image.name().startsWith("debian") && !decided ? " xl.store=" + ServiceEventsPort.DOMID : "";
  }
}
