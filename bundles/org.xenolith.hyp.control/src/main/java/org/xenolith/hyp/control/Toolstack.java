// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.DomainTools;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.hyp.kit.HostNotes;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.share.api.FoldersPort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.XenErrno;
import org.xenolith.xen.abi.XenbusState;

/** The tools: what they do to domains, and what happens when a domain that they built shuts down. */
final class Toolstack implements DeviceModel, DomainListener, DomainTools {
  private static final int EVENT_INTERRUPT = 31;
  /** What libxl lets a domain have beyond its memory, in pages: 1 MiB. */
  private static final int SLACK = 256;
  /** How long a front end is given to let go of a device, ns. */
  private static final long PATIENCE = 10_000_000_000L;

  private final DeviceContext context;
  private final HostFiles files;
  private final DomainsPort domains;
  private final DomainBuildersPort builders;
  private final VirtualDisks disks;
  private final ToolsPort port;
  private final HostNotes notes;
  private final FoldersPort folders;
  private final StoreLayout layout;
  private final StorePort store;
  private final Alarm after;
  private final PassedFunctions functions;
  private final Commands commands;
  private final DeviceState state = new DeviceState();
  private final Map<Integer, ManagedDomain> managed = new TreeMap<>();

  Toolstack(DeviceContext context, HostFiles files) {
    this.context = context;
    this.files = files;
    domains = context.port(DomainsPort.class);
    builders = context.port(DomainBuildersPort.class);
    disks = context.port(VirtualDisks.class);
    store = context.port(StorePort.class);
    layout = new StoreLayout(store);
    port = context.port(ToolsPort.class);
    notes = context.port(HostNotes.class);
    folders = context.port(FoldersPort.class);
    after = context.time().alarm("after", this::sweep);
    functions = new PassedFunctions(this, context);
    commands = new Commands(this, functions, context);
    state.children("domains", managed::clear, () -> {
      Map<String, DeviceState> children = new TreeMap<>();
      managed.forEach((serial, domain) -> children.put("%05d".formatted(serial), domain.state()));
      return children;
    }, serial -> {
      ManagedDomain domain = new ManagedDomain();
      managed.put(Integer.parseInt(serial), domain);
      return domain.state();
    });
    port.attach(this, context);
    domains.listen(this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    managed.keySet().retainAll(all().stream().map(Domain::serial).toList());
    for (Domain domain : all()) {
      ManagedDomain entry = managed.get(domain.serial());
      if (entry != null) {
        entry.disks().forEach(disk -> open(domain, disk));
      }
    }
  }

  @Override
  public void removed() {
    port.detach(this);
    domains.forget(this);
  }

  @Override
  public String execute(List<String> words) {
    return commands.execute(words);
  }

  Domains core() {
    if (domains.domains() == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "the hypervisor's core isn't there");
    }
    return domains.domains();
  }

  List<? extends Domain> all() {
    return domains.domains() == null ? List.of() : domains.domains().all();
  }

  /** A domain by domid or name. */
  Domain find(String text) {
    return all().stream().filter(d -> d.name().equals(text) || Integer.toString(d.id()).equals(text)).findFirst()
        .orElseThrow(() -> new HypervisorException(-XenErrno.XEN_ENOENT, "there is no domain '" + text + "'; there are "
            + all().stream().map(Domain::name).collect(Collectors.joining(", "))));
  }

  // ---- Create and destroy

  /** @param dry it is only looked at what the domain would be */
  String create(CreateWords words, boolean paused, boolean dry) {
    String file = words.file();
    String text = words.behind(new String(files.read("create", file, InputFile.WRITTEN), StandardCharsets.UTF_8));
    words.lines().forEach(line -> ConfigFile.parse("create: '" + line + "'", line));
    DomainConfig config = DomainConfig.read(file, text);
    return dry ? warnings(config) + "would create domain " + config.name() + "\n" : create(config, file, text, paused);
  }

  private static String warnings(DomainConfig config) {
    return config.warnings().stream().map(w -> "warning: " + w + "\n").collect(Collectors.joining());
  }

  private String create(DomainConfig config, String file, String text, boolean paused) {
    DomainSpec spec = new DomainSpec(config.name(), config.uuid(), config.vcpus(), (config.memory() << 8) + SLACK,
        DomainSpec.Kind.DOMU, EVENT_INTERRUPT, config.weight(), config.cap());
    Domain domain = builders.build(config.builder(), -1, spec, image(spec, config, file));
    try {
      ManagedDomain entry = new ManagedDomain();
      entry.begin(notes.name(file));
      notes.note(configuration(domain), text);
      managed.put(domain.serial(), entry);
      layout.domain(domain, config.memory() << 10);
      config.disks().forEach(disk -> attach(domain, disk));
      for (int i = 0; i < config.interfaces().size(); i++) {
        layout.network(domain, i, config.interfaces().get(i));
      }
      for (int i = 0; i < config.folders().size(); i++) {
        share(domain, i, config.folders().get(i));
      }
      if (config.pci() != null) {
        config.pci().forEach(function -> functions.attach(domain, function));
      }
    } catch (HypervisorException e) {
      destroy(domain);
      throw e;
    }
    if (!paused) {
      domain.unpause();
    }
    return warnings(config) + "created domain " + domain.id() + " " + domain.name() + "\n";
  }

  private DomainImage image(DomainSpec spec, DomainConfig config, String file) {
    long memory = config.memory() << 20;
    if (!config.firmware().isEmpty()) {
      List<DomainImage> forms = files.firmware(file + ": firmware", config.firmware(), memory, options(config));
      return forms.stream().filter(form -> builders.takes(spec, form)).findFirst().orElse(forms.getFirst());
    }
    return new DomainImage(files.read(file + ": kernel", config.kernel(), InputFile.GUEST), config.ramdisk().isEmpty()
        ? new byte[0]
        : files.read(file + ": ramdisk", config.ramdisk(), InputFile.GUEST), config.line(), memory, options(config));
  }

  /** Key of the note with a domain's configuration. */
  private static String configuration(Domain domain) {
    return "config-" + domain.serial();
  }

  private static Map<String, String> options(DomainConfig config) {
    Map<String, String> options = new TreeMap<>();
    if (!config.vuart().isEmpty()) {
      options.put("vuart", config.vuart());
    }
    if (config.acpi()) {
      options.put("acpi", "1");
    }
    if (!config.container().isEmpty()) {
      options.put("container", config.container());
    }
    if (config.pci() != null) {
      options.put("pci", "1");
    }
    return options;
  }

  void attach(Domain domain, DiskSpec disk) {
    String id = Integer.toString(disk.number());
    if (layout.devices(domain, "vbd").contains(id)) {
      throw new HypervisorException(-XenErrno.XEN_EEXIST, domain.name() + " has " + disk.device() + " already; detach it first");
    }
    ManagedDomain entry = managed.get(domain.serial());
    if (entry == null) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, domain.name() + " wasn't created by these tools");
    }
    // Guests, the digest and who replaces this see the image's name only.
    DiskSpec named = disk.withTarget(notes.name(disk.target()));
    open(domain, named);
    entry.opened(named);
    layout.block(domain, named);
  }

  /** Guests, the digest and who replaces this see the folder's name only. */
  private void share(Domain domain, int index, FolderSpec folder) {
    folders.add(folderKey(domain) + index, new SharedFolder(folder.path(), folder.readOnly(), domain.name() + ": p9 '" + folder.tag()
        + "', "
        + folder.path(), folder.mount()));
    layout.folder(domain, index, folder.withPath(notes.name(folder.path())));
  }

  /** What keys of a domain's folders begin with, as {@code Backend.key} has them. */
  private static String folderKey(Domain domain) {
    return "%05d/".formatted(domain.serial());
  }

  private void open(Domain domain, DiskSpec disk) {
    String name = VirtualDisks.name(domain, Integer.toString(disk.number()), disk.target());
    if (disks.disk(name) == null) {
      BlockDevice device = files.open(disk.withTarget(notes.path(disk.target())), line -> context.events().announce("disk-prepared", domain
          .name(), line));
      try {
        disks.attach(name, device);
      } catch (IOException e) {
        throw new HypervisorException(-XenErrno.XEN_EINVAL, disk.target() + ": " + HostReason.of(e).text());
      }
    }
  }

  /** Attaches an interface that words of a command describe, under the first free number. */
  void attachInterface(Domain domain, String words, Consumer<String> leftOut) {
    int index = 0;
    while (layout.devices(domain, "vif").contains(Integer.toString(index))) {
      index++;
    }
    layout.network(domain, index, VifSpec.parse("network-attach", words, domain.name(), index, leftOut));
  }

  /** Asks a device's two ends to part; its nodes go when they have, or after a while. */
  void detach(Domain domain, String kind, String id) {
    if (!layout.devices(domain, kind).contains(id)) {
      throw new HypervisorException(-XenErrno.XEN_ENOENT, domain.name() + " has no " + kind + " " + id + "; it has "
          + layout.devices(domain, kind));
    }
    layout.close(domain, kind, id);
    ManagedDomain entry = managed.get(domain.serial());
    if (entry != null) {
      entry.doomed.value = context.time().clock().now() + PATIENCE;
      after.at(context.time().clock().now() + PATIENCE / 100);
    }
  }

  void destroy(Domain domain) {
    core().destroy(domain);
  }

  /** Domains that nobody builds from a file have their names in the store, too. */
  @Override
  public void started(Domain domain) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      all().stream().filter(Domain::privileged).forEach(layout::wellKnown);
    }
  }

  @Override
  public void shutdown(Domain domain) {
    after.at(context.time().clock().now());
  }

  @Override
  public void destroyed(Domain domain) {
    if (managed.remove(domain.serial()) != null) {
      layout.forget(domain);
      notes.note(configuration(domain), null);
    }
    for (String name : List.copyOf(disks.names())) {
      if (VirtualDisks.of(domain, name)) {
        close(name);
      }
    }
    folders.folders().keySet().stream().filter(key -> key.startsWith(folderKey(domain))).forEach(folders::remove);
  }

  private void close(String name) {
    try {
      BlockDevice device = disks.detach(name);
      if (device != null) {
        device.close();
      }
    } catch (IOException e) {
      context.events().report("disk-failed", name, HostReason.of(e).text());
    }
  }

  /** Finishes what takes a while: domains that shut down, devices that are being detached. */
  private void sweep() {
    boolean again = false;
    for (Domain domain : List.copyOf(all())) {
      ManagedDomain entry = managed.get(domain.serial());
      if (domain.shutdownReason() >= 0 && (entry != null || domain.kind() == DomainSpec.Kind.DOM0)) {
        ended(domain, entry);
      } else if (entry != null && entry.doomed.value != 0) {
        again |= part(domain, entry);
      }
    }
    if (again) {
      after.at(context.time().clock().now() + PATIENCE / 100);
    }
  }

  private boolean part(Domain domain, ManagedDomain entry) {
    boolean late = context.time().clock().now() >= entry.doomed.value;
    boolean waiting = false;
    for (String kind : List.of("vbd", "vif")) {
      for (String id : layout.devices(domain, kind)) {
        String back = layout.backState(domain, kind, id);
        boolean closing = String.valueOf(XenbusState.XenbusStateClosing).equals(back);
        boolean closed = back == null || String.valueOf(XenbusState.XenbusStateClosed).equals(back);
        if (!layout.wanted(domain, kind, id) && (closed || closing && late)) {
          layout.forget(domain, kind, id);
          if (kind.equals("vbd")) {
            entry.closed(id);
          }
          String disk = VirtualDisks.name(domain, id, "");
          List.copyOf(disks.names()).stream().filter(name -> name.startsWith(disk)).forEach(this::close);
        } else {
          waiting |= closing;
        }
      }
    }
    if (!waiting) {
      entry.doomed.value = 0;
    }
    return waiting;
  }

  private void ended(Domain domain, ManagedDomain entry) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      if (domain.shutdownReason() == SchedOp.SHUTDOWN_poweroff) {
        context.power().powerOff();
      } else {
        if (domain.shutdownReason() == SchedOp.SHUTDOWN_crash) {
          context.events().report(RunEnd.GUEST_PANIC, "Domain-0", "it shut down because it crashed");
        }
        context.power().reset("Domain-0 " + switch (domain.shutdownReason()) {
          case SchedOp.SHUTDOWN_reboot -> "reboots";
          case SchedOp.SHUTDOWN_crash -> "crashed";
          case SchedOp.SHUTDOWN_watchdog -> "was found dead by its watchdog";
          default -> "shut down for reason " + domain.shutdownReason();
        });
      }
      return;
    }
    String file = notes.path(entry.file());
    String text = notes.note(configuration(domain));
    DomainConfig config = DomainConfig.read(file, text);
    String action = config.actions().get(switch (domain.shutdownReason()) {
      case SchedOp.SHUTDOWN_poweroff, SchedOp.SHUTDOWN_suspend -> "poweroff";
      case SchedOp.SHUTDOWN_reboot -> "reboot";
      case SchedOp.SHUTDOWN_watchdog -> "watchdog";
      case SchedOp.SHUTDOWN_soft_reset -> "soft_reset";
      default -> "crash";
    });
    if (!action.equals("preserve")) {
      destroy(domain);
    }
    if (action.equals("restart")) {
      try {
        create(config, file, text, false);
      } catch (HypervisorException e) {
        context.events().report("domain-failed", domain.name(), "can't be started again: " + e.getMessage());
      }
    }
    if (all().stream().noneMatch(Toolstack::mayRunAgain)) {
      over(domain);
    }
  }

  private static boolean mayRunAgain(Domain domain) {
    return domain.kind() != DomainSpec.Kind.SERVICE && (domain.state() == DomainState.BUILDING || domain.state() == DomainState.RUNNING);
  }

  /** The last domain that could run has ended by itself: nothing is left that the machine could do. */
  private void over(Domain last) {
    if (last.shutdownReason() != SchedOp.SHUTDOWN_poweroff && last.shutdownReason() != SchedOp.SHUTDOWN_reboot) {
      context.events().report(RunEnd.LAST_DOMAIN_FAILED, last.name(), "it shut down " + (last.shutdownReason() == SchedOp.SHUTDOWN_crash
          ? "because it crashed" : "for reason " + last.shutdownReason()) + ", and no other domain is left");
    }
    context.power().powerOff();
  }

  StorePort store() {
    return store;
  }
}
