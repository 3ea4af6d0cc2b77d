package org.xenolith.ui.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.ui.services.IServiceLocator;
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
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;

/**
 * The machine that the workbench runs, one at a time, and what is known of it. Any thread may ask and watch; nothing here waits
 * for a machine. A machine runs on a thread of its own, changes of bundles on another.
 */
@Component(service = Laboratory.class)
public final class Laboratory {
  private static final double MILLISECOND = 1e6;
  /** The monitor command whose text is shown. */
  private static final String BUSES = "pcitree";
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
  private final ExecutorService changes = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("live change").daemon().factory());
  private volatile Status status = new Status(Phase.EMPTY, "No machine yet: Machine > Boot… starts one.");
  private volatile Running running;
  private volatile boolean stopping;
  private volatile Thread life;
  private volatile Platform platform;
  private volatile List<DeviceFact> devices = List.of();
  private volatile List<DomainFact> domains = List.of();
  private volatile String buses = "";
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile String lastChange = "";

  /** How far a machine is. */
  enum Phase { EMPTY, PREPARING, RUNNING, ENDED, FAILED }

  /** What is going on, with a sentence for people. */
  record Status(Phase phase, String text) { }

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

  /** Boots a machine and returns at once. There must be none: see {@link #busy}. */
  synchronized void boot(LaunchRequest wish) {
    if (busy()) {
      throw new IllegalStateException("a machine is there already: " + status.text());
    }
    console.clear();
    trail.clear();
    stopping = false;
    tell(new Status(Phase.PREPARING, "Preparing a machine…"));
    life = Thread.ofPlatform().name("machine").daemon().start(() -> live(wish));
  }

  /** Whether there is a machine, or soon will be. */
  boolean busy() {
    return status.phase() == Phase.PREPARING || status.phase() == Phase.RUNNING;
  }

  private void live(LaunchRequest wish) {
    Status end;
    try (Launch launch = launcher.launch(wish, line -> tell(new Status(Phase.PREPARING, line)), this::note)) {
      end = run(launch);
    } catch (RuntimeException | OutOfMemoryError e) {
      end = new Status(Phase.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
    }
    domains = List.of();
    buses = "";
    tell(end);
  }

  private Status run(Launch launch) {
    Machine machine = launch.machine();
    platform = launch.platform();
    if (!launch.console().isEmpty()) {
      machine.port(launch.console(), SerialPort.class).connect(console);
    }
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    machine.governor(true); // a prompt shall feel right
    machine.post(() -> takeFacts(machine));
    running = new Running(machine, launch.console());
    tell(new Status(Phase.RUNNING, launch.guest() + " runs on " + platform.name() + "."));
    if (stopping) {
      machine.stop();
    }
    try {
      StopReason reason = machine.run(RunLimit.NONE);
      return new Status(reason == StopReason.FAULT ? Phase.FAILED : Phase.ENDED, ending(reason, machine.now() / SECOND));
    } finally {
      running = null;
    }
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

  /** Replaces a bundle by the version in a jar, soon. */
  void replace(String bundle, Path jar) {
    change("Replacing " + bundle, () -> {
      try (InputStream content = Files.newInputStream(jar)) {
        return change.replace(bundle, content);
      }
    });
  }

  /** Removes a bundle, soon. */
  void remove(String bundle) {
    change("Removing " + bundle, () -> change.remove(bundle));
  }

  /** Adds the bundle in a jar, soon. */
  void add(Path jar) {
    change("Adding " + jar.getFileName(), () -> {
      try (InputStream content = Files.newInputStream(jar)) {
        return change.add(content);
      }
    });
  }

  private interface ChangeCall {
    Change call() throws IOException;
  }

  private void change(String what, ChangeCall call) {
    changes.execute(() -> {
      say(what + "…");
      try {
        Change done = call.call();
        say(done.done() ? "%s: done. %s%d device%s; machines stood still for %.1f ms.".formatted(what,
            done.version().isEmpty() ? "" : "Version " + done.version() + ". ", done.devices(), done.devices() == 1 ? "" : "s",
            done.hostNanoseconds() / MILLISECOND) : what + ": not done. " + done.reason());
      } catch (IOException | RuntimeException e) {
        say(what + ": not done. " + e.getMessage());
      }
      Running now = running;
      if (now != null) {
        now.machine().post(() -> takeFacts(now.machine()));
      }
    });
  }

  private void say(String text) {
    lastChange = text;
    watchers.forEach(Runnable::run);
  }

  /** On the machine's thread, where its devices may be looked at. */
  private void takeFacts(Machine machine) {
    devices = machine.devices();
    watchers.forEach(Runnable::run);
  }

  /** Looks at the domains, soon. */
  void askForDomains() {
    Running now = running;
    if (now != null && now.machine().platform().node(HypervisorNode.PATH).isPresent()) {
      now.machine().post(() -> takeDomains(now.machine()));
    }
  }

  /** On the machine's thread, where domains may be looked at. */
  private void takeDomains(Machine machine) {
    Domains core = machine.port(HypervisorNode.PATH, DomainsPort.class).domains();
    List<DomainFact> facts = core == null ? domains : core.all().stream().map(DomainFact::of).toList();
    if (!facts.equals(domains)) {
      domains = facts;
      watchers.forEach(Runnable::run);
    }
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
        watchers.forEach(Runnable::run);
      }
    } catch (BadInput stopped) {
      buses = stopped.getMessage();
    } finally {
      asking.set(false);
    }
  }

  /** On the machine's thread: must be quick. */
  private void note(String kind, String place, String text) {
    trail.add(kind, place, text);
    eventWatchers.forEach(Runnable::run);
  }

  private void tell(Status now) {
    status = now;
    watchers.forEach(Runnable::run);
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

  /** What the latest machine is made of. */
  Optional<Platform> platform() {
    return Optional.ofNullable(platform);
  }

  /** Its devices and who serves them, as of the latest change. */
  List<DeviceFact> devices() {
    return devices;
  }

  /** Its domains by domid, as of the latest {@link #askForDomains}. */
  List<DomainFact> domains() {
    return domains;
  }

  /** Its PCI buses as an indented text, as of the latest {@link #askForBuses}. */
  String buses() {
    return buses;
  }

  /** What became of the latest change of a bundle, for people. */
  String lastChange() {
    return lastChange;
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
    changes.shutdown();
    console.close();
  }
}
