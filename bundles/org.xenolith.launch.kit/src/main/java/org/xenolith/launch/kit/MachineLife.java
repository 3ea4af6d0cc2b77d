// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.MachineState;

/**
 * A machine's life as whoever has people to answer to leads it: launched, run by a {@link RunDriver}, saved and closed; then there may be
 * another machine. What calls models while no guest runs has a thread of its own: where a model doesn't come back within the limit that
 * thread is left in it, and who leads the life hears so by a {@link StuckModel} and goes on without the machine. Used by one thread but for
 * {@link #quit}.
 */
public final class MachineLife implements AutoCloseable {
  /** Kind of the event by which a machine tells that a model doesn't come back. */
  public static final String HANGS = "model-hangs";
  private static final String CAME_BACK = "model-came-back";
  /** Nobody waits for a machine that isn't needed any more. */
  private static final HangLimit AT_ONCE = new HangLimit(1);
  private static final long LOOK_MILLISECONDS = 100;

  private final Launcher launcher;
  private final HangLimit limit;
  private final ProgressListener progress;
  private final EventLog events;
  private @Nullable Launch launch;
  private @Nullable RunDriver driver;
  private boolean quit;
  /** Which model hangs and since when, in a line, and when that was said; empty while none does, or the guest runs. */
  private String hang = "";
  private long said;
  private boolean apart;

  /**
   * A life without a machine yet.
   *
   * @param limit    how long a model may take while no guest runs, from when it is said that it hangs
   * @param progress hears what takes long
   * @param events   hears of the machines' events
   */
  public MachineLife(Launcher launcher, HangLimit limit, ProgressListener progress, EventLog events) {
    this.launcher = launcher;
    this.limit = limit;
    this.progress = progress;
    this.events = events;
  }

  /** Launches a machine; the one before has been closed. */
  public Launch launch(LaunchRequest request) {
    launch = apart(limit, () -> launcher.launch(request, progress, new Heard()), Launch::close);
    return launch;
  }

  /** Forks a machine, as {@link Launch#fork(MachineState, EventLog)} does; the one before has been closed. @param from which may be closed, too */
  public Launch fork(Launch from, MachineState state) {
    launch = apart(limit, () -> from.fork(state, new Heard()), Launch::close);
    return launch;
  }

  /** Makes the driver of the machine's runs; the parameters are those of {@link RunDriver#RunDriver}. */
  public synchronized RunDriver driver(boolean stopsAtPanic, HangLimit hangLimit, Consumer<String> told) {
    driver = new RunDriver(launch, stopsAtPanic, hangLimit, told);
    if (quit) {
      driver.quit();
    }
    return driver;
  }

  /** Whether there is a machine. */
  public boolean begun() {
    return launch != null;
  }

  /** Has the machine written into a new folder; it stands still. */
  public void save(Path folder) throws IOException {
    apart(limit, () -> {
      launch.save(folder);
      return folder;
    }, done -> {});
  }

  /**
   * Has the machine written into a new folder, or where that can't be into another one, as long as somebody names one; it stands still.
   *
   * @param another another folder in the place of one into which nothing could be written, for a reason in words; empty to give up
   * @return where it is
   * @throws BadInput with the first reason, when that was given up
   */
  public Path save(Path folder, BiFunction<Path, String, Optional<Path>> another) {
    BadInput first = null;
    for (Path place = folder;;) {
      try {
        save(place);
        return place;
      } catch (IOException e) {
        BadInput trouble = BadInput.of(option("save"), place, e);
        first = first == null ? trouble : first;
        Optional<Path> next = another.apply(place, trouble.getMessage());
        if (next.isEmpty()) {
          throw first;
        }
        place = next.get();
      }
    }
  }

  /** Ends the machine's run, or leaves a model that doesn't come back while none is: in both cases also what comes later. Any thread. */
  public synchronized void quit() {
    quit = true;
    notifyAll();
    if (driver != null) {
      driver.quit();
    }
  }

  /** Whether somebody wants it to end. Any thread. */
  public synchronized boolean isQuitting() { return quit; }

  /** Closes the machine, if there is one, for another one to come: its models have the time of the limit to take leave. */
  public void closeForAnother() {
    close(limit);
  }

  /** Closes the machine, if there is one. A model that hangs then isn't waited for. */
  @Override
  public void close() {
    close(AT_ONCE);
  }

  private void close(HangLimit most) {
    Launch old = launch;
    launch = null;
    synchronized (this) {
      driver = null;
    }
    if (old != null) {
      apart(most, () -> {
        old.close();
        return old;
      }, done -> {});
    }
  }

  /** What is done on a thread of its own. */
  private static final class Part<T> {
    @Nullable
    T result;
    @Nullable
    Throwable thrown;
    boolean done;
    boolean left;
  }

  /** Does something that calls models, and waits for that as long as they come back. @param unwanted is given a result that nobody waited for */
  private <T> T apart(HangLimit most, Callable<T> does, Consumer<T> unwanted) {
    Part<T> part = new Part<>();
    apart(true);
    Thread.ofPlatform().daemon().name("machine's making and end").start(() -> {
      T result = null;
      Throwable thrown = null;
      try {
        result = does.call();
      } catch (Throwable e) {
        thrown = e;
      }
      if (over(part, result, thrown) && result != null) {
        unwanted.accept(result);
      }
    });
    try {
      await(part, most);
    } finally {
      apart(false);
    }
    if (part.thrown != null) {
      throw MachineLife.<RuntimeException>as(part.thrown);
    }
    return part.result;
  }

  private synchronized void apart(boolean now) {
    apart = now;
    hang = "";
  }

  /** Returns whether it was left before. */
  private synchronized <T> boolean over(Part<T> part, @Nullable T result, @Nullable Throwable thrown) {
    part.result = result;
    part.thrown = thrown;
    part.done = true;
    notifyAll();
    return part.left;
  }

  private synchronized void await(Part<?> part, HangLimit most) {
    while (!part.done) {
      boolean late = !most.isNone() && System.nanoTime() - said >= most.nanoseconds();
      if (!hang.isEmpty() && (quit || late)) {
        part.left = true;
        launch = null;
        driver = null;
        throw new StuckModel(hang);
      }
      try {
        wait(LOOK_MILLISECONDS);
      } catch (InterruptedException e) {
        // Some bundles interrupt threads that aren't their own: that ends nothing.
      }
    }
  }

  @SuppressWarnings("unchecked") // thrown as it is, checked or not
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** Hears the machines' events first. */
  private final class Heard implements EventLog {
    @Override
    public void report(String kind, String place, String text) {
      events.report(kind, place, text);
      heard(kind, text);
    }

    @Override
    public void announce(String kind, String place, String text) {
      events.announce(kind, place, text);
      heard(kind, text);
    }

    @Override
    public void hostFailed(String kind, String place, String text) {
      events.hostFailed(kind, place, text);
    }
  }

  private synchronized void heard(String kind, String text) {
    if (kind.equals(CAME_BACK)) {
      hang = "";
    } else if (kind.equals(HANGS) && apart) {
      hang = text.lines().findFirst().orElse(text);
      said = System.nanoTime();
      notifyAll();
    }
  }
}
