// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.platform.api.HostBridgeKind;

/** Asks a board that is made to measure for a PCI host bridge. */
@Component
public final class BridgeOption implements LaunchOption {
  static final String NAME = "pcie";
  private static final String NONE = "none";

  /** By reference: for its name no kind has to be made, nor its bundle loaded. */
  @Reference(service = HostBridgeKind.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  private final Collection<ServiceReference<HostBridgeKind>> kinds = new CopyOnWriteArraySet<>();

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Disks and cards", 340).value("KIND").words("PCI host bridge",
        "The board's PCI host bridge: none, or a kind that is installed, such as ecam, dw or xgene (default: what the board has).");
  }

  @Override
  public List<String> candidates() {
    return Stream.concat(Stream.of(NONE), kinds.stream().map(kind -> String.valueOf(kind.getProperty(HostBridgeKind.NAME))).sorted())
        .distinct().toList();
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.boardOption(NAME, texts.getFirst());
  }
}
