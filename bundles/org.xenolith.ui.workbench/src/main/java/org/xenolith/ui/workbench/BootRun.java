// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.launch.kit.ConsoleEnd;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.HangOutsideRun;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.profile.api.Profile;
import org.xenolith.profile.api.Profiler;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

/**
 * One machine, from what was asked for to its end. Its life is led by a thread of its own; the guest runs on another, which can be
 * given up when a model doesn't come back. Where a model hangs while it is made or taken leave of, the whole life is given up: it goes
 * on alone, and nobody listens to it any more.
 */
final class BootRun {
  private final RunRequest request;
  private final Launcher launcher;
  private final List<Profiler> profilers;
  private final SerialLine console;
  private final Host host;
  /** Who types waits until the machine takes it, and must not be the UI thread. */
  private final ExecutorService keys = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("keys").daemon().factory());
  private final HangOutsideRun outside = new HangOutsideRun(this::hangsOutside);
  private volatile Machine machine;
  private volatile RunDriver driver;
  private volatile ConsoleEnd line;
  private volatile boolean running;
  private volatile boolean ran;
  private volatile boolean stopping;
  private volatile Optional<Hang> hang = Optional.empty();
  private volatile Status ended;
  private Thread life;

  /** Who is told of it, on threads of the run. One that was given up is to be ignored. */
  interface Host {
    void tell(BootRun run, Status now);

    void note(BootRun run, String kind, String place, String text);

    /** There is a machine now, which doesn't run yet. */
    void launched(BootRun run, Launch launch);

    /** The model that hangs is another, or none does any more, or there is more to say of it. */
    void hangs(BootRun run);

    /** Asks for another place for a snapshot; empty to give it up. */
    Optional<Path> anotherFolder(Path folder, String reason);

    /** It is over. */
    void over(BootRun run, Status end);
  }

  /** @param profilers the best last */
  BootRun(RunRequest request, Launcher launcher, List<Profiler> profilers, SerialLine console, Host host) {
    this.request = request;
    this.launcher = launcher;
    this.profilers = profilers;
    this.console = console;
    this.host = host;
  }

  void start() {
    life = Thread.ofPlatform().name("machine's life").daemon().start(this::live);
  }

  private void live() {
    Status end;
    try (Launch launch = launcher.launch(request.launch(), text -> host.tell(this, new Status(Phase.PREPARING, text)), this::note)) {
      machine = launch.machine();
      outside.over();
      end = run(launch);
      ended = end;
    } catch (Throwable e) {
      end = new Status(ran ? Phase.FAILED : Phase.REFUSED, e.getMessage() == null ? e.toString() : e.getMessage());
    } finally {
      keys.shutdownNow();
    }
    machine = null;
    driver = null;
    host.over(this, end);
  }

  private Status run(Launch launch) {
    RunDriver drives = new RunDriver(launch, request.stopsAtPanic(), HangLimit.NONE, sentence -> host.tell(this, RunSentence.meanwhile(
        sentence)));
    drives.onHang(now -> look(now, launch));
    ConsoleEnd end = drives.console(console);
    end.show(request.console());
    drives.input(request.record(), "", request.replay(), true); // a prompt shall feel right
    StopReason reason;
    String trouble = "";
    try (Profile profile = request.profile().isEmpty() ? null : request.profiled().begin(machine, profilers)) {
      line = request.replay().isEmpty() ? end : null;
      driver = drives;
      runs(true);
      ran = true;
      host.launched(this, launch);
      host.tell(this, runs(launch));
      if (stopping) {
        drives.quit();
      }
      reason = drives.run(RunLimit.NONE, () -> false);
      runs(false);
      if (reason == null) {
        hang = Optional.empty();
      } else {
        trouble = profile == null ? "" : written(profile);
      }
    } finally {
      runs(false);
      line = null;
    }
    Status over = RunSentence.ended(drives.end(Sight.UNASKED), drives.left());
    return new Status(over.phase(), over.text() + trouble + kept(launch, reason));
  }

  /** Writes the profile; returns why that can't be. */
  private String written(Profile profile) {
    try {
      FileOption.use("profile", request.profile().orElseThrow(), profile::write);
      return "";
    } catch (BadInput e) {
      return " " + e.getMessage() + ".";
    }
  }

  private Status runs(Launch launch) {
    return stopping ? RunSentence.stopping(Phase.RUNNING) : RunSentence.runs(request, launch.guest(), launch.platform().name());
  }

  private void runs(boolean now) {
    running = now;
    outside.runs(now);
  }

  private void look(Optional<Hang> now, Launch launch) {
    hang = now;
    host.tell(this, now.map(who -> new Status(Phase.RUNNING, who + ".")).orElseGet(() -> runs(launch)));
    host.hangs(this);
  }

  /** Writes what was to be kept, and says what became of it. */
  private String kept(Launch launch, StopReason reason) {
    if (request.save().isEmpty()) {
      return "";
    }
    return reason == null ? " " + RunEnd.unsaved(request.save().get()) + "." : save(launch, request.save().get());
  }

  /** Writes the snapshot, and says so: elsewhere as long as it can't be written and somebody names another place. */
  private String save(Launch launch, Path folder) {
    Optional<Path> place = Optional.of(folder);
    String trouble = "";
    while (place.isPresent()) {
      host.tell(this, new Status(Phase.SAVING, "Writing the snapshot to " + place.get() + "…"));
      try {
        launch.save(place.get());
        return " The snapshot is in " + place.get() + ".";
      } catch (IOException e) {
        trouble = BadInput.of(option("save"), place.get(), e).getMessage();
        place = host.anotherFolder(place.get(), trouble);
      }
    }
    return " No snapshot was written. " + trouble;
  }

  /** An event of the machine, on whatever thread; must be quick. */
  private void note(String kind, String place, String text) {
    host.note(this, kind, place, text);
    outside.event(kind, place, text);
  }

  private void hangsOutside(String line) {
    host.tell(this, new Status(ended == null ? Phase.PREPARING : Phase.SAVING, line + "."));
    giveUpIfNobodyWaits();
  }

  /** Who leaves a machine, or is left by it, waits for no model. */
  private void giveUpIfNobodyWaits() {
    Status end = ended;
    String stuck = outside.who();
    if (!stuck.isEmpty() && !running && (stopping || end != null)) {
      host.over(this, new Status(Phase.FAILED, (end == null ? "" : end.text() + " ") + stuck + ": the machine was given up."));
    }
  }

  /** Ends the machine; it is gone a little later, also one that hangs. */
  void stop() {
    stopping = true;
    RunDriver drives = driver;
    if (running) {
      host.tell(this, RunSentence.stopping(Phase.RUNNING));
    }
    if (drives != null) {
      drives.quit();
    }
    giveUpIfNobodyWaits();
  }

  /** Types to the guest; returns at once. */
  void type(byte[] bytes) {
    ConsoleEnd to = line;
    if (to != null && to.present()) {
      try {
        keys.execute(() -> to.type(bytes));
      } catch (RejectedExecutionException e) {
        // The machine has just ended.
      }
    }
  }

  /** The machine while its guest runs. */
  Optional<Machine> machine() {
    Machine now = machine;
    return running ? Optional.ofNullable(now) : Optional.empty();
  }

  /** Virtual nanoseconds; without a machine of which one knows, those that events are shown with. */
  long now() {
    Machine now = machine;
    return now != null ? now.now() : request.launch().text("load").isPresent() ? EventTrail.NO_TIME : 0;
  }

  /** The model that doesn't come back while the guest runs. */
  Optional<Hang> hang() {
    return hang;
  }

  /** Whether there will be a snapshot when it ends. */
  boolean saves() {
    return running && request.save().isPresent();
  }

  /** Waits for the end of its life, for the end of the program. */
  void join(Duration most) throws InterruptedException {
    life.join(most);
  }
}
