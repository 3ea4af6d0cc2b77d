// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.share.api.ShareNodes;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.share.api.SharedFolders;

/**
 * Shows a machine's guest folders of the host: puts the virtio function of 9P behind a transport for each, and connects who serves them.
 *
 * <p>Its option takes {@code PATH[,readonly][,tag=NAME][,pci=SLOT]}.
 */
@Component(property = "service.ranking:Integer=-40")
public final class ShareShaper implements LaunchShaper, LaunchOption, GuestModules {
  static final String NO_SERVER = "no bundle that serves folders is installed (org.xenolith.share.host)";
  private static final String VIRTIO_9P = "virtio:9";

  private volatile SharedFolders folders;

  /** Who serves folders is installed. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
  void setFolders(SharedFolders newFolders) { folders = newFolders; }

  /** And is no more. */
  void unsetFolders(SharedFolders oldFolders) {
    if (folders == oldFolders) {
      folders = null;
    }
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(ShareText.OPTION);
  }

  @Override
  public List<String> modules(LaunchRequest request) {
    return serves(request) ? List.of("virtio_mmio", "virtio_pci", "9pnet_virtio", "9p") : List.of();
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(ShareText.OPTION, Form.TEXT, "Disks and cards", 327).value("PATH[,readonly][,tag=NAME][,pci=SLOT]")
        .repeated()
        .words("Shared folders", "A folder of the host that the guest mounts by its tag (default: share, share2 ...), with all that is"
            + " below it and nothing else; 'readonly' if the guest may not change it. The line for the guest is told. May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    ShareText.of(texts);
    request.option(ShareText.OPTION, texts);
  }

  private static List<ShareText> asked(LaunchRequest request) {
    return ShareText.of(request.option(ShareText.OPTION));
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    TransportNodes nodes = new TransportNodes(tree, request);
    Fdt edited = tree;
    for (ShareText share : asked(request)) {
      TransportNodes.Place place = share.slot().isEmpty() ? nodes.window(option(ShareText.OPTION), share.said()) : nodes.card(share.slot(),
          true, share.said());
      edited = edited.edit(place.path(), node -> node.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION, VIRTIO_9P)).withProperty(
          FdtProperty.ofStrings(ShareNodes.TAG, share.tag())));
    }
    return edited;
  }

  @Override
  public Runnable connect(Machine machine, LaunchRequest request, Consumer<String> told) {
    SharedFolders service = folders;
    Map<String, String> nodes = new LinkedHashMap<>();
    for (PlatformNode node : machine.platform().nodes()) {
      node.property(ShareNodes.TAG).ifPresent(tag -> nodes.put(tag.string(), node.path()));
    }
    OutsideFolders open = new OutsideFolders(machine, service, told);
    for (ShareText share : asked(request)) {
      if (service == null) {
        throw new BadInput(share.said() + ": " + NO_SERVER);
      }
      String node = nodes.get(share.tag());
      try {
        open.open(node, machine.port(node, SharePort.class), new SharedFolder(share.folder(), share.readOnly(), share.said(), share
            .mount()));
      } catch (BadInput e) {
        open.close();
        throw e;
      }
    }
    return open::close;
  }
}
