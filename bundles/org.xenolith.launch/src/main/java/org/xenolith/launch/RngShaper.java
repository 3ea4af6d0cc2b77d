// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;

/** Gives a machine virtio entropy devices. */
@Component(service = {LaunchShaper.class, LaunchOption.class}, property = "service.ranking:Integer=-30")
public final class RngShaper extends FunctionShaper {
  /** Made by the service runtime. */
  public RngShaper() {
    super("rng", "virtio:4", List.of("virtio_mmio", "virtio_pci", "virtio_rng"));
  }

  @Override
  public OptionDescription description() {
    return describe(325, "Virtio entropy devices",
        "A virtio entropy device, Linux' /dev/hwrng, or that of a PCI device that is one. Its bytes"
            + " are the same in every run; " + option("set") + " NODE:seed=NUMBER gives others. May be repeated.");
  }
}
