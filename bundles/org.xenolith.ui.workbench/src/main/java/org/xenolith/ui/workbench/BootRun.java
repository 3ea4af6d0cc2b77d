// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

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
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.launch.kit.StuckModel;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.profile.api.Profile;
import org.xenolith.profile.api.Profiler;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

/**
 * One machine, from what was asked for to its end. Its life is led by a thread of its own. Where a model hangs while the machine is made
 * or saved, it is waited for until somebody stops the machine.
 */
final class BootRun {
  private final RunRequest request;
  private final MachineLife life;
  private final List<Profiler> profilers;
  private final SerialLine console;
  private final Host host;
  /** Who types waits until the machine takes it, and must not be the UI thread. */
  private final ExecutorService keys = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("keys").daemon().factory());
  private volatile Machine machine;
  private volatile ConsoleEnd line;
  private volatile boolean running;
  private volatile boolean ran;
  private volatile boolean stopping;
  private volatile Optional<Hang> hang = Optional.empty();
  private volatile Status ended;
  private Thread thread;

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
    life = new MachineLife(launcher, HangLimit.NONE, text -> host.tell(this, new Status(Phase.PREPARING, text)), this::note);
    this.profilers = profilers;
    this.console = console;
    this.host = host;
  }

  void start() {
    thread = Thread.ofPlatform().name("machine's life").daemon().start(this::live);
  }

  private void live() {
    Status end;
    try (life) {
      Launch launch = life.launch(request.launch());
      machine = launch.machine();
      end = run(launch);
      ended = end;
    } catch (StuckModel e) {
      end = new Status(Phase.FAILED, (ended == null ? "" : ended.text() + " ") + e.getMessage() + ".");
    } catch (Throwable e) {
      end = new Status(ran ? Phase.FAILED : Phase.REFUSED, e.getMessage() == null ? e.toString() : e.getMessage());
    } finally {
      keys.shutdownNow();
    }
    machine = null;
    host.over(this, end);
  }

  private Status run(Launch launch) {
    RunDriver drives = life.driver(request.stopsAtPanic(), HangLimit.NONE, sentence -> host.tell(this, RunSentence.meanwhile(
        sentence)));
    drives.onHang(now -> look(now, launch));
    ConsoleEnd end = drives.console(console);
    end.show(request.console());
    drives.input(request.record(), "", request.replay(), true); // a prompt shall feel right
    StopReason reason;
    String trouble = "";
    try (Profile profile = request.profile().isEmpty() ? null : request.profiled().begin(machine, profilers)) {
      line = request.replay().isEmpty() ? end : null;
      running = true;
      ran = true;
      host.launched(this, launch);
      host.tell(this, runs(launch));
      reason = drives.run(RunLimit.NONE, () -> false);
      running = false;
      if (reason == null) {
        hang = Optional.empty();
      } else {
        trouble = profile == null ? "" : written(profile);
      }
    } finally {
      running = false;
      line = null;
    }
    Status over = RunSentence.ended(drives.end(Sight.UNASKED), drives.left());
    return new Status(over.phase(), over.text() + trouble + kept(reason));
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

  private void look(Optional<Hang> now, Launch launch) {
    hang = now;
    host.tell(this, now.map(who -> new Status(Phase.RUNNING, who + ".")).orElseGet(() -> runs(launch)));
    host.hangs(this);
  }

  /** Writes what was to be kept, and says what became of it. */
  private String kept(StopReason reason) {
    if (request.save().isEmpty()) {
      return "";
    }
    return reason == null ? " " + RunEnd.unsaved(request.save().get()) + "." : save(request.save().get());
  }

  /** Writes the snapshot, and says so: elsewhere as long as it can't be written and somebody names another place. */
  private String save(Path folder) {
    tellSaving(folder);
    try {
      return " The snapshot is in " + life.save(folder, this::another) + ".";
    } catch (BadInput e) {
      return " No snapshot was written. " + e.getMessage();
    }
  }

  private Optional<Path> another(Path folder, String trouble) {
    Optional<Path> place = host.anotherFolder(folder, trouble);
    place.ifPresent(this::tellSaving);
    return place;
  }

  private void tellSaving(Path folder) {
    host.tell(this, new Status(Phase.SAVING, "Writing the snapshot to " + folder + "…"));
  }

  /** An event of the machine, on whatever thread; must be quick. */
  private void note(String kind, String place, String text) {
    host.note(this, kind, place, text);
    if (kind.equals(MachineLife.HANGS) && !running) {
      host.tell(this, new Status(ended == null ? Phase.PREPARING : Phase.SAVING, text.lines().findFirst().orElse(text) + "."));
    }
  }

  /** Ends the machine; it is gone a little later, also one that hangs. */
  void stop() {
    stopping = true;
    if (running) {
      host.tell(this, RunSentence.stopping(Phase.RUNNING));
    }
    life.quit();
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
    thread.join(most);
  }
}
