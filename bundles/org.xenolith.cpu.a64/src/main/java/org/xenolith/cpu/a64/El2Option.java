// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.control.Machine;

/** Whether the CPUs have EL2, and the board what goes with it, for a hypervisor as the kernel; one in Java asks for it itself. */
@Component(service = {LaunchOption.class, LaunchShaper.class})
public final class El2Option implements LaunchOption, LaunchShaper {
  static final String NAME = "el2";
  /** Of boards and of CPUs. */
  private static final String NEEDED = "virtualization";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.FLAG, "Machine", 160).words("CPUs with EL2, for a hypervisor as the kernel",
        "CPUs with EL2 and an interrupt controller with the virtual interface, for a hypervisor.");
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(NAME);
  }

  @Override
  public Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of(NEEDED, "on");
  }

  @Override
  public Map<String, String> cpuOptions(LaunchRequest request) {
    return Map.of(NEEDED, "true");
  }
}
