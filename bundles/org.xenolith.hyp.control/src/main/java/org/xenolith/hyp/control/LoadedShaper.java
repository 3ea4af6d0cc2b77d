// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.hyp.api.LoaderPort;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;

/**
 * Where the machine starts in firmware that lies in its flash, the hypervisor waits until a boot loader hands the machine over, as GRUB
 * starts Xen from a disk. It comes before the {@link HypervisorShaper}, and before who starts the firmware.
 */
@Component(property = "service.ranking:Integer=20")
public final class LoadedShaper implements LaunchShaper {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<FirmwareKind> kinds = new CopyOnWriteArrayList<>();

  @Override
  public boolean serves(LaunchRequest request) {
    return HypervisorOptions.hypervisor(request) && request.option("firmware").stream().findFirst().map(this::startsLoaders).orElse(false);
  }

  /** A name that no kind has is a file, which lies in flash. */
  private boolean startsLoaders(String text) {
    return kinds.stream().filter(kind -> kind.name().equals(text)).findFirst().map(FirmwareKind::startsLoaders).orElse(true);
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    FdtNode node = new FdtNode(LoaderNode.PATH.substring(1), List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
        LoaderNode.COMPATIBLE));
    // In the tree it is in snapshots of the firmware's time, too
    return tree.withRoot(tree.root().withChild(HypervisorShaper.append(request).isBlank() ? node : node.withProperty(FdtProperty.ofStrings(
        LoaderNode.BOOTARGS,
        HypervisorShaper.append(request).strip()))));
  }

  /** The firmware is another one's to start. */
  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    awaitLoader(machine, platform, request);
    return false;
  }

  @Override
  public boolean resume(Machine machine, Platform platform, LaunchRequest request) {
    awaitLoader(machine, platform, request);
    return true;
  }

  private static void awaitLoader(Machine machine, Platform platform, LaunchRequest request) {
    HypervisorShaper.serve(machine);
    machine.port(LoaderNode.PATH, LoaderPort.class).serve(block -> new TakeOver(machine, platform, request).take(block));
  }
}
