// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.xenolith.machine.control.Machine;

/**
 * Has something that runs a machine for long, as a move in the past, done on a thread of its own while a person waits, who hears every two seconds how far it is, and gives up by an interrupt of the
 * thread that waits: Ctrl-C at the prompt. It has ended when the caller is back, so that nothing goes on behind the person's back.
 */
public final class AttendedRun {
  private static final long PATIENCE_MILLISECONDS = 2_000;
  private static final long SOON_MILLISECONDS = 10;

  private final Optional<Machine> machine;
  private final Runnable cancel;
  private final Consumer<String> progress;

  /**
   * Of a machine that nobody else runs.
   *
   * @param cancel   has what is done come back soon; also before it has begun, then it is called again. Any thread
   * @param progress hears lines, each with its end. Any thread
   */
  public AttendedRun(Machine machine, Runnable cancel, Consumer<String> progress) {
    this(Optional.of(machine), cancel, progress);
  }

  private AttendedRun(Optional<Machine> machine, Runnable cancel, Consumer<String> progress) {
    this.machine = machine;
    this.cancel = cancel;
    this.progress = progress;
  }

  /**
   * Of something that doesn't tell how far it is.
   *
   * @param cancel as of the other
   */
  public static AttendedRun silent(Runnable cancel) {
    return new AttendedRun(Optional.empty(), cancel, line -> {});
  }

  /** Does what is quick, and can't be given up: an interrupt of the caller's thread isn't lost in it. */
  public static <T> T quickly(Callable<T> what) {
    return silent(() -> {}).await(what);
  }

  /**
   * Does it.
   *
   * @return what it comes to; if the caller is interrupted, what it comes to when it is given up. The caller's thread is interrupted still then
   */
  public <T> T await(Callable<T> what) {
    FutureTask<T> task = new FutureTask<>(what);
    Thread.ofPlatform().daemon().name("attended run").start(task);
    boolean givenUp = false;
    try {
      for (;;) {
        try {
          return task.get(givenUp ? SOON_MILLISECONDS : PATIENCE_MILLISECONDS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (givenUp) {
            // It may have begun only now.
            cancel.run();
          } else {
            // How far it is can be seen on its thread only.
            machine.ifPresent(each -> each.post(() -> say(each, task)));
          }
        } catch (InterruptedException e) {
          givenUp = true;
          cancel.run();
        } catch (ExecutionException e) {
          throw AttendedRun.<RuntimeException>as(e.getCause());
        }
      }
    } finally {
      if (givenUp) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void say(Machine running, FutureTask<?> task) {
    if (!task.isDone()) {
      progress.accept("on the way, at %,d instructions, %.6f virtual seconds; Ctrl-C gives up%n".formatted(running.instructions(), running
          .now() / 1e9));
    }
  }

  @SuppressWarnings("unchecked") // thrown as it is, checked or not
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
