// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.ui.services.IServiceLocator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciInventory;
import org.xenolith.platform.api.Platform;
import org.xenolith.profile.api.Profiler;

/**
 * The machine that the workbench runs, one at a time, and what is known of it. Any thread may ask and watch; nothing here waits
 * for a machine. A machine runs on a thread of its own, changes of bundles and of domains on others.
 */
@Component(service = Laboratory.class)
public final class Laboratory {
  /** How long a machine may take to end when the program does. */
  private static final Duration ENDING = Duration.ofSeconds(5);

  @Reference
  private LiveChange change;
  @Reference
  private Launcher launcher;

  /** Null while nobody knows of PCI. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile PciInventory inventory;

  /** Replaced as a whole: only then the runtime keeps it in the order of ranking. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<Profiler> profilers = List.of();

  private final SerialLine console = new SerialLine();
  private final EventTrail trail = new EventTrail();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final List<Runnable> eventWatchers = new CopyOnWriteArrayList<>();
  private final DomainDesk domains = new DomainDesk(this::changed);
  private final FirmwareDesk firmware = new FirmwareDesk(this::changed);
  private BundleChanges changes;
  private volatile Status status = new Status(Phase.EMPTY, "No machine yet: Machine > Boot… starts one.");
  /** The latest, also when it is over. */
  private volatile BootRun run;
  private volatile Platform platform;
  private volatile List<DeviceFact> devices = List.of();
  private volatile List<PciHostFacts> buses = List.of();
  /** The machine that is being asked for its buses, or was and never answered. */
  private final AtomicReference<Machine> asking = new AtomicReference<>();
  private final AtomicReference<BootRun> takingOff = new AtomicReference<>();
  private volatile FolderQuestion anotherFolder = (folder, reason) -> Optional.empty();
  private volatile BootForm form;
  private volatile String refusal = "";

  /** How far a machine is. REFUSED: there was none, what was wanted can't be. */
  enum Phase {
    EMPTY, PREPARING, RUNNING, SAVING, ENDED, FAILED, REFUSED
  }

  /** What is going on, with a sentence for people. */
  record Status(Phase phase, String text) {}

  /** Asks where a snapshot shall be written that could not be written to a folder; on the machine's thread, which waits. */
  interface FolderQuestion {
    /** Empty to give the snapshot up. */
    Optional<Path> ask(Path folder, String reason);
  }

  /** The one that is installed. */
  static Laboratory of(IServiceLocator window) {
    Laboratory laboratory = window.getService(Laboratory.class);
    if (laboratory == null) {
      throw new IllegalStateException("the machine core (LiveChange) or the launcher (Launcher) is not installed or failed;"
          + " build again with ./xenolith workbench");
    }
    return laboratory;
  }

  @Activate
  void open() {
    changes = new BundleChanges(change, () -> {
      askForDevices();
      changed();
    });
  }

  /** Boots a machine and returns at once. There must be none: see {@link #busy}. */
  synchronized void boot(RunRequest request) {
    if (busy()) {
      throw new IllegalStateException("a machine is there already: " + status.text());
    }
    console.clear();
    trail.clear();
    run = new BootRun(request, launcher, List.copyOf(profilers), console, new RunHost());
    tell(new Status(Phase.PREPARING, "Preparing a machine…"));
    run.start();
  }

  /** Whether there is a machine, or soon will be. */
  boolean busy() {
    return status.phase() == Phase.PREPARING || status.phase() == Phase.RUNNING || status.phase() == Phase.SAVING;
  }

  /** Whether the machine that runs will be saved when it ends. */
  boolean saves() {
    return run != null && run.saves();
  }

  /** The machine while its guest runs. */
  private Optional<Machine> running() {
    return Optional.ofNullable(run).flatMap(BootRun::machine);
  }

  /** What a run tells; one that was given up has no say any more. */
  private final class RunHost implements BootRun.Host {
    private boolean current(BootRun of) {
      return of == run && busy();
    }

    @Override
    public void tell(BootRun of, Status now) {
      synchronized (Laboratory.this) {
        if (current(of)) {
          Laboratory.this.tell(now);
        }
      }
    }

    @Override
    public void note(BootRun of, String kind, String place, String text) {
      if (current(of)) {
        trail.add(of.now(), kind, place, text);
        eventWatchers.forEach(Runnable::run);
        firmware.heard(kind, text);
        if (kind.equals(MachineLife.HANGS)) {
          // Also for who must end the program from a terminal.
          System.err.println("xenolith: " + kind + " " + place + ": " + text);
        }
      }
    }

    @Override
    public void launched(BootRun of, Launch launch) {
      if (current(of)) {
        platform = launch.platform();
        launch.machine().post(() -> takeDevices(launch.machine()));
        domains.of(launch.machine());
        firmware.of(launch.machine());
      }
    }

    @Override
    public void hangs(BootRun of) {
      if (current(of)) {
        changed();
        if (of.hang().isEmpty()) {
          askForDevices(); // it may be off the bus
        }
      }
    }

    @Override
    public Optional<Path> anotherFolder(Path folder, String reason) {
      return anotherFolder.ask(folder, reason);
    }

    /** What was known of the machine goes with it; the events of one that failed may say why. */
    @Override
    public void over(BootRun of, Status end) {
      synchronized (Laboratory.this) {
        if (!current(of)) {
          return;
        }
        platform = null;
        devices = List.of();
        domains.of(null);
        firmware.of(null);
        buses = List.of();
        if (end.phase() != Phase.FAILED) {
          trail.clear();
        }
        Laboratory.this.tell(end);
      }
      eventWatchers.forEach(Runnable::run);
    }
  }

  /** Who is asked when a snapshot can't be written to its folder. */
  void anotherFolder(FolderQuestion asked) {
    anotherFolder = asked;
  }

  /** Ends the machine; it is gone a little later. */
  void stop() {
    BootRun now = run;
    if (now != null) {
      now.stop();
    }
  }

  /** Types to the guest. */
  void type(byte[] keys) {
    BootRun now = run;
    if (now != null) {
      now.type(keys);
    }
  }

  /** The model that doesn't come back while a guest runs; empty while all is well. */
  Optional<Hang> hang() {
    return Optional.ofNullable(run).flatMap(BootRun::hang);
  }

  /** Takes the model that hangs off the bus, soon: {@code told} hears what became of it, on another thread. */
  void takeOff(Consumer<String> told) {
    BootRun now = run;
    running().ifPresent(machine -> {
      if (takingOff.getAndSet(now) != now) {
        Thread.ofPlatform().name("take off").daemon().start(() -> {
          String text = machine.takeOff().text();
          takingOff.compareAndSet(now, null);
          told.accept(text);
        });
      }
    });
  }

  /** Looks at the devices and subsystems, soon. */
  private void askForDevices() {
    running().ifPresent(machine -> machine.post(() -> takeDevices(machine)));
  }

  /** On the machine's thread, where its devices may be looked at. */
  private void takeDevices(Machine machine) {
    if (running().filter(machine::equals).isPresent()) {
      devices = machine.devices();
      changed();
    }
  }

  private void changed() {
    watchers.forEach(Runnable::run);
  }

  /** Looks at the PCI buses, soon. */
  void askForBuses() {
    PciInventory asked = inventory;
    running().filter(machine -> asked != null && hang().isEmpty()).ifPresent(machine -> {
      if (asking.getAndSet(machine) != machine) {
        asked.ask(machine, known -> known.hosts(machine)).whenComplete((found, failed) -> takeBuses(machine, found));
      }
    });
  }

  /** On the machine's thread. @param found null if the question failed */
  private void takeBuses(Machine machine, List<PciHostFacts> found) {
    asking.compareAndSet(machine, null);
    if (found != null && !found.equals(buses) && running().filter(machine::equals).isPresent()) {
      buses = found;
      changed();
    }
  }

  private void tell(Status now) {
    refusal = now.text();
    status = new Status(now.phase(), empty().shown(now.text()));
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

  /** Firmware of bundles, its own and its domains'. */
  FirmwareDesk firmware() {
    return firmware;
  }

  /** Its PCI host bridges and what is behind each, as of the latest {@link #askForBuses}. */
  List<PciHostFacts> buses() {
    return buses;
  }

  /** Changes of bundles. */
  BundleChanges changes() {
    return changes;
  }

  /**
   * Writes what is safe while a model hangs into a new folder, soon: who hangs and where, the events, the end of the console. {@code told}
   * hears what became of it, on another thread.
   */
  void saveWhatIsSafe(Path folder, Consumer<String> told) {
    hang().ifPresent(hang -> Thread.ofPlatform().name("save").daemon().start(() -> told.accept(new HangRecord(hang, trail.latest(), console
        .kept()).write(folder))));
  }

  EventTrail trail() {
    return trail;
  }

  /** The line from the guest to the terminal. */
  SerialLine console() {
    return console;
  }

  /** Why what was asked for last was refused, with options as messages name them; see {@link BootForm#culprit}. */
  String refusal() {
    return refusal;
  }

  /** What was asked for last, to begin from. */
  BootForm form() {
    return form == null ? empty() : new BootForm(form);
  }

  /** A form in which nothing is asked for. */
  BootForm empty() {
    return new BootForm(launcher);
  }

  void form(BootForm asked) {
    form = new BootForm(asked);
  }

  /** Lets the machine end before the bundles that it is made of go. */
  @Deactivate
  void close() {
    stop();
    try {
      if (run != null) {
        run.join(ENDING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    changes.close();
    domains.close();
    firmware.close();
    console.close();
  }
}
