package org.xenolith.ui.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.ui.services.IServiceLocator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;

/**
 * The machine that the workbench runs, one at a time, and what is known of it. Any thread may ask and watch; nothing here waits
 * for a machine. A machine runs on a thread of its own, changes of bundles and of domains on others.
 */
@Component(service = Laboratory.class)
public final class Laboratory {
  /** The monitor command whose text is shown. */
  private static final String BUSES = "pcitree";
  private static final String ENGINES = "org.xenolith.cpu.api.CpuEngineFactory";
  private static final String ENGINE = "xenolith.engine";
  private static final double SECOND = 1e9;
  /** How long a machine may take to end when the program does. */
  private static final Duration ENDING = Duration.ofSeconds(5);

  @Reference private LiveChange change;
  @Reference private Launcher launcher;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<BoardProvider> boards = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<GuestSource> guests = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<MonitorCommand> commands = new CopyOnWriteArrayList<>();

  private final SerialLine console = new SerialLine();
  private final EventTrail trail = new EventTrail();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final List<Runnable> eventWatchers = new CopyOnWriteArrayList<>();
  private final DomainDesk domains = new DomainDesk(this::changed);
  private BundleChanges changes;
  private volatile Status status = new Status(Phase.EMPTY, "No machine yet: Machine > Boot… starts one.");
  private volatile Running running;
  private volatile Machine clock;
  private volatile boolean stopping;
  private volatile boolean continuing;
  private volatile boolean saves;
  private volatile Thread life;
  private volatile Platform platform;
  private volatile List<DeviceFact> devices = List.of();
  private volatile String buses = "";
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Elsewhere elsewhere = (folder, reason) -> Optional.empty();
  private volatile BootForm form = new BootForm();

  /** How far a machine is. REFUSED: there was none, what was wanted can't be. */
  enum Phase { EMPTY, PREPARING, RUNNING, SAVING, ENDED, FAILED, REFUSED }

  /** What is going on, with a sentence for people. */
  record Status(Phase phase, String text) { }

  /** Asks where a snapshot shall be written that could not be written to a folder; on the machine's thread, which waits. */
  interface Elsewhere {
    /** Empty to give the snapshot up. */
    Optional<Path> ask(Path folder, String reason);
  }

  private record Running(Machine machine, String console) { }

  /** The one that is installed. */
  static Laboratory of(IServiceLocator window) {
    Laboratory laboratory = window.getService(Laboratory.class);
    if (laboratory == null) {
      throw new IllegalStateException("the machine core (LiveChange) or the launcher (Launcher) is not installed or failed;"
          + " build again with ./xenolith workbench");
    }
    return laboratory;
  }

  @Activate void open() {
    changes = new BundleChanges(change, () -> {
      askForDevices();
      changed();
    });
  }

  /** Boots a machine and returns at once. There must be none: see {@link #busy}. */
  synchronized void boot(BootWish wish) {
    if (busy()) {
      throw new IllegalStateException("a machine is there already: " + status.text());
    }
    console.clear();
    trail.clear();
    stopping = false;
    continuing = wish.request().load().isPresent();
    saves = wish.save().isPresent();
    tell(new Status(Phase.PREPARING, "Preparing a machine…"));
    life = Thread.ofPlatform().name("machine").daemon().start(() -> live(wish));
  }

  /** Whether there is a machine, or soon will be. */
  boolean busy() {
    return status.phase() == Phase.PREPARING || status.phase() == Phase.RUNNING || status.phase() == Phase.SAVING;
  }

  /** Whether the machine that runs will be saved when it ends. */
  boolean saves() {
    return saves && running != null;
  }

  private void live(BootWish wish) {
    Status end;
    try (Launch launch = launcher.launch(wish.request(), line -> tell(new Status(Phase.PREPARING, line)), this::note)) {
      clock = launch.machine();
      end = run(launch, wish);
    } catch (RuntimeException | Error e) {
      end = new Status(clock == null ? Phase.REFUSED : Phase.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
    }
    // What was known of the machine goes with it; the events of one that failed may say why.
    clock = null;
    platform = null;
    devices = List.of();
    domains.of(null);
    buses = "";
    if (end.phase() != Phase.FAILED) {
      trail.clear();
    }
    tell(end);
    eventWatchers.forEach(Runnable::run);
  }

  private Status run(Launch launch, BootWish wish) {
    Machine machine = launch.machine();
    if (wish.record().isPresent()) {
      try {
        machine.record(wish.record().get());
      } catch (IOException e) {
        return new Status(Phase.REFUSED, BadInput.of("--record", wish.record().get(), e).getMessage());
      }
    }
    platform = launch.platform();
    if (!launch.console().isEmpty()) {
      machine.port(launch.console(), SerialPort.class).connect(console);
    }
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    machine.governor(true); // a prompt shall feel right
    machine.post(() -> takeDevices(machine));
    domains.of(machine);
    running = new Running(machine, launch.console());
    tell(new Status(Phase.RUNNING, launch.guest() + " runs on " + platform.name() + "."));
    if (stopping) {
      machine.stop();
    }
    StopReason reason;
    try {
      reason = machine.run(RunLimit.NONE);
    } finally {
      running = null;
    }
    String kept = wish.save().map(folder -> save(launch, folder)).orElse("");
    boolean well = reason == StopReason.STOPPED || reason == StopReason.POWER_OFF || reason == StopReason.LIMIT;
    return new Status(well ? Phase.ENDED : Phase.FAILED, ending(reason, machine.now() / SECOND) + kept);
  }

  /** Writes the snapshot, and says so: elsewhere as long as it can't be written and somebody names another place. */
  private String save(Launch launch, Path folder) {
    Optional<Path> place = Optional.of(folder);
    String trouble = "";
    while (place.isPresent()) {
      tell(new Status(Phase.SAVING, "Writing the snapshot to " + place.get() + "…"));
      try {
        launch.save(place.get());
        return " The snapshot is in " + place.get() + ".";
      } catch (IOException e) {
        trouble = BadInput.of("--save", place.get(), e).getMessage();
        place = elsewhere.ask(place.get(), trouble);
      }
    }
    return " No snapshot was written. " + trouble;
  }

  /** Who is asked when a snapshot can't be written to its folder. */
  void elsewhere(Elsewhere asked) {
    elsewhere = asked;
  }

  private static String ending(StopReason reason, double seconds) {
    String why = switch (reason) {
      case STOPPED -> "Stopped";
      case POWER_OFF -> "The guest powered off";
      case RESET -> "The guest asked for a reset (a panic does that)";
      case IDLE -> "The guest waits for ever: all CPUs idle and nothing armed";
      case LIMIT -> "The limit was reached";
      case FAULT -> "Internal fault; the events have it";
    };
    return "%s after %.3f virtual seconds.".formatted(why, seconds);
  }

  /** Ends the machine; it is gone a little later. */
  void stop() {
    stopping = true;
    Running now = running;
    if (now != null) {
      now.machine().stop();
    }
  }

  /** Types to the guest. */
  void type(byte[] keys) {
    Running now = running;
    if (now != null && !now.console().isEmpty()) {
      now.machine().input("serial", now.console(), keys);
    }
  }

  /** Looks at the devices and subsystems, soon. */
  private void askForDevices() {
    Running now = running;
    if (now != null) {
      now.machine().post(() -> takeDevices(now.machine()));
    }
  }

  /** On the machine's thread, where its devices may be looked at. */
  private void takeDevices(Machine machine) {
    devices = machine.devices();
    changed();
  }

  private void changed() {
    watchers.forEach(Runnable::run);
  }

  /** Looks at the PCI buses, soon. */
  void askForBuses() {
    Running now = running;
    if (now != null && asking.compareAndSet(false, true)) {
      Thread.ofPlatform().name("pci tree").daemon().start(() -> takeBuses(now.machine()));
    }
  }

  /** The command waits until the machine comes to it. */
  private void takeBuses(Machine machine) {
    try {
      String text = "";
      for (MonitorCommand command : commands) {
        if (command.name().equals(BUSES)) {
          text = command.execute(machine, List.of());
        }
      }
      if (!text.equals(buses)) {
        buses = text;
        changed();
      }
    } catch (BadInput stopped) {
      buses = stopped.getMessage();
    } finally {
      asking.set(false);
    }
  }

  /** On the machine's thread, or while it stands still: must be quick. */
  private void note(String kind, String place, String text) {
    Machine now = clock;
    trail.add(now != null ? now.now() : continuing ? EventTrail.NO_TIME : 0, kind, place, text);
    eventWatchers.forEach(Runnable::run);
  }

  private void tell(Status now) {
    status = now;
    changed();
  }

  /** Runs {@code watcher} after every change of what is asked here but events, on any thread; it must be quick. */
  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  /** Runs {@code watcher} after every event, on any thread; it must be quick. */
  void watchEvents(Runnable watcher) {
    eventWatchers.add(watcher);
  }

  /** Ends either. */
  void forget(Runnable watcher) {
    watchers.remove(watcher);
    eventWatchers.remove(watcher);
  }

  Status status() {
    return status;
  }

  /** What the machine is made of; empty without one. */
  Optional<Platform> platform() {
    return Optional.ofNullable(platform);
  }

  /** Its devices and who serves them, as of the latest change. */
  List<DeviceFact> devices() {
    return devices;
  }

  /** Its domains. */
  DomainDesk domains() {
    return domains;
  }

  /** Its PCI buses as an indented text, as of the latest {@link #askForBuses}. */
  String buses() {
    return buses;
  }

  /** Changes of bundles. */
  BundleChanges changes() {
    return changes;
  }

  EventTrail trail() {
    return trail;
  }

  /** The line from the guest to the terminal. */
  SerialLine console() {
    return console;
  }

  /** Names of the boards that need no file. */
  List<String> boards() {
    return boards.stream().map(BoardProvider::name).sorted().toList();
  }

  /** Names of the guests that need no kernel file. */
  List<String> guests() {
    return guests.stream().map(GuestSource::name).sorted().toList();
  }

  /** Names of the CPU engines. */
  List<String> engines() {
    BundleContext context = FrameworkUtil.getBundle(Laboratory.class).getBundleContext();
    try {
      ServiceReference<?>[] found = context.getAllServiceReferences(ENGINES, null);
      return found == null ? List.of() : Arrays.stream(found).map(s -> String.valueOf(s.getProperty(ENGINE))).distinct().sorted().toList();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }

  /** What was asked for last, to begin from. */
  BootForm form() {
    return new BootForm(form);
  }

  void form(BootForm asked) {
    form = new BootForm(asked);
  }

  /** Lets the machine end before the bundles that it is made of go. */
  @Deactivate void close() {
    stop();
    try {
      if (life != null) {
        life.join(ENDING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    changes.close();
    domains.close();
    console.close();
  }
}
