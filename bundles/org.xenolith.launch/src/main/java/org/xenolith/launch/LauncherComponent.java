// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.MachineBuilder;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformReader;

/** Offers the launcher, with whatever boards, guests, formats and shapers are installed when it is asked. */
@Component
public final class LauncherComponent implements Launcher {
  private static final String USUAL_BOARD = "virt";
  @Reference
  private MachineBuilder builder;
  @Reference
  private PlatformReader reader;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<BoardProvider> boards = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<GuestSource> guests = new CopyOnWriteArrayList<>();

  /** Replaced as a whole: only then the runtime keeps it in the order of ranking. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<BootLoader> loaders = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<BlockDeviceFactory> disks = new CopyOnWriteArrayList<>();

  /** Replaced as a whole: only then the runtime keeps it in the order of ranking. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<LaunchShaper> shapers = List.of();

  /** Replaced as a whole: only then the runtime keeps it in the order of ranking. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<LaunchOption> options = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<Debugger> debuggers = List.of();

  @Override
  public Launch launch(LaunchRequest request, ProgressListener progress, EventLog events) {
    return new LaunchSequence(this::installed, progress, events).launch(request);
  }

  @Override
  public List<LaunchOption> options() {
    return new LaunchOptions(options).inOrder();
  }

  @Override
  public List<BadInput> faults(Map<String, List<String>> said) {
    return new LaunchOptions(options).faults(said);
  }

  @Override
  public LaunchRequest request(Map<String, List<String>> said) {
    return new LaunchOptions(options).request(said, USUAL_BOARD);
  }

  @Override
  public Fdt guestTree(LaunchRequest request) {
    return new LaunchSequence(this::installed, ProgressListener.SILENT, (kind, place, text) -> {}).guestTree(request);
  }

  private Installed installed() {
    return new Installed(builder, reader, boards, guests, List.copyOf(loaders), disks, List.copyOf(shapers), List.copyOf(debuggers),
        new LaunchOptions(
            options));
  }
}
