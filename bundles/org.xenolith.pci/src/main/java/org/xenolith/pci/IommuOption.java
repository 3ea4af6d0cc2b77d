// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Asks a board that is made to measure for an SMMU or IOMMU in front of its PCI host bridge. */
@Component
public final class IommuOption implements LaunchOption {
  static final String NAME = "iommu";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Disks and cards", 350).value("KIND").words("Address translation",
        "What translates the addresses of PCI devices: none, smmuv3 on virt, or amdvi on pc-pvh (default: none).");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.boardOption(NAME, texts.getFirst());
  }

  @Override
  public List<String> candidates() {
    return List.of("none", "smmuv3", "amdvi");
  }
}
