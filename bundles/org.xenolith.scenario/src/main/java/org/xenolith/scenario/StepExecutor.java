package org.xenolith.scenario;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.scenario.file.Action;
import org.xenolith.scenario.file.Action.Manner;

/** Executes steps; one that does not pass is a {@link StepFailure}. */
final class StepExecutor {
  private final Session session;
  private final ChangedBundles bundles;
  private final Services services;
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
      case Action.OtherFault fault -> fault(fault);
      case Action.CheckDevice check -> device(check);
      case Action.CheckEvents check -> events(check);
      case Action.CheckConsole check -> console(check);
      case Action.CheckDigest check -> digest(check);
      case Action.OtherCheck check -> other(check);
      case Action.NoteDigest note -> digests.put(note.name(), session.machine().digest());
      case Action.Save save -> session.save(save.name());
      case Action.Restore restore -> session.restore(restore.name());
      case Action.Monitor monitor -> monitor(monitor);
    }
  }

  private void expect(Action.Expect wish) {
    Transcript console = session.console(wish.console());
    String expected = "a line of " + session.nameOf(wish.console()) + " that matches '" + wish.pattern() + "' within "
        + Session.seconds(wish.within()) + " of virtual time";
    console.await(wish.pattern(), session.machine()::stop);
    try {
      if (!console.seen() && console.trouble().isEmpty()) {
        StopReason reason = session.run(wish.within(), () -> console.seen() || !console.trouble().isEmpty(), expected);
        if (!console.seen() && console.trouble().isEmpty()) {
          throw new StepFailure(expected, ended(reason));
        }
      }
      session.expected(wish.pattern());
      if (!console.trouble().isEmpty()) {
        throw new StepFailure(expected, console.trouble());
      }
    } finally {
      console.forget();
    }
  }

  private static String ended(StopReason reason) {
    return switch (reason) {
      case POWER_OFF -> "the guest powered off before";
      case RESET -> "the guest asked for a reset before (a panic does that)";
      case IDLE -> "the guest waits for ever: all CPUs are idle and nothing is armed";
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

  private void end(Action.End wish) {
    String how = switch (wish.manner()) {
      case POWEROFF -> "powers off";
      case RESET -> "asks for a reset";
      case IDLE -> "waits for ever";
    };
    String expected = "the guest " + how + " within " + Session.seconds(wish.within()) + " of virtual time";
    if (wish.manner() == Manner.RESET) {
      session.expectPanic(); // a kernel that is told to reboots some time after it
    }
    StopReason reason = session.run(wish.within(), () -> false, expected);
    boolean as = reason == StopReason.POWER_OFF && wish.manner() == Manner.POWEROFF
        || reason == StopReason.RESET && wish.manner() == Manner.RESET || reason == StopReason.IDLE && wish.manner() == Manner.IDLE;
    if (!as) {
      throw new StepFailure(expected, ended(reason));
    }
  }

  private void replace(Action.Replace wish) {
    for (int i = 0; i < wish.times(); i++) {
      if (i > 0 && wish.every() > 0) {
        runFor(wish.every(), "the guest runs on between replacements, " + i + " of " + wish.times() + " are done");
      }
      bundles.replace(wish);
    }
  }

  private void fault(Action.OtherFault wish) {
    String expected = "a fault '" + wish.kind() + "' " + wish.arguments();
    try {
      services.fault(wish.kind()).orElseThrow(() -> new StepFailure(expected, "the bundle that knew it is gone"))
          .inject(session.machine(), wish.arguments());
    } catch (IllegalArgumentException e) {
      throw new StepFailure(expected, e.getMessage());
    }
  }

  private void device(Action.CheckDevice wish) {
    String expected = "the device " + wish.node() + " is " + (wish.present() ? "present" : "absent")
        + wish.version().map(v -> ", by version " + v + " of its bundle").orElse("");
    Optional<DeviceFact> device = session.machine().devices().stream().filter(d -> d.instance().equals(wish.node())).findFirst();
    boolean present = device.isPresent() && !device.get().model().isEmpty();
    if (device.isEmpty() && session.machine().platform().node(wish.node()).isEmpty()) {
      throw new StepFailure(expected, "the board has no such node");
    }
    if (present != wish.present()) {
      throw new StepFailure(expected, present ? "it is present, served by " + served(device.get()) : "it is absent");
    }
    if (present && wish.version().isPresent() && !device.get().version().equals(wish.version().get())) {
      throw new StepFailure(expected, "it is served by " + served(device.get()));
    }
  }

  private static String served(DeviceFact device) {
    return device.bundle() + " " + device.version();
  }

  private void events(Action.CheckEvents wish) {
    long count = session.machine().events().getOrDefault(wish.kind(), 0L);
    if (count < wish.least() || count > wish.most()) {
      String range = wish.least() == wish.most() ? String.valueOf(wish.least()) : wish.most() == Long.MAX_VALUE
          ? "at least " + wish.least() : wish.least() == 0 ? "at most " + wish.most() : wish.least() + " to " + wish.most();
      throw new StepFailure(range + " events of kind '" + wish.kind() + "'", "there were " + count + "; of all kinds: "
          + session.machine().events());
    }
  }

  private void console(Action.CheckConsole wish) {
    Transcript console = session.console(wish.console());
    String expected = (wish.shown() ? "a line" : "no line") + " of " + session.nameOf(wish.console()) + " that matches '"
        + wish.pattern() + "'";
    boolean shown = console.shows(wish.pattern());
    if (!console.trouble().isEmpty()) {
      throw new StepFailure(expected, console.trouble());
    }
    if (shown != wish.shown()) {
      throw new StepFailure(expected, shown ? "there is one" : "there is none so far");
    }
  }

  private void digest(Action.CheckDigest wish) {
    String noted = digests.get(wish.expected());
    String expected = noted == null ? wish.expected() : noted;
    String now = session.machine().digest();
    if (!now.equals(expected)) {
      throw new StepFailure("the digest " + (noted == null ? expected : "of '" + wish.expected() + "', " + expected), "it is " + now);
    }
  }

  private void other(Action.OtherCheck wish) {
    String expected = "check '" + wish.kind() + "' " + wish.arguments();
    try {
      services.check(wish.kind()).orElseThrow(() -> new StepFailure(expected, "the bundle that knew it is gone"))
          .complaint(session.machine(), wish.arguments()).ifPresent(complaint -> {
            throw new StepFailure(expected, complaint);
          });
    } catch (IllegalArgumentException e) {
      throw new StepFailure(expected, e.getMessage());
    }
  }

  private void monitor(Action.Monitor wish) {
    List<String> words = Arrays.asList(wish.line().strip().split("\\s+"));
    String expected = "the command '" + wish.line() + "'" + wish.answer().map(a -> " is answered with '" + a + "'").orElse(" is done");
    try {
      MonitorCommand command = services.command(words.getFirst())
          .orElseThrow(() -> new StepFailure(expected, "no installed bundle offers the command '" + words.getFirst() + "'"));
      String answer = new PromptedCommand(session.machine()).execute(command, words.subList(1, words.size()), expected);
      if (wish.answer().isPresent() && !wish.answer().get().matcher(answer).find()) {
        throw new StepFailure(expected, "the answer is '" + answer.strip() + "'");
      }
    } catch (BadInput e) {
      throw new StepFailure(expected, e.getMessage());
    }
  }
}
