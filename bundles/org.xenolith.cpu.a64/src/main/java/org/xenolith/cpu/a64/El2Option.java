// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Whether the CPUs have EL2. */
@Component(service = LaunchOption.class)
public final class El2Option implements LaunchOption {
  @Override
  public OptionDescription description() {
    return OptionDescription.of("el2", Form.FLAG, "Machine", 160).words("CPUs with EL2, for a hypervisor as the kernel",
        "CPUs with EL2 and an interrupt controller with the virtual interface, for a hypervisor.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.el2(true);
  }
}
