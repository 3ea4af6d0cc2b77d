// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;

/**
 * The domains that a hypervisor begins with.
 *
 * @param machine  a machine whose hypervisor is loaded
 * @param platform what it was built from
 * @param request  what was asked for
 */
record FirstDomains(Machine machine, Platform platform, LaunchRequest request) {
  private static final long MEBIBYTE = 1 << 20;
  /** What Dom0 is given of a machine that has more than twice as much. */
  private static final long DOM0_MEMORY = 384 * MEBIBYTE;
  private static final int DOM0_EVENT_INTERRUPT = 16;
  private static final int USUAL_WEIGHT = 256;
  /** How the tools' answers begin a line that says what was left out. */
  private static final String WARNING = "warning: ";

  /** Builds Dom0, which may run when the machine does. @param firmware where firmware's tables are, as options of {@link DomainImage} */
  void dom0(byte[] kernel, byte[] ramdisk, String line, Map<String, String> firmware) {
    dom0(kernel, ramdisk, line, firmware, OptionalLong.empty(), OptionalInt.empty());
  }

  /**
   * The same where somebody else has a say in what Dom0 gets; what the request says comes first.
   *
   * @param saidMemory bytes of RAM
   * @param saidVcpus  number of virtual CPUs
   */
  void dom0(byte[] kernel, byte[] ramdisk, String line, Map<String, String> firmware, OptionalLong saidMemory, OptionalInt saidVcpus) {
    long total = platform.memory().stream().mapToLong(AddressWindow::size).sum();
    long memory = HypervisorOptions.dom0Memory(request).orElse(saidMemory.orElse(total >= 2 * DOM0_MEMORY ? DOM0_MEMORY
        : total / 2 & -2 * MEBIBYTE));
    int vcpus = HypervisorOptions.dom0Vcpus(request).orElse(saidVcpus.orElse(platform.cpus().size()));
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), vcpus, memory >> 12, DomainSpec.Kind.DOM0,
        DOM0_EVENT_INTERRUPT, USUAL_WEIGHT, 0);
    if (speaksToTheHypervisor(line) && machine.port(HypervisorNode.PATH, ConsolesPort.class).board().isEmpty()) {
      machine.eventLog().announce("config-warning", "/chosen", "the hypervisor finds no UART for Dom0's console hvc0, which isn't shown: it"
          + " drives an arm,pl011 or arm,sbsa-uart that is enabled, the one of dtuart=PATH in xen,xen-bootargs or else of stdout-path; or"
          + " give Dom0 a UART of its own as console, as with " + option("append") + " console=ttyS0");
    }
    Map<String, String> options = new HashMap<>(firmware);
    options.put("disabled",
        machine.unmodelled().stream().filter(path -> !path.equals(HypervisorNode.PATH)).collect(Collectors.joining("\n")));
    machine.port(HypervisorNode.PATH, DomainBuildersPort.class).build(HypervisorOptions.dom0Builder(request), 0, spec,
        new DomainImage(kernel, ramdisk, line, memory, options)).unpause();
  }

  /** Whether the console that the kernel prefers, the last that it is told of, is the hypervisor's. */
  private static boolean speaksToTheHypervisor(String line) {
    int last = (" " + line).lastIndexOf(" console=");
    return last < 0 || line.startsWith("hvc0", last + "console=".length());
  }

  /** Makes the domains that are asked for by files. */
  void domUs() {
    ToolsPort tools = machine.port(HypervisorNode.PATH, ToolsPort.class);
    for (var file : HypervisorOptions.domUs(request)) {
      tools.execute(List.of("create", "-f", file.toString())).lines().filter(text -> text.startsWith(WARNING))
          .forEach(text -> machine.eventLog().announce("config-warning", file.toString(), text.substring(WARNING.length())));
    }
  }
}
