// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.launch.kit.ConsoleEnd;
import org.xenolith.launch.kit.EventFilter;
import org.xenolith.launch.kit.EventFilter.Wanted;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.kit.JournalCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code mcp}: a machine for a program that speaks the Model Context Protocol. */
@Command(name = "mcp", mixinStandardHelpOptions = true, sortOptions = false, customSynopsis = {
    "xenolith mcp [--write] [BOARD] [OPTION OF boot]..."}, description = {
        "Serves a machine to a program that speaks the Model Context Protocol over standard input and output.",
        "The machine is launched as 'boot' launches it, by the options that 'boot --help' has under its headings, and stands still before its"
            + " first instruction; tools of the protocol let it go on and look into it.",
        "The words of the monitor prompt that only look are tools, and with --history those that go back. The run ends when standard input"
            + " does; what people should know goes to standard error."})
final class McpCommand implements Callable<Integer> {
  private static final String INSTRUCTIONS =
      """
      A machine that stands still but while the tool 'run' lets it go on. Looking changes nothing of what it comes to. Where its past is kept (moments says so), at, back, \
      back-to and others go to any moment since its launch: what looks shows that moment then, until 'present'. Words are those of the monitor prompt.""";
  private static final int PIPE = 1 << 16;
  private final Launcher launcher;
  private final McpDebugger debugger;
  private final Supplier<List<MonitorCommand>> words;
  private final Supplier<List<WordRelay>> relays;
  private final Supplier<Optional<MachineHistories>> histories;

  @Option(names = "--write",
      description = "Also offer what changes the machine or files of the host: typing at the console, and all other words of the prompt.")
  boolean write;

  @Unmatched
  List<String> launch = new ArrayList<>();

  @Spec
  CommandSpec spec;

  McpCommand(Launcher launcher, McpDebugger debugger, Supplier<List<MonitorCommand>> words, Supplier<List<WordRelay>> relays,
      Supplier<Optional<MachineHistories>> histories) {
    this.launcher = launcher;
    this.debugger = debugger;
    this.words = words;
    this.relays = relays;
    this.histories = histories;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, List<String>> said = new LaunchWords(launcher.options()).said(launch);
    launcher.faults(said).stream().findFirst().ifPresent(fault -> {
      throw fault;
    });
    LaunchRequest request = launcher.request(said).toBuilder().option(McpDebugger.ASKED, List.of("on")).option(LaunchRequest.ATTENDED, List
        .of(LaunchRequest.PERSON)).option(JournalCommand.OPTION, new JournalCommand(true, launch).line()).build();
    // Standard output is the protocol's alone, whatever a bundle prints.
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    System.setOut(System.err);
    PrintWriter err = spec.commandLine().getErr();
    EventFilter events = new EventFilter(Wanted.ANNOUNCED, (kind, place, text) -> tell(err, kind + " " + place + ": " + text), (kind, place,
        text) -> {});
    ConsoleText console = new ConsoleText();
    SteeredRun run = new SteeredRun(console);
    CallsUnderway calls = new CallsUnderway(run::far);
    Consumer<String> told = line -> {
      tell(err, line);
      calls.report(line);
    };
    try (MachineLife life = new MachineLife(launcher, HangLimit.USUAL, told::accept, events)) {
      serve(life, request, run, console, calls, out, told);
    }
    return ExitCode.DONE;
  }

  private static void tell(PrintWriter err, String line) {
    err.println("xenolith: " + line);
    err.flush();
  }

  private void serve(MachineLife life, LaunchRequest request, SteeredRun run, ConsoleText console, CallsUnderway calls, OutputStream out,
      Consumer<String> told) throws IOException {
    debugger.next(run);
    Launch made = life.launch(request);
    RunDriver driver = life.driver(true, HangLimit.USUAL, told::accept);
    if (run.machine() == null) {
      throw new BadInput("mcp: the launcher knows no debugger of org.xenolith.mcp; it was removed, or couldn't be begun");
    }
    ConsoleEnd end = driver.console(console::accept);
    end.show("");
    driver.input(Optional.empty(), "", Optional.empty(), false);
    driver.attended(run::prompted);
    CountDownLatch gone = new CountDownLatch(1);
    List<MachineTool> tools = Stream.concat(new RunTools(run, console, end, histories).tools(write).stream(), new WordTools(run, words,
        relays)
        .tools(write).stream()).toList();
    AnswerLines answers = new AnswerLines(out, calls);
    PipedInputStream in = new PipedInputStream(PIPE);
    ClientLines client = new ClientLines(System.in, new PipedOutputStream(in), answers, calls,
        ClientLines.PATIENCE_MILLISECONDS);
    try (ToolServer server = new ToolServer(tools, version(), INSTRUCTIONS, in, answers, calls)) {
      Thread.ofPlatform().daemon().name("client's lines").start(() -> {
        try {
          client.read();
        } catch (IOException | InterruptedException e) {
          // Nobody is there any more.
        } finally {
          gone.countDown();
          life.quit();
        }
      });
      told.accept("a machine of board " + made.platform().name() + " is served to who speaks the Model Context Protocol here, by " + tools
          .size() + " tools");
      driver.run(RunLimit.NONE, () -> false);
      RunEnd how = driver.end(Sight.UNASKED);
      run.ended(how.text().isEmpty() ? "the guest powered off" : how.text());
      await(gone);
    }
  }

  /** The number of what the program says of itself. */
  private String version() {
    return String.join(" ", spec.root().version()).replaceFirst("^\\D+", "");
  }

  private static void await(CountDownLatch gone) {
    while (gone.getCount() > 0) {
      try {
        gone.await();
      } catch (InterruptedException e) {
        // Some bundles interrupt threads that aren't their own: that ends nothing.
      }
    }
  }
}
