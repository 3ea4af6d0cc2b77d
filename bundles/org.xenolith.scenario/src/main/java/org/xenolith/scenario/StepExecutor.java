// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.scenario.api.ScenarioWait.Waiting;
import org.xenolith.scenario.file.Action;
import org.xenolith.scenario.file.Action.Manner;

/** Executes steps; one that does not pass is a {@link StepFailure}. */
final class StepExecutor {
  private final Session session;
  private final ChangedBundles bundles;
  private final Services services;
  private final LastingFaults lasting = new LastingFaults();
  private final Map<String, String> digests = new HashMap<>();

  StepExecutor(Session session, ChangedBundles bundles, Services services) {
    this.session = session;
    this.bundles = bundles;
    this.services = services;
  }

  void execute(Action action) throws IOException {
    switch (action) {
      case Action.Type type -> session.type(type.console(), type.text());
      case Action.Expect expect -> expect(expect);
      case Action.Wait wait -> runFor(wait.time(), "the guest runs for " + Session.seconds(wait.time()));
      case Action.End end -> end(end);
      case Action.Replace replace -> replace(replace);
      case Action.Remove remove -> bundles.remove(remove.bundle());
      case Action.Plug plug -> bundles.plug(plug);
      case Action.FailModel fail -> bundles.breakModels(fail);
      case Action.FailDisk fail -> session.disk(fail.disk()).fail(fail);
      case Action.OtherFault fault -> run(fault);
      case Action.Mend mend -> lasting.mend(mend.kind());
      case Action.OtherWait wait -> await(wait);
      case Action.CheckDevice check -> device(check);
      case Action.CheckEvents check -> events(check);
      case Action.CheckConsole check -> console(check);
      case Action.CheckDigest check -> digest(check);
      case Action.OtherCheck check -> other(check);
      case Action.NoteDigest note -> digests.put(note.name(), session.machine().digest());
      case Action.Save save -> save(save.name());
      case Action.Restore restore -> {
        lasting.forget(); // of the machine that is closed
        session.restore(restore.name());
      }
      case Action.Monitor monitor -> monitor(monitor);
    }
  }

  private void expect(Action.Expect action) {
    Transcript console = session.console(action.console());
    String expected = "a line of " + session.nameOf(action.console()) + " that matches '" + action.pattern() + "' within "
        + Session.seconds(action.within()) + " of virtual time";
    console.await(action.pattern(), session.machine()::stop);
    try {
      if (!console.seen() && console.trouble().isEmpty()) {
        StopReason reason = session.run(action.within(), () -> console.seen() || !console.trouble().isEmpty(), expected);
        if (!console.seen() && console.trouble().isEmpty()) {
          throw unseen(reason, expected);
        }
      }
      session.expected(action.pattern());
      if (!console.trouble().isEmpty()) {
        throw new StepFailure(ExitCode.BAD_INPUT, expected, console.trouble());
      }
    } finally {
      console.forget();
    }
  }

  /** What was waited for did not come, though the guest did nothing wrong; or that it did. */
  private StepFailure unseen(StopReason reason, String expected) {
    return new StepFailure(switch (reason) {
      case POWER_OFF, LIMIT, STOPPED -> ExitCode.NOT_SEEN;
      case RESET, IDLE, EXCEPTION_LOOP, EXIT -> ExitCode.GUEST_FAILED;
      case FAULT -> ExitCode.INTERNAL_FAULT;
    }, expected, ended(reason));
  }

  private String ended(StopReason reason) {
    return switch (reason) {
      case POWER_OFF -> "the guest powered off before";
      case EXIT -> "the guest ended the run with exit status " + session.machine().exitStatus().orElse(0);
      case RESET -> "the guest asked for a reset before (a panic does that)";
      case IDLE -> "the guest waits for ever: all CPUs are idle and nothing is armed";
      case EXCEPTION_LOOP -> "the guest takes the same exception for ever: the event exception-loop says which";
      case LIMIT, STOPPED -> "it did not come in that time";
      case FAULT -> "the machine had an internal fault";
    };
  }

  private void runFor(long time, String expected) {
    StopReason reason = session.run(time, () -> false, expected);
    // While nothing can happen time doesn't pass, and nobody misses it.
    if (reason != StopReason.LIMIT && reason != StopReason.IDLE) {
      throw new StepFailure(expected, ended(reason));
    }
  }

  private void end(Action.End action) {
    String how = switch (action.manner()) {
      case POWEROFF -> "powers off";
      case RESET -> "asks for a reset";
      case IDLE -> "waits for ever";
      case EXIT -> "ends the run with exit status " + action.status();
    };
    String expected = "the guest " + how + " within " + Session.seconds(action.within()) + " of virtual time";
    if (action.manner() == Manner.RESET) {
      session.expectPanic(); // a kernel that is told to reboots some time after it
    }
    StopReason reason = action.manner() == Manner.RESET ? session.runToReset(action.within(), expected)
        : session.run(action.within(), () -> false, expected);
    boolean as = switch (action.manner()) {
      case POWEROFF -> reason == StopReason.POWER_OFF;
      case RESET -> reason == StopReason.RESET;
      case IDLE -> reason == StopReason.IDLE;
      case EXIT -> reason == StopReason.EXIT && session.machine().exitStatus().orElse(0) == action.status();
    };
    if (!as) {
      throw unseen(reason, expected);
    }
  }

  private void replace(Action.Replace action) {
    for (int i = 0; i < action.times(); i++) {
      if (i > 0 && action.every() > 0) {
        runFor(action.every(), "the guest runs on between replacements, " + i + " of " + action.times() + " are done");
      }
      bundles.replace(action);
    }
  }

  private void fault(Action.OtherFault action) {
    String expected = "a fault '" + action.kind() + "' " + action.arguments();
    try {
      services.fault(action.kind()).orElseThrow(() -> new StepFailure(expected, "the bundle that knew it is gone"))
          .begin(session.machine(), action.arguments()).ifPresentOrElse(end -> lasting.add(action.kind(), end), () -> {
            if (action.span().isPresent()) {
              throw new StepFailure(ExitCode.BAD_INPUT, expected, "it is over at once; leave out 'for'");
            }
          });
    } catch (IllegalArgumentException e) {
      throw new StepFailure(ExitCode.BAD_INPUT, expected, e.getMessage());
    }
  }

  private void run(Action.OtherFault action) {
    fault(action);
    if (action.span().isPresent()) {
      runFor(action.span().getAsLong(), "the guest runs for " + Session.seconds(action.span().getAsLong()) + " with the fault");
      lasting.mendLast();
    }
  }

  /** Ends the faults that last: what follows the last step. */
  void mend() {
    lasting.mend("");
  }

  private void save(String name) {
    if (lasting.any()) {
      throw new StepFailure(ExitCode.BAD_INPUT, "a snapshot of a machine without a fault that a scenario would have to end",
          "these last: " + lasting + "; mend them before, and inject them again behind it");
    }
    session.save(name);
  }

  private void await(Action.OtherWait action) {
    String said = "'" + action.kind() + "' " + action.arguments();
    try (Waiting waiting = services.waiting(action.kind()).orElseThrow(() -> new StepFailure(said, "the bundle that knew it is gone"))
        .begin(session.machine(), action.arguments())) {
      String expected = waiting.expected() + " within " + Session.seconds(action.within()) + " of virtual time";
      StopReason reason = session.run(action.within(), waiting::come, expected);
      if (!waiting.come()) {
        StepFailure unseen = unseen(reason, expected);
        throw waiting.instead().isEmpty() ? unseen : new StepFailure(unseen.exitCode(), expected, unseen.instead() + "; " + waiting
            .instead());
      }
    } catch (IllegalArgumentException e) {
      throw new StepFailure(ExitCode.BAD_INPUT, said, e.getMessage());
    }
  }

  private void device(Action.CheckDevice action) {
    String expected = "the device " + action.node() + " is " + (action.present() ? "present" : "absent")
        + action.version().map(v -> ", by version " + v + " of its bundle").orElse("");
    Optional<DeviceFact> device = session.machine().devices().stream().filter(d -> d.instance().equals(action.node())).findFirst();
    boolean present = device.isPresent() && !device.get().model().isEmpty();
    if (device.isEmpty() && session.machine().platform().node(action.node()).isEmpty()) {
      throw new StepFailure(ExitCode.BAD_INPUT, expected, "the board has no such node");
    }
    if (present != action.present()) {
      throw new StepFailure(expected, present ? "it is present, served by " + served(device.get()) : "it is absent");
    }
    if (present && action.version().isPresent() && !device.get().version().equals(action.version().get())) {
      throw new StepFailure(expected, "it is served by " + served(device.get()));
    }
  }

  private static String served(DeviceFact device) {
    return device.bundle() + " " + device.version();
  }

  private void events(Action.CheckEvents action) {
    long count = session.counts().getOrDefault(action.kind(), 0L);
    if (count < action.least() || count > action.most()) {
      String range = action.least() == action.most() ? String.valueOf(action.least()) : action.most() == Long.MAX_VALUE
          ? "at least " + action.least() : action.least() == 0 ? "at most " + action.most() : action.least() + " to " + action.most();
      throw new StepFailure(range + " events of kind '" + action.kind() + "'", "there were " + count + "; of all kinds: "
          + session.counts());
    }
  }

  private void console(Action.CheckConsole action) {
    Transcript console = session.console(action.console());
    String expected = (action.shown() ? "a line" : "no line") + " of " + session.nameOf(action.console()) + " that matches '"
        + action.pattern() + "'";
    boolean shown = console.shows(action.pattern());
    if (!console.trouble().isEmpty()) {
      throw new StepFailure(ExitCode.BAD_INPUT, expected, console.trouble());
    }
    if (shown != action.shown()) {
      throw new StepFailure(shown ? ExitCode.GUEST_FAILED : ExitCode.NOT_SEEN, expected, shown ? "there is one" : "there is none so far");
    }
  }

  private void digest(Action.CheckDigest action) {
    String noted = digests.get(action.expected());
    String expected = noted == null ? action.expected() : noted;
    String now = session.machine().digest();
    if (!now.equals(expected)) {
      throw new StepFailure("the digest " + (noted == null ? expected : "of '" + action.expected() + "', " + expected), "it is " + now);
    }
  }

  private void other(Action.OtherCheck action) {
    String expected = "check '" + action.kind() + "' " + action.arguments();
    try {
      services.check(action.kind()).orElseThrow(() -> new StepFailure(expected, "the bundle that knew it is gone"))
          .complaint(session.machine(), action.arguments()).ifPresent(complaint -> {
            throw new StepFailure(expected, complaint);
          });
    } catch (IllegalArgumentException e) {
      throw new StepFailure(ExitCode.BAD_INPUT, expected, e.getMessage());
    }
  }

  private void monitor(Action.Monitor action) {
    List<String> words = Arrays.asList(action.line().strip().split("\\s+"));
    String expected = "the command '" + action.line() + "'" + action.answer().map(a -> " is answered with '" + a + "'").orElse(" is done");
    try {
      MonitorCommand command = services.command(words.getFirst())
          .orElseThrow(() -> new StepFailure(expected, "no installed bundle offers the command '" + words.getFirst() + "'"));
      String answer = new PromptedCommand(session, services.relays()).execute(command, words.subList(1, words.size()), expected);
      if (action.answer().isPresent() && !action.answer().get().matcher(answer).find()) {
        throw new StepFailure(expected, "the answer is '" + answer.strip() + "'");
      }
    } catch (BadInput e) {
      throw new StepFailure(ExitCode.BAD_INPUT, expected, e.getMessage());
    }
  }
}
