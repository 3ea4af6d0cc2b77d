// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Asks a board that is made to measure for a PCI host bridge. */
@Component
public final class BridgeOption implements LaunchOption {
  static final String NAME = "pcie";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Disks and cards", 340).value("KIND").words("PCI host bridge",
        "The board's PCI host bridge: on virt ecam, cam, dw, xgene or none (default: ecam with GIC 3 or PCI devices).");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.boardOption(NAME, texts.getFirst());
  }
}
