// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.semihosting;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Has the CPUs of an Arm board answer semihosting calls. */
@Component(service = {LaunchShaper.class, LaunchOption.class}, property = "service.ranking:Integer=-40")
public final class SemihostingOption implements LaunchShaper, LaunchOption {
  static final String NAME = "semihosting";
  /** The CPUs of a PC. Those of Arm have names of many makers. */
  private static final String X86_64 = "xenolith,x86-64";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.FLAG, "Guest", 272).words("Semihosting",
        "An Arm guest ends the run with an exit code of its own, by semihosting: SYS_EXIT, with HLT #0xF000 at EL1 and above.");
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(NAME).isEmpty();
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    if (request.has("hypervisor")) {
      throw new BadInput(option(NAME) + ": not under a hypervisor, as any of its domains could end the whole machine");
    }
    boolean arm = tree.root().child("cpus").stream().flatMap(cpus -> cpus.children().stream()).noneMatch(SemihostingOption::isPc);
    if (!arm) {
      throw new BadInput(option(NAME) + ": the board has no Arm CPUs; PCs' guests end a run by " + option("debug-exit"));
    }
    return tree.edit("/", root -> root.withChild(new FdtNode(NAME, List.of(FdtProperty.ofStrings("compatible",
        SemihostingComponent.COMPATIBLE)), List.of())));
  }

  private static boolean isPc(FdtNode cpu) {
    return cpu.property("compatible").map(names -> names.strings().contains(X86_64)).orElse(false);
  }
}
