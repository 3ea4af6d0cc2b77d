// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.SubCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyFormat;
import org.xenolith.platform.api.TopologyStore;
import org.xenolith.profile.api.Profiler;

/** Offers the command line to the launcher, which runs it on the main thread. */
@Component(service = ToIntFunction.class, property = "xenolith.main=true")
public final class CommandLineComponent implements ToIntFunction<String[]> {
  private final BundleContext context;

  @Reference
  private Launcher launcher;
  @Reference
  private LiveChange change;
  @Reference
  private PlatformReader reader;
  @Reference
  private TopologyStore topologies;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<BoardProvider> boards = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<GuestSource> guests = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<TopologyFormat> formats = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<SubCommand> commands = List.of();

  /** Replaced as a whole: only then the runtime keeps it in the order of ranking. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<MonitorCommand> prompt = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<WordRelay> relays = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<Profiler> profilers = new CopyOnWriteArrayList<>();

  /** Made by the service component runtime. */
  @Activate
  public CommandLineComponent(BundleContext context) {
    this.context = context;
  }

  @Override
  public int applyAsInt(String[] arguments) {
    return Commands.run(new Installed(launcher, change, reader, topologies, List.copyOf(formats), boards, guests,
        List.copyOf(commands), new PromptCommands(() -> List.copyOf(prompt), () -> List.copyOf(relays)), profilers, List.of()), context,
        arguments);
  }
}
