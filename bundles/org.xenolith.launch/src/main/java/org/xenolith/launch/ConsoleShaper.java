// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;

/** Gives a machine virtio consoles. */
@Component(service = {LaunchShaper.class, LaunchOption.class}, property = "service.ranking:Integer=-20")
public final class ConsoleShaper extends FunctionShaper {
  /** Made by the service runtime. */
  public ConsoleShaper() {
    super("virtio-console", "virtio:3", List.of("virtio_mmio", "virtio_pci", "virtio_console"));
  }

  @Override
  public OptionDescription description() {
    return describe(320, "Virtio consoles", "A virtio console, Linux' hvc0, or that of a PCI device that is one; " + option("console")
        + " NODE shows it. May be repeated.");
  }
}
