// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.PastFrames.Frame;
import org.xenolith.history.PastFrames.Kind;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** The second process: its machine executes a recorded run again up to where a bundle was changed in the first one's, and words of that one's prompt are executed here. */
final class AskedProcess {
  /** System property with what it is asked for: the port on this computer, and the moment of the change. */
  static final String PROPERTY = "xenolith.past";
  /** Environment variable with what it says first: other users of this computer see command lines, not this. */
  static final String SECRET = "XENOLITH_PAST_SECRET";

  private final KeptHistory history;
  private final RunControl control;
  private final Function<String, Optional<MonitorCommand>> commands;
  private final Moment end;
  private final PastFrames frames;
  private Thread worker;

  private AskedProcess(KeptHistory history, RunControl control, Function<String, Optional<MonitorCommand>> commands, Moment end,
      PastFrames frames) {
    this.history = history;
    this.control = control;
    this.commands = commands;
    this.end = end;
    this.frames = frames;
  }

  /**
   * Begins, if this process is one; its machine hasn't run yet.
   *
   * @param commands words of the prompt by name
   */
  static void begin(KeptHistory history, RunControl control, Function<String, Optional<MonitorCommand>> commands) {
    String asked = System.getProperty(PROPERTY);
    if (asked == null) {
      return;
    }
    String[] words = asked.split(",");
    try {
      PastFrames frames = new PastFrames(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0])));
      frames.send(Kind.HELLO, Optional.ofNullable(System.getenv(SECRET)).orElse(""));
      if (!(history.goal(words[1]) instanceof Goal.Exactly to)) {
        throw new IOException("no moment: " + words[1]);
      }
      control.halt();
      AskedProcess process = new AskedProcess(history, control, commands, to.moment(), frames);
      Thread.ofPlatform().daemon().name("words of the past").start(process::serve);
    } catch (IOException e) {
      throw new BadInput("the process that asks for the past isn't there: " + HostReason.of(e).text());
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new BadInput("the process that asks for the past says '" + asked + "', not where it is");
    }
  }

  void progress(String line) {
    try {
      frames.send(Kind.PROGRESS, line);
    } catch (IOException e) {
      // It is gone, which ends this.
    }
  }

  private void serve() {
    try (frames) {
      history.progress(this::progress);
      control.look(() -> execute(history.machine()));
      history.endsAt(end);
      frames.send(Kind.ANSWER, history.machine().digest());
      for (Frame next = frames.receive();; next = frames.receive()) {
        if (next.kind() == Kind.WORD) {
          List<String> words = Arrays.asList(next.text().split(" "));
          worker = Thread.ofPlatform().daemon().name("word of the past").start(() -> answer(words));
        } else if (next.kind() == Kind.CANCEL && worker != null) {
          worker.interrupt();
        }
      }
    } catch (IOException e) {
      // Nobody asks any more.
    } catch (InterruptedException | RuntimeException e) {
      refuse(String.valueOf(e.getMessage())); // own words: what is thrown by the machine and for people
    } finally {
      control.quit();
    }
  }

  /** Executes up to the change, which isn't in what was recorded for this. */
  private Moment execute(Machine machine) {
    run(new RunLimit(Long.MAX_VALUE, end.instructions()), () -> machine.instructions() >= end.instructions());
    run(new RunLimit(end.nanoseconds(), Long.MAX_VALUE), () -> machine.now() >= end.nanoseconds());
    return history.present();
  }

  private void run(RunLimit limit, BooleanSupplier there) {
    while (!there.getAsBoolean()) {
      StopReason reason = history.machine().run(limit);
      // What halts it here is over.
      if (reason != StopReason.LIMIT && reason != StopReason.STOPPED) {
        throw new BadInput("the run doesn't come out as it was: it ended at " + history.present() + " by " + reason);
      }
    }
  }

  private void answer(List<String> words) {
    String name = words.getFirst();
    try {
      MonitorCommand command = commands.apply(name).orElseThrow(() -> new BadInput(name + ": the second process has no such word"));
      String text = command.execute(history.machine(), words.subList(1, words.size()));
      frames.send(Kind.MOMENT, history.shown().map(past -> past.moment()).orElse(end).toString());
      frames.send(Kind.ANSWER, text);
    } catch (IOException e) {
      // It is gone.
    } catch (RuntimeException e) {
      refuse(e instanceof BadInput ? e.getMessage() : name + ": " + e);
    }
  }

  private void refuse(String why) {
    try {
      frames.send(Kind.REFUSAL, why);
    } catch (IOException e) {
      // It is gone.
    }
  }
}
